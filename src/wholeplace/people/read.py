"""Reading one whole person from a snapshot, every value sealed."""

import json
import secrets
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from wholeplace.agreements import Flag, SealedItem, Subject
from wholeplace.foundation.errors import NotFoundError
from wholeplace.foundation.sealed import Sealed
from wholeplace.foundation.store import SqlFile
from wholeplace.partnership.vocabulary import load_vocabulary
from wholeplace.people.reader import SnapshotReader
from wholeplace.people.whole import ConditionOfNeed, Housemate, NeedRule, WholePerson

__all__ = ["read_identity", "read_person", "read_subjects"]

_OPEN_CASE = "involvement.open-case"
_OF_HOUSEMATES = ("identity.name", "identity.birth-date", "identity.sex")


def read_person(snapshot: SnapshotReader, person_id: str) -> WholePerson:
    """Return one person across all partners.

    Args:
        snapshot: a reader of the published snapshot.
        person_id: whom to read.

    Raises:
        NotFoundError: if the snapshot has no such person. Say no more than that to a viewer:
            a person whom they may not know must look the same.
    """
    identity = read_identity(snapshot, [person_id])[person_id]
    events = snapshot.rows_of(_file("read_timeline"), {"person_id": person_id})
    if not identity and not events:
        raise NotFoundError(
            "There is no such person to show.",
            "No partner's records give one, or you may not know of them.",
            "Search again with what you know.",
        )
    cases = snapshot.rows_of(_file("read_involvements"), {"person_id": person_id})
    keys = {row["event_id"]: _new_key() for row in (*events, *cases)}
    timeline = tuple(
        _event_item(keys[row["event_id"]], person_id, row)
        for row in events
        if row["kind"] != _OPEN_CASE
    )
    involvements = tuple(_case_item(keys[row["event_id"]], person_id, row) for row in cases)
    shared = _read_shared(snapshot, person_id)
    subjects = read_subjects(snapshot, [person_id, *shared])
    housemates = read_identity(snapshot, list(shared)) if shared else {}
    household = tuple(
        Housemate(
            subjects[each],
            tuple(item for item in housemates[each] if item.field in _OF_HOUSEMATES),
            shared[each],
        )
        for each in shared
    )
    evidence: dict[tuple[str, str], dict[str, tuple[int, ...]]] = defaultdict(dict)
    for row in snapshot.rows_of(_file("read_needs"), {"person_id": person_id}):
        if row["event_id"] in keys:
            key = keys[row["event_id"]]
            evidence[row["framework"], row["need"]][key] = tuple(row["conditions"])
    return WholePerson(
        person_id,
        subjects[person_id],
        identity,
        timeline,
        involvements,
        household,
        _rules=read_need_rules(snapshot) if evidence else (),
        _evidence=dict(evidence),
    )


def read_subjects(snapshot: SnapshotReader, person_ids: Iterable[str]) -> dict[str, Subject]:
    """Return people as subjects of a request: their pseudonym and their flags."""
    ids = list(person_ids)
    flags: dict[str, list[Flag]] = {each: [] for each in ids}
    for row in snapshot.rows_of(_file("read_flags"), {"person_ids": ids}):
        stated = Flag(row["flag"], row["value"], row["purpose"], row["partner"])
        flags[row["person_id"]].append(stated)
    return {
        each: Subject(each, snapshot.pseudonym_of(each), tuple(found))
        for each, found in flags.items()
    }


def read_identity(
    snapshot: SnapshotReader, person_ids: Iterable[str]
) -> dict[str, tuple[SealedItem, ...]]:
    """Return what partners hold about who some people are, newest first within each field."""
    ids = list(person_ids)
    found: dict[str, list[SealedItem]] = {each: [] for each in ids}
    for row in snapshot.rows_of(_file("read_identity"), {"person_ids": ids}):
        found[row["person_id"]].append(
            SealedItem(
                _new_key(),
                row["partner"],
                row["dataset"],
                row["field"],
                row["person_id"],
                Sealed(json.loads(row["value"])),
            )
        )
    return {each: tuple(items) for each, items in found.items()}


def read_need_rules(snapshot: SnapshotReader) -> tuple[NeedRule, ...]:
    """Return the needs of the snapshot's frameworks, in the order written."""
    rows: dict[tuple[str, str], list[Mapping[str, Any]]] = defaultdict(list)
    for row in snapshot.rows_of(_file("read_conditions")):
        rows[row["framework"], row["need"]].append(row)
    return tuple(
        NeedRule(
            framework,
            theirs[0]["version"],
            theirs[0]["headline"],
            theirs[0]["headline_label"],
            need,
            theirs[0]["need_label"],
            tuple(
                ConditionOfNeed(
                    row["condition"], row["joined"], row["at_least"], row["tests_attributes"]
                )
                for row in theirs
            ),
        )
        for (framework, need), theirs in rows.items()
    )


def _read_shared(snapshot: SnapshotReader, person_id: str) -> dict[str, tuple[SealedItem, ...]]:
    shared: dict[str, list[SealedItem]] = defaultdict(list)
    rows = snapshot.rows_of(_file("read_addresses_shared"), {"person_id": person_id})
    for row in rows:
        value = json.loads(row["value"]) | {
            "lives_from": _day(row["lives_from"]),
            "lives_to": _day(row["lives_to"]),
        }
        shared[row["housemate"]].append(
            SealedItem(
                _new_key(),
                row["partner"],
                row["dataset"],
                "contact.address",
                row["housemate"],
                Sealed(value),
                also_about=(person_id,),
            )
        )
    return {housemate: tuple(items) for housemate, items in shared.items()}


def _event_item(key: str, person_id: str, row: Mapping[str, Any]) -> SealedItem:
    value = {
        "label": _label(row["kind"]),
        "start_on": _day(row["start_on"]),
        "end_on": _day(row["end_on"]),
        "attributes": json.loads(row["attributes"]),
    }
    return SealedItem(key, row["partner"], row["dataset"], row["kind"], person_id, Sealed(value))


def _case_item(key: str, person_id: str, row: Mapping[str, Any]) -> SealedItem:
    attributes = {name: row[name] for name in ("service", "worker", "contact") if row[name]}
    value = {
        "label": _label(_OPEN_CASE),
        "start_on": _day(row["start_on"]),
        "end_on": _day(row["end_on"]),
        "attributes": attributes,
    }
    return SealedItem(key, row["partner"], row["dataset"], _OPEN_CASE, person_id, Sealed(value))


def _new_key() -> str:
    # Random, so that a gap in the keys seen tells nothing of what is not seen.
    return secrets.token_hex(8)


def _day(day: Any) -> str | None:
    return day.isoformat() if day else None


@cache
def _file(name: str) -> SqlFile:
    return SqlFile.read("people", name)


@cache
def _label(kind: str) -> str:
    return load_vocabulary().label(kind)
