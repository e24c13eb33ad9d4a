"""The link report: what linkage found, how it was made, and what people should look at."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from wholeplace.foundation.store import Store
from wholeplace.linkage.version import ModelVersion

__all__ = ["LinkReport", "tell_links"]


@dataclass(frozen=True)
class LinkReport:
    """Figures of one linkage run; no personal values.

    Attributes:
        records: records linked.
        people: people found.
        households: households by kind.
        pairs: pairs of records compared in this run.
        possible_links: pairs kept for review that were not linked.
        refused: joins that a veto forbade, by reason.
        passed_over: records left out of a blocking rule because too many share the value.
        people_by_datasets: how many people are known to one dataset, to two, ...
        events: what happened to earlier ids, by kind.
        model_hash: the model used.
        seed: the seed of training.
        parameters: prior, m, u and worth of every level, as learnt.
        seconds: time by stage.
        version: hash of the model version, which was learnt on `trained_on`.
        way: full, or delta where only what had changed was linked anew.
        why: why so.
        decided: decisions of people that were kept to, and those set aside.
    """

    records: int
    people: int
    households: Mapping[str, int]
    pairs: int
    possible_links: int
    refused: Mapping[str, int]
    passed_over: Mapping[str, int]
    people_by_datasets: Mapping[str, int]
    events: Mapping[str, int]
    model_hash: str
    seed: int
    parameters: Mapping[str, Any]
    seconds: Mapping[str, float]
    version: str = ""
    trained_on: str = ""
    way: str = "full"
    decided: Mapping[str, int] = field(default_factory=dict)
    why: str = ""

    def as_plain(self) -> dict[str, Any]:
        """Return the report for the snapshot manifest."""
        return asdict(self)


def tell_links(
    store: Store,
    version: ModelVersion,
    *,
    pairs: int,
    events: Mapping[str, int],
    seed: int,
    seconds: Mapping[str, float],
    way: str = "full",
    decided: Mapping[str, int] | None = None,
) -> LinkReport:
    """Return the report on the tables of linkage that the store holds."""
    return LinkReport(
        records=int(store.value("SELECT count(*) FROM person_records")),
        people=int(store.value("SELECT count(DISTINCT person_id) FROM person_records")),
        households=_count(store, "SELECT kind, count(*) AS n FROM households GROUP BY kind"),
        pairs=pairs,
        possible_links=int(
            store.value("SELECT count(*) FROM link_edges WHERE outcome <> 'linked'")
        ),
        refused=_count(
            store,
            "SELECT reason, count(*) AS n FROM link_edges WHERE reason IS NOT NULL AND outcome <> 'linked' GROUP BY reason",
        ),
        passed_over=version.passed_over,
        people_by_datasets=_count(
            store,
            "SELECT datasets::VARCHAR AS datasets, count(*) AS n FROM (SELECT "
            "count(DISTINCT dataset) AS datasets FROM person_records GROUP BY person_id) GROUP BY 1",
        ),
        events=dict(sorted(events.items())),
        model_hash=version.model_hash,
        seed=seed,
        parameters=version.parameters.as_plain(),
        seconds=seconds,
        version=version.hash,
        trained_on=version.trained_on.isoformat(),
        way=way,
        decided=decided or {},
    )


def _count(store: Store, select: str) -> dict[str, int]:
    """Return the counts of a SELECT of two columns, the second named n; sorted by the first."""
    found = {str(next(iter(row.values()))): int(row["n"]) for row in store.rows(select)}
    return dict(sorted(found.items()))
