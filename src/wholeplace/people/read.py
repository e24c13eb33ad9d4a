"""Reading one whole person from a snapshot, every value sealed."""

import datetime as dt
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
from wholeplace.people.homes import share_addresses
from wholeplace.people.reader import SnapshotReader
from wholeplace.people.stated import with_stated
from wholeplace.people.whole import ConditionOfNeed, Housemate, NeedRule, WholePerson

__all__ = [
    "NOBODY",
    "event_item",
    "read_holdings",
    "read_identity",
    "read_or_nobody",
    "read_person",
    "read_subjects",
]

NOBODY = "nobody"
"""The id of nobody at all: what stands in the trail where somebody tried an unknown one."""

_OPEN_CASE = "involvement.open-case"
_ADDRESS = "contact.address"
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
    asked = {"person_id": person_id}
    housemates = snapshot.rows_of(_file("read_housemates"), asked)
    everyone = [person_id, *(row["housemate"] for row in housemates)]
    held = _read_held(snapshot, everyone)
    identity = tuple(_identity_item(row) for row in held[person_id])
    events = snapshot.rows_of(_file("read_timeline"), asked)
    cases = snapshot.rows_of(_file("read_involvements"), asked)
    keys = {row["event_id"]: _new_key() for row in (*events, *cases)}
    timeline = tuple(
        event_item(keys[row["event_id"]], person_id, row)
        for row in events
        if row["kind"] != _OPEN_CASE
    )
    involvements = tuple(_case_item(keys[row["event_id"]], person_id, row) for row in cases)
    subjects, needs = (
        read_subjects(snapshot, everyone),
        snapshot.rows_of(_file("read_needs"), asked),
    )
    # Only now, so that an unknown id costs as many reads as one that may not be shown.
    if not identity and not events:
        raise NotFoundError(
            "There is no such person to show.",
            "No partner's records give one, or you may not know of them.",
            "Search again with what you know.",
        )
    household = tuple(
        _housemate(snapshot, person_id, subjects[row["housemate"]], held) for row in housemates
    )
    evidence = _evidence(needs, keys)
    return WholePerson(
        person_id,
        subjects[person_id],
        identity,
        timeline,
        involvements,
        household,
        _rules=(snapshot.keep("need rules", lambda: read_need_rules(snapshot)) if evidence else ()),
        _evidence=evidence,
    )


def read_or_nobody(snapshot: SnapshotReader, person_id: str) -> WholePerson:
    """Return one whole person, or nobody, read with the same queries and recorded alike.

    An id of nobody's never reaches the trail: whatever people type would stand there, and each
    would need a key. They all go by `NOBODY`.
    """
    try:
        return read_person(snapshot, person_id)
    except NotFoundError:
        return WholePerson(NOBODY, Subject(NOBODY, ""), (), (), (), (), (), {})


def _evidence(
    needs: Iterable[Mapping[str, Any]], keys: Mapping[str, str]
) -> dict[tuple[str, str], dict[str, tuple[int, ...]]]:
    """Return what shows each need: conditions met by the keys of the items that meet them."""
    found: dict[tuple[str, str], dict[str, tuple[int, ...]]] = defaultdict(dict)
    for row in needs:
        if row["event_id"] in keys:
            met = tuple(row["conditions"])
            found[row["framework"], row["need"]][keys[row["event_id"]]] = met
    return dict(found)


def _housemate(
    snapshot: SnapshotReader,
    person_id: str,
    subject: Subject,
    held: Mapping[str, list[dict[str, Any]]],
) -> Housemate:
    mate = subject.person_id
    identity = (row for row in held[mate] if row["field"] in _OF_HOUSEMATES)
    return Housemate(
        subject,
        tuple(_identity_item(row) for row in identity),
        _shared_addresses(snapshot, person_id, mate, held),
    )


def read_holdings(snapshot: SnapshotReader, person_id: str) -> tuple[SealedItem, ...]:
    """Return who holds what kind of thing about a person, without any value.

    Enough to say who knows them, and so little that reading somebody who may not be shown
    takes no longer than reading an id of nobody's.
    """
    rows = snapshot.rows_of(_file("read_holdings"), {"person_id": person_id})
    return tuple(_identity_item({**row, "person_id": person_id, "value": {}}) for row in rows)


def read_subjects(snapshot: SnapshotReader, person_ids: Iterable[str]) -> dict[str, Subject]:
    """Return people as subjects of a request, with their flags as they stand at this moment.

    What was stated on screen counts at once, set or lifted, whatever the last run knew of it.
    Their pseudonyms are left blank: the gateway alone names people in the trail.
    """
    ids, stated = list(person_ids), snapshot.stated()
    origins = ["extract", "screen"] if stated is None else ["extract"]
    flags: dict[str, list[Flag]] = {each: [] for each in ids}
    for row in snapshot.rows_of(_file("read_flags"), {"person_ids": ids, "origins": origins}):
        flag = Flag(row["flag"], row["value"], row["purpose"], row["partner"])
        flags[row["person_id"]].append(flag)
    counted = _count_factors(snapshot, ids)
    subjects = {
        each: Subject(each, "", tuple(found), factors=counted.get(each))
        for each, found in flags.items()
    }
    if stated is None:
        return subjects
    return {each: with_stated(subject, stated) for each, subject in subjects.items()}


def _count_factors(snapshot: SnapshotReader, ids: list[str]) -> dict[str, int]:
    """Return how many factors are known in each one's household; nobody in an older snapshot."""
    if "person_factors" not in snapshot.snapshot.tables:
        return {}
    rows = snapshot.rows_of(_file("read_factors"), {"person_ids": ids})
    return {row["person_id"]: row["factors"] for row in rows}


def read_identity(
    snapshot: SnapshotReader, person_ids: Iterable[str]
) -> dict[str, tuple[SealedItem, ...]]:
    """Return what partners hold about who some people are, newest first within each field."""
    held = _read_held(snapshot, list(person_ids))
    return {each: tuple(_identity_item(row) for row in rows) for each, rows in held.items()}


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
                    row["condition"],
                    row["joined"],
                    row["at_least"],
                    row["tests_attributes"],
                    row["tests_age"],
                )
                for row in theirs
            ),
        )
        for (framework, need), theirs in rows.items()
    )


def _read_held(snapshot: SnapshotReader, person_ids: list[str]) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {each: [] for each in person_ids}
    for row in snapshot.rows_of(_file("read_identity"), {"person_ids": person_ids}):
        found[row["person_id"]].append({**row, "value": json.loads(row["value"])})
    return found


def _identity_item(row: Mapping[str, Any]) -> SealedItem:
    return SealedItem(
        _new_key(),
        row["partner"],
        row["dataset"],
        row["field"],
        row["person_id"],
        Sealed(row["value"]),
    )


def _shared_addresses(
    snapshot: SnapshotReader,
    person_id: str,
    housemate: str,
    held: Mapping[str, list[dict[str, Any]]],
) -> tuple[SealedItem, ...]:
    """Return the housemate's addresses that the person has too, each about both of them."""
    mine, theirs = (
        [row for row in held[each] if row["field"] == _ADDRESS] for each in (person_id, housemate)
    )
    if not mine or not theirs:
        return ()
    newest = snapshot.keep("newest addresses", lambda: _read_newest(snapshot))
    return tuple(
        SealedItem(
            _new_key(),
            each.row["partner"],
            each.row["dataset"],
            _ADDRESS,
            housemate,
            Sealed(
                each.row["value"]
                | {"lives_from": _day(each.lives_from), "lives_to": _day(each.lives_to)}
            ),
            also_about=(person_id,),
            also_from=(each.partner,) if each.partner != each.row["partner"] else (),
        )
        for each in share_addresses(mine, theirs, newest)
    )


def _read_newest(snapshot: SnapshotReader) -> dict[str, dt.date | None]:
    rows = snapshot.rows_of(_file("read_newest_addresses"))
    return {row["partner"]: row["newest_on"] for row in rows}


def event_item(key: str, person_id: str, row: Mapping[str, Any]) -> SealedItem:
    """Return one event of a person, sealed.

    Args:
        key: opaque and unique on the page.
        person_id: whose it is.
        row: of the timeline: partner, dataset, kind, start_on, end_on, attributes.
    """
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
