"""Look one person up in the published index: is this person already known?

The facts are standardised, blocked and weighed exactly as a record of that content would be
in a run, so a look-up and the next run never contradict each other. Opening unpacks the index
into memory once; each look-up then reads only the records that share a blocking value. What is
found are ids, levels and weights, never a value that a record holds.
"""

import datetime as dt
import math
import threading
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from wholeplace.foundation.errors import NotFoundError, WholeplaceError
from wholeplace.foundation.store import Store
from wholeplace.intake.shapes import RECORDS
from wholeplace.linkage.explain import word_evidence
from wholeplace.linkage.index import INDEX_TABLES
from wholeplace.linkage.model import LinkModel
from wholeplace.linkage.standardise import key_select, standardise_fresh
from wholeplace.linkage.training import weighing_select
from wholeplace.linkage.version import ModelVersion, read_version
from wholeplace.linkage.weighing import level_labels, share_sides, vector_select

__all__ = ["FoundPerson", "PersonIndex", "SoughtFacts", "read_facts"]


@dataclass(frozen=True)
class SoughtFacts:
    """What is known of the person who is looked up; every part may be missing.

    Attributes:
        dataset: with source_id, what one partner's system calls the person.
    """

    given_name: str | None = None
    middle_names: str | None = None
    family_name: str | None = None
    birth_date: dt.date | None = None
    sex: str | None = None
    address: str | None = None
    postcode: str | None = None
    uprn: int | None = None
    nhs_number: str | None = None
    nino: str | None = None
    upn: str | None = None
    phone: str | None = None
    email: str | None = None
    dataset: str | None = None
    source_id: str | None = None


@dataclass(frozen=True)
class FoundPerson:
    """A person of the snapshot who may be the one looked up.

    Attributes:
        record_id: the person's record that agrees best.
        weight: its log2 odds.
        probability: the same as a probability.
        evidence: (what was compared, how it agreed, bits for or against), strongest first.
    """

    person_id: str
    record_id: str
    weight: float
    probability: float
    evidence: tuple[tuple[str, str, float], ...]


def read_facts(plain: object) -> SoughtFacts:
    """Return the facts that a JSON object states.

    Raises:
        WholeplaceError: if it is no object of facts; says which key is wrong, never its value.
    """
    known = {field.name for field in fields(SoughtFacts)}
    if not isinstance(plain, dict) or not plain:
        raise _refused("It is not a JSON object with at least one fact.")
    wrong = sorted(str(key) for key in plain if key not in known)
    if wrong:
        raise _refused(f"{len(wrong)} of its keys are not facts that linkage compares.")
    given: dict[str, Any] = {}
    for key, value in plain.items():
        if value is None:
            continue
        if key == "uprn":
            if isinstance(value, bool) or not str(value).isdecimal():
                raise _refused("uprn is not a whole number.")
            given[key] = int(value)
        elif not isinstance(value, str):
            raise _refused(f"{key} is not text.")
        elif key == "birth_date":
            try:
                given[key] = dt.date.fromisoformat(value)
            except ValueError:
                raise _refused("birth_date is not a day such as 2001-12-31.") from None
        else:
            given[key] = value
    return SoughtFacts(**given)


class PersonIndex:
    """The index of one snapshot, opened for look-ups; safe to share between threads.

    Args:
        folder: the snapshot's folder.
        model: the model of the place.

    Raises:
        NotFoundError: if the snapshot holds no index, or one of another model.
    """

    def __init__(self, folder: Path, model: LinkModel) -> None:
        if not all((folder / f"{name}.parquet").exists() for name in INDEX_TABLES):
            raise _no_index("Somebody was erased since it was built, or an older version built it.")
        self._model, self._lock = model, threading.Lock()
        self._store = Store(threads=1)
        try:
            self._open(folder)
        except BaseException:
            self._store.close()
            raise

    def close(self) -> None:
        """Let go of the index."""
        self._store.close()

    def __enter__(self) -> "PersonIndex":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def look_up(self, facts: SoughtFacts, *, most: int = 10) -> tuple[FoundPerson, ...]:
        """Return who the person may be, the likeliest first; nobody below the review floor.

        Args:
            facts: what is known.
            most: at most so many people.
        """
        floor = math.log2(self._model.review_probability / (1 - self._model.review_probability))
        best: dict[str, dict[str, Any]] = {}
        for row in self.weigh(facts):
            held = best.get(row["person_id"])
            if row["weight"] >= floor and (held is None or row["weight"] > held["weight"]):
                best[row["person_id"]] = row
        ranked = sorted(best.values(), key=lambda row: (-row["weight"], row["person_id"]))
        return tuple(self._tell(row) for row in ranked[:most])

    def weigh(self, facts: SoughtFacts) -> list[dict[str, Any]]:
        """Return every record that shares a blocking value, weighed; in order of record ids.

        Shape: record_id, person_id, weight, and `g_` and `w_` of each comparison.
        """
        with self._lock:
            self._store.run("DELETE FROM asked_records")
            self._store.run(self._enter, _as_record(facts))
            self._store.run("DELETE FROM asked_input")
            self._store.run("EXECUTE standardise")
            keys = self._store.rows("EXECUTE keys")
            places = self._find_places(keys)
            if not len(places):
                return []
            self._store.run("DELETE FROM asked_sides")
            self._store.run("EXECUTE share")
            self._store.run("DELETE FROM candidates")
            self._store.register("linkage_near", self._sides.take(pa.array(places)))
            self._store.run("INSERT INTO candidates SELECT * FROM linkage_near")
            rows = self._store.rows("EXECUTE weigh")
        named = zip(rows, places.tolist(), strict=True)
        return [{**row, "person_id": self._people[place].as_py()} for row, place in named]

    def _find_places(self, keys: list[dict[str, Any]]) -> NDArray[np.int64]:
        found = []
        for row in keys:
            of_rule = self._keys.get(row["rule"])
            if of_rule is None:
                continue
            held, places = of_rule
            key = np.uint64(row["key"])
            first, after = np.searchsorted(held, key), np.searchsorted(held, key, side="right")
            if after - first <= self._model.largest_group:
                found.append(places[first:after])
        return np.unique(np.concatenate(found)) if found else np.zeros(0, np.int64)

    def _tell(self, row: Mapping[str, Any]) -> FoundPerson:
        weight = float(row["weight"])
        levels = {
            item.name: {
                "level": level_labels(item)[row[f"g_{item.name}"] + 1],
                "weight": round(float(row[f"w_{item.name}"]), 3),
            }
            for item in self._model.comparisons
        }
        bounded = max(-500.0, min(500.0, weight))
        return FoundPerson(
            row["person_id"],
            row["record_id"],
            round(weight, 4),
            1 / (1 + 2.0**-bounded),
            word_evidence(levels, self._model),
        )

    def _open(self, folder: Path) -> None:
        store, model = self._store, self._model
        for name in (*INDEX_TABLES, "person_records"):
            store.view_parquet(f"held_{name}", folder / f"{name}.parquet")
        version = read_version(store, "held_link_version")
        if version.model_hash != model.hash:
            raise _no_index("The model of the place has changed since it was built.")
        store.run("CREATE TABLE link_frequencies AS FROM held_link_frequencies")
        share_sides(store, model, version, "held_link_input", "all_sides")
        self._sides = store.arrow("SELECT * FROM all_sides ORDER BY record_id").combine_chunks()
        self._people = (
            store.arrow("SELECT person_id FROM held_person_records ORDER BY record_id")
            .column(0)
            .combine_chunks()
        )
        self._keys = self._read_keys()
        store.run("CREATE TABLE candidates AS SELECT * FROM all_sides LIMIT 0")
        store.run("DROP TABLE all_sides")
        self._prepare(version)

    def _read_keys(self) -> dict[int, tuple[NDArray[np.uint64], NDArray[np.int32]]]:
        """Return by rule its keys, sorted, and beside each the place of the record."""
        self._store.run(
            "CREATE TABLE places AS SELECT record_id, row_number() OVER (ORDER BY record_id) - 1 "
            "AS place FROM held_link_input"
        )
        keys = {}
        for number in range(1, len(self._model.blocking) + 1):
            table = self._store.arrow(
                "SELECT key, place::INTEGER AS place FROM held_link_keys JOIN places "
                f"USING (record_id) WHERE rule = {number} ORDER BY key, place"
            )
            keys[number] = (table.column("key").to_numpy(), table.column("place").to_numpy())
        self._store.run("DROP TABLE places")
        return keys

    def _prepare(self, version: ModelVersion) -> None:
        """Make the tables that one look-up fills, and prepare the statements that it runs."""
        store, model = self._store, self._model
        store.register("linkage_shape", RECORDS.empty_table())
        store.run("CREATE TABLE asked_records AS FROM linkage_shape")
        self._enter = (
            f"INSERT INTO asked_records ({', '.join(RECORDS.names)}) "
            f"VALUES ({', '.join('$' + name for name in RECORDS.names)})"
        )
        standardise_fresh(store, "asked_records", "asked_input", prepare="standardise")
        store.run(f"PREPARE keys AS {key_select(model, 'asked_input')}")
        share_sides(store, model, version, "asked_input", "asked_sides", prepare="share")
        vectors = vector_select(model, version, "asked_sides AS l CROSS JOIN candidates AS r")
        weighed = weighing_select(model, version.parameters, f"({vectors})")
        kept = ", ".join(f"g_{item.name}, w_{item.name}" for item in model.comparisons)
        store.run(
            f"PREPARE weigh AS SELECT record_id_r AS record_id, weight, {kept} "
            f"FROM ({weighed}) ORDER BY record_id_r"
        )


def _as_record(facts: SoughtFacts) -> dict[str, Any]:
    # A dataset of no name is shared with nobody, so nothing is said about reference numbers.
    held = asdict(facts)
    return {
        **dict.fromkeys(RECORDS.names),
        **held,
        "record_id": "",
        "partner": "",
        "dataset": facts.dataset or "",
        "source_id": facts.source_id or "",
    }


def _no_index(why: str) -> NotFoundError:
    return NotFoundError(
        "The published snapshot has no index to look people up in.", why, "Run `wholeplace run`."
    )


def _refused(why: str) -> WholeplaceError:
    names = ", ".join(field.name for field in fields(SoughtFacts))
    return WholeplaceError("The facts could not be read.", why, f"State any of: {names}.")
