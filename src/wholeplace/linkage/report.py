"""The link report: what linkage found, how it was made, and what people should look at."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

__all__ = ["LinkReport"]


@dataclass(frozen=True)
class LinkReport:
    """Figures of one linkage run; no personal values.

    Attributes:
        records: records linked.
        people: people found.
        households: households by kind.
        pairs: pairs of records compared.
        possible_links: pairs kept for review that were not linked.
        refused: joins that a veto forbade, by reason.
        passed_over: records left out of a blocking rule because too many share the value.
        people_by_datasets: how many people are known to one dataset, to two, ...
        events: what happened to earlier ids, by kind.
        model_hash: the model used.
        seed: the seed of training.
        parameters: prior, m, u and worth of every level, as learnt.
        seconds: time by stage.
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

    def as_plain(self) -> dict[str, Any]:
        """Return the report for the snapshot manifest."""
        return asdict(self)
