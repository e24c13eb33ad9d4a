"""Explain why records are one person, in words and bits; never with a value of a record."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow.compute as pc
import pyarrow.parquet as pq

from wholeplace.foundation.errors import NotFoundError
from wholeplace.linkage.model import LinkModel

__all__ = ["LinkExplained", "PersonExplained", "explain_person", "explain_records"]


@dataclass(frozen=True)
class LinkExplained:
    """One pair of records and what each comparison said.

    Attributes:
        evidence: (what was compared, how it agreed, bits for or against), strongest first.
        outcome: linked, possible or refused.
        reason: why it was refused.
    """

    record_id_l: str
    record_id_r: str
    weight: float
    probability: float
    outcome: str
    reason: str | None
    evidence: tuple[tuple[str, str, float], ...]

    def in_words(self) -> str:
        """Return the pair as one sentence."""
        parts = "; ".join(
            f"{label}: {level} {bits:+.1f}" for label, level, bits in self.evidence if bits
        )
        tail = f" Refused: {self.reason}." if self.reason else ""
        return f"{self.outcome}, odds {self.weight:+.1f} bits ({parts}).{tail}"


@dataclass(frozen=True)
class PersonExplained:
    """One person: its records by source, the links that hold it together, and the doubtful ones.

    Attributes:
        records: (record_id, dataset, partner).
        links: pairs inside the person; the weakest first.
        doubts: pairs that reach outside the person, possible or refused; the strongest first.
    """

    person_id: str
    records: tuple[tuple[str, str, str], ...]
    links: tuple[LinkExplained, ...]
    doubts: tuple[LinkExplained, ...]


def explain_person(snapshot: Path, wanted: str, model: LinkModel) -> PersonExplained:
    """Explain a person of a snapshot, named by person id or by one of its record ids.

    Raises:
        NotFoundError: if neither a person nor a record has that id.
    """
    people = pq.read_table(snapshot / "person_records.parquet")
    person = _find_person(people, snapshot, wanted)
    rows = people.filter(pc.field("person_id") == person).sort_by("record_id").to_pylist()
    ids = [row["record_id"] for row in rows]
    edges = pq.read_table(
        snapshot / "link_edges.parquet",
        filters=(pc.field("record_id_l").isin(ids)) | (pc.field("record_id_r").isin(ids)),
    ).to_pylist()
    told = [explain_records(edge, model) for edge in edges]
    return PersonExplained(
        person,
        tuple((row["record_id"], row["dataset"], row["partner"]) for row in rows),
        tuple(
            sorted(
                (link for link in told if link.outcome == "linked"), key=lambda link: link.weight
            )
        ),
        tuple(
            sorted(
                (link for link in told if link.outcome != "linked"), key=lambda link: -link.weight
            )
        ),
    )


def explain_records(edge: Mapping[str, Any], model: LinkModel) -> LinkExplained:
    """Put one row of `link_edges` into the model's words."""
    levels = json.loads(edge["levels"])
    evidence = []
    for comparison in model.comparisons:
        found = levels.get(comparison.name)
        if found:
            label = next(
                (level.label for level in comparison.levels if level.id == found["level"]),
                found["level"],
            )
            evidence.append((comparison.label, label, float(found["weight"])))
    evidence.sort(key=lambda item: -abs(item[2]))
    return LinkExplained(
        edge["record_id_l"],
        edge["record_id_r"],
        float(edge["weight"]),
        float(edge["probability"]),
        edge["outcome"],
        edge["reason"],
        tuple(evidence),
    )


def _find_person(people: Any, snapshot: Path, wanted: str) -> str:
    if people.filter(pc.field("person_id") == wanted).num_rows:
        return wanted
    by_record = people.filter(pc.field("record_id") == wanted)
    if by_record.num_rows:
        return str(by_record.column("person_id")[0].as_py())
    events = snapshot / "identity_events.parquet"
    if events.exists():
        # An old id resolves to where most of its records went, step by step.
        later = pq.read_table(events, filters=pc.field("old_id") == wanted).to_pylist()
        later = [
            row
            for row in later
            if row["new_id"] and row["kind"] == "merged" and row["new_id"] != wanted
        ]
        if later:
            newest = max(later, key=lambda row: (row["happened_on"], row["records"], row["new_id"]))
            return _find_person(people, snapshot, newest["new_id"])
    raise NotFoundError(
        "There is no such person or record in the published snapshot.",
        "The id was never given, or its records have left.",
        "Ids are in the tables person_records and identity_events.",
    )
