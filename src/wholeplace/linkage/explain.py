"""Explain why records are one person, in words and bits; never with a value of a record."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow.compute as pc
import pyarrow.parquet as pq

from wholeplace.foundation.errors import NotFoundError
from wholeplace.linkage.identity import IdentityEvent
from wholeplace.linkage.model import LinkModel

__all__ = [
    "History",
    "LinkExplained",
    "PersonExplained",
    "explain_person",
    "explain_records",
    "tell_history",
    "word_evidence",
]


_TAILS = {"linked": "Decided"}


@dataclass(frozen=True)
class LinkExplained:
    """One pair of records and what each comparison said.

    Attributes:
        evidence: (what was compared, how it agreed, bits for or against), strongest first.
        outcome: linked, possible or refused.
        reason: why it was refused, or that people decided.
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
        tail = f" {_TAILS.get(self.outcome, 'Refused')}: {self.reason}." if self.reason else ""
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


@dataclass(frozen=True)
class History:
    """What happened to an id.

    Attributes:
        person_id: the id that its records go by now; None where they have left.
        events: what happened to it and to the ids that its records went by before.
    """

    wanted: str
    person_id: str | None
    events: tuple[IdentityEvent, ...]


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
    return LinkExplained(
        edge["record_id_l"],
        edge["record_id_r"],
        float(edge["weight"]),
        float(edge["probability"]),
        edge["outcome"],
        edge["reason"],
        word_evidence(json.loads(edge["levels"]), model),
    )


def word_evidence(
    levels: Mapping[str, Any], model: LinkModel
) -> tuple[tuple[str, str, float], ...]:
    """Put levels into the model's words: what was compared, how it agreed, bits; strongest first.

    Args:
        levels: comparison → {level, weight}.
        model: the model.
    """
    evidence = []
    for comparison in model.comparisons:
        found = levels.get(comparison.name)
        if found:
            label = next(
                (level.label for level in comparison.levels if level.id == found["level"]),
                found["level"],
            )
            evidence.append((comparison.label, label, float(found["weight"])))
    return tuple(sorted(evidence, key=lambda item: -abs(item[2])))


def tell_history(snapshot: Path, wanted: str) -> History:
    """Tell what happened to an id: where its records went, and where they came from.

    Args:
        snapshot: a snapshot's folder.
        wanted: a person id of any day, or a record id of this one.

    Raises:
        NotFoundError: if the id was never given.
    """
    people = pq.read_table(snapshot / "person_records.parquet", columns=["record_id", "person_id"])
    events = _read_events(snapshot)
    try:
        now: str | None = _find_person(people, snapshot, wanted)
    except NotFoundError:
        if not any(wanted in (event.old_id, event.new_id) for event in events):
            raise
        now = None
    ids = {wanted, *([now] if now else [])}
    while True:
        # Backwards to every id that its records came from; forwards only from the id itself.
        more = {event.old_id for event in events if event.new_id in ids} - ids
        if not more:
            break
        ids |= more
    told = [event for event in events if event.new_id in ids or event.old_id in (wanted, now)]
    return History(wanted, now, tuple(sorted(told, key=str)))


def _read_events(snapshot: Path) -> list[IdentityEvent]:
    path = snapshot / "identity_events.parquet"
    rows = pq.read_table(path).to_pylist() if path.exists() else []
    return [IdentityEvent(**row) for row in rows]


def _find_person(people: Any, snapshot: Path, wanted: str) -> str:
    if people.filter(pc.field("person_id") == wanted).num_rows:
        return wanted
    by_record = people.filter(pc.field("record_id") == wanted)
    if by_record.num_rows:
        return str(by_record.column("person_id")[0].as_py())
    # An old id resolves to where most of its records went, step by step.
    merged: dict[str, list[IdentityEvent]] = {}
    for event in _read_events(snapshot):
        if event.kind == "merged" and event.new_id:
            merged.setdefault(event.old_id, []).append(event)
    held, seen = set(people.column("person_id").to_pylist()), {wanted}
    here = wanted
    while here in merged:
        newest = max(
            merged[here], key=lambda event: (event.happened_on, event.records, event.new_id or "")
        )
        here = str(newest.new_id)
        if here in held:
            return here
        if here in seen:
            break
        seen.add(here)
    raise NotFoundError(
        "There is no such person or record in the published snapshot.",
        "The id was never given, or its records have left.",
        "Ids are in the tables person_records and identity_events.",
    )
