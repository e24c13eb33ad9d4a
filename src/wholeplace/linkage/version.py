"""A model version: everything that weighs a pair, as it was learnt on one day.

Later days weigh new pairs with the same figures, so that what is linked today fits what was
linked yesterday. A version is kept in the snapshot (`link_version`, `link_frequencies`) and
is learnt again by a full run.
"""

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version as library_version
from typing import Any

from wholeplace.foundation.canonical import content_hash
from wholeplace.foundation.store import Store, quote_name, quote_text
from wholeplace.linkage.model import LinkModel
from wholeplace.linkage.training import Parameters

__all__ = [
    "ModelVersion",
    "forget_values",
    "frequency_columns",
    "learn_version",
    "library_versions",
    "read_version",
    "write_version",
]

Chances = Mapping[str, Mapping[str, float]]

_LIBRARIES = ("duckdb", "splink")


@dataclass(frozen=True)
class ModelVersion:
    """What one training learnt.

    Attributes:
        model_hash: the model that was trained.
        chance: u by comparison and level as drawn, which a rare value is held against.
        parameters: prior, m and u.
        borne: column whose rarer values count for more → records that had a value.
        libraries: versions of the libraries that compare; another may compare otherwise.
        trained_on: the day.
        records: records that trained it.
        passed_over: records left out of a blocking rule as the index stands, by rule.
        hash: SHA-256 over what was learnt, the frequencies and the libraries.
    """

    model_hash: str
    chance: Chances
    parameters: Parameters
    borne: Mapping[str, int]
    libraries: Mapping[str, str]
    trained_on: dt.date
    records: int
    passed_over: Mapping[str, int]
    hash: str

    def as_plain(self) -> dict[str, Any]:
        """Return the version as plain values."""
        return {
            "model_hash": self.model_hash,
            "chance": {name: dict(found) for name, found in self.chance.items()},
            "prior": self.parameters.prior,
            "trained": self.parameters.trained,
            "chances": {
                name: {level: list(each) for level, each in levels.items()}
                for name, levels in self.parameters.chances.items()
            },
            "borne": dict(self.borne),
            "libraries": dict(self.libraries),
            "trained_on": self.trained_on.isoformat(),
            "records": self.records,
            "passed_over": dict(self.passed_over),
            "hash": self.hash,
        }

    @classmethod
    def of_plain(cls, plain: Mapping[str, Any]) -> "ModelVersion":
        """Return the version that `as_plain` told of."""
        chances = {
            name: {level: (float(each[0]), float(each[1])) for level, each in levels.items()}
            for name, levels in plain["chances"].items()
        }
        return cls(
            plain["model_hash"],
            plain["chance"],
            Parameters(float(plain["prior"]), chances, bool(plain["trained"])),
            plain["borne"],
            plain["libraries"],
            dt.date.fromisoformat(plain["trained_on"]),
            int(plain["records"]),
            plain["passed_over"],
            plain["hash"],
        )


def library_versions() -> dict[str, str]:
    """Return the versions of the libraries that compare."""
    return {name: library_version(name) for name in _LIBRARIES}


def frequency_columns(model: LinkModel) -> list[str]:
    """Return the columns whose rarer values count for more, sorted."""
    return sorted(
        {level.frequency for item in model.comparisons for level in item.levels if level.frequency}
    )


def learn_version(
    store: Store,
    model: LinkModel,
    chance: Chances,
    parameters: Parameters,
    *,
    on: dt.date,
    passed_over: Mapping[str, int],
) -> ModelVersion:
    """Build `link_frequencies` from `linkage_input` and return the version that was learnt.

    Shape of the table: column_name, value, share (of the records that have a value).
    """
    selects = ["SELECT '' AS column_name, '' AS value, 0::DOUBLE AS share WHERE false"]
    borne = {}
    for column in frequency_columns(model):
        name = quote_name(column)
        borne[column] = int(store.value(f"SELECT count({name}) FROM linkage_input"))
        selects.append(
            f"SELECT {quote_text(column)}, {name}, count(*)::DOUBLE / {max(borne[column], 1)} "
            f"FROM linkage_input WHERE {name} IS NOT NULL GROUP BY {name}"
        )
    store.run(f"CREATE OR REPLACE TABLE link_frequencies AS {' UNION ALL '.join(selects)}")
    frequencies = store.value(
        "SELECT coalesce(bit_xor(hash(column_name, value, share)), 0)::VARCHAR FROM link_frequencies"
    )
    learnt = ModelVersion(
        model.hash,
        chance,
        parameters,
        borne,
        library_versions(),
        on,
        int(store.value("SELECT count(*) FROM linkage_input")),
        passed_over,
        "",
    )
    plain = {**learnt.as_plain(), "frequencies": frequencies, "passed_over": 0, "trained_on": ""}
    named = content_hash(json.dumps(plain, sort_keys=True))
    return ModelVersion(**{**vars(learnt), "hash": named})


def forget_values(store: Store, model: LinkModel) -> None:
    """Drop from `link_frequencies` every value that no record of `link_input` bears any more."""
    borne = " UNION ".join(
        f"SELECT {quote_text(column)} AS column_name, {quote_name(column)} AS value FROM link_input"
        for column in frequency_columns(model)
    )
    if borne:
        store.run(
            "CREATE OR REPLACE TABLE link_frequencies AS SELECT * FROM link_frequencies "
            f"SEMI JOIN ({borne}) USING (column_name, value)"
        )


def write_version(store: Store, version: ModelVersion) -> None:
    """Build `link_version`: one row, the version as JSON."""
    text = json.dumps(version.as_plain(), sort_keys=True)
    store.run(
        "CREATE OR REPLACE TABLE link_version AS SELECT $hash::VARCHAR AS hash, $text::VARCHAR AS learnt",
        {"hash": version.hash, "text": text},
    )


def read_version(store: Store, table: str = "link_version") -> ModelVersion:
    """Read the version kept in a table."""
    return ModelVersion.of_plain(json.loads(store.value(f"SELECT learnt FROM {quote_name(table)}")))
