"""Casework and names through the gateway: sealed on the way in, shown at the level decided.

What a team shares stands in the name of the partner that holds the case, and is shown to others as
its agreements let them; what is one's own organisation's is its own. Nothing here opens a value.
"""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.http import HttpRequest

from wholeplace.agreements.gateway import Revealed, SeenItem
from wholeplace.agreements.subjects.request import Reason, SealedItem, Subject
from wholeplace.agreements.texts.agreement import Level
from wholeplace.foundation.sealed import Sealed
from wholeplace.people.read import read_identity, read_subjects
from wholeplace.web.gateway.reasons import live_reasons_for
from wholeplace.web.gateway.reveal import reveal_page
from wholeplace.web.teams.access import Beginning

__all__ = ["UNNAMED", "Gathered", "Told", "born_of", "event_item", "name_of", "names_for", "show"]

UNNAMED = "A person whose name you may not see"
_SHOWN = ("identity.name", "identity.birth-date")


@dataclass
class Gathered:
    """What a page would like to show, each thing sealed, with what it came from.

    Attributes:
        origins: key of an item to the row that it was made of.
    """

    items: list[SealedItem] = field(default_factory=list)
    origins: dict[str, Any] = field(default_factory=dict)

    def add(self, item: SealedItem, origin: Any = None) -> None:
        """Take one more thing."""
        self.items.append(item)
        self.origins[item.key] = origin


@dataclass(frozen=True)
class Told:
    """What a page may show.

    Attributes:
        names: person id to name; those of whom no name may be seen are not there.
        born: person id to date of birth, or its year.
        known: people of whom the viewer may know at all.
        seen: for each row that may be shown, by what it is, its item.
        origins: the rows that may be shown.
    """

    revealed: Revealed
    names: Mapping[str, str]
    born: Mapping[str, str]
    known: frozenset[str]
    seen: Mapping[tuple[str, object], SeenItem]
    origins: Sequence[Any]
    reasons: Mapping[str, Reason]

    def of(self, row: Any) -> SeenItem | None:
        """Return what may be shown of a row; None where nothing may be."""
        return self.seen.get(_which(row))

    def words(self, row: Any, name: str) -> str:
        """Return one attribute of a row in detail; empty where less may be seen."""
        item = self.of(row)
        if item is None or item.level < Level.DETAIL:
            return ""
        return str(item.values.get(name) or "")


def show(
    request: HttpRequest, start: Beginning, page: str, purpose: str, people: Sequence[str],
    gathered: Gathered, *, typed: Iterable[SealedItem] = (), with_identity: bool = True,
) -> Told:  # fmt: skip
    """Return what a page may show about some people; the sight stands in the trail first.

    Shape:
        page: its name, for the trail.
        people: everyone whom the page is about.
        gathered: everything of theirs that it would like to show.
        typed: names that somebody wrote who is in nobody's records.

    Raises:
        AuditUnavailableError: if the sight could not be recorded; nothing was opened then.
    """
    everybody = list(dict.fromkeys([*people, *(each.person_id for each in gathered.items)]))
    reader = start.place.snapshot_reader
    subjects = read_subjects(reader, everybody)
    held = read_identity(reader, everybody) if with_identity else {}
    identity = [
        item for each in everybody for item in held.get(each, ()) if item.field in _SHOWN
    ] + list(typed)
    reasons = live_reasons_for(start.viewer, everybody, start.at, purpose)
    first = next(iter(reasons.values()), None)
    revealed = reveal_page(
        request, page=page, purpose=purpose,
        subjects=[subjects.get(each) or Subject(each, "") for each in everybody],
        items=[*identity, *gathered.items],
        reason=replace(first, person_ids=frozenset(reasons)) if first else None, at=start.at,
        reasons=reasons,
    )  # fmt: skip
    order = {item.key: place for place, item in enumerate(identity)}
    seen = {
        _which(gathered.origins[item.key]): item
        for item in revealed.items
        if gathered.origins.get(item.key) is not None
    }
    return Told(
        revealed,
        {each: name for each in everybody if (name := name_of(revealed, each, order))},
        {each: born for each in everybody if (born := born_of(revealed, each, order))},
        frozenset(each.person_id for each in revealed.people),
        seen,
        [each for each in gathered.origins.values() if each is not None and _which(each) in seen],
        reasons,
    )


def names_for(
    request: HttpRequest, start: Beginning, page: str, wanted: Iterable[tuple[str, str]]
) -> dict[str, str]:
    """Return names for a list: of each person, as far as the purpose beside them lets it be seen.

    Shape:
        wanted: person id and purpose, for each line of the list.
    """
    by_purpose: dict[str, list[str]] = {}
    for person_id, purpose in wanted:
        by_purpose.setdefault(purpose, []).append(person_id)
    names: dict[str, str] = {}
    for purpose, people in by_purpose.items():
        names |= show(request, start, page, purpose, people, Gathered()).names
    return names


def event_item(
    partner: str, name: str, person_id: str, on: str, label: str, attributes: Mapping[str, Any]
) -> SealedItem:
    """Return something that was written down, sealed.

    Shape:
        partner: in whose name it stands.
        name: field of the vocabulary, `casework.…`.
        on: its day, as ISO 8601 text.
    """
    value = {"label": label, "start_on": on, "end_on": None, "attributes": dict(attributes)}
    return SealedItem(secrets.token_hex(8), partner, "casework", name, person_id, Sealed(value))


def name_of(revealed: Revealed, person_id: str, order: Mapping[str, int] | None = None) -> str:
    """Return the name that most partners hold, of those seen at the fullest level; then the newest.

    Shape:
        order: key of an item to its place, newest first.
    """
    return _most_held(revealed, person_id, "identity.name", order)


def born_of(revealed: Revealed, person_id: str, order: Mapping[str, int] | None = None) -> str:
    """Return the date of birth that most partners hold, as far as it may be seen, as ISO 8601 text."""
    return _most_held(revealed, person_id, "identity.birth-date", order)


def _most_held(
    revealed: Revealed, person_id: str, field_name: str, order: Mapping[str, int] | None
) -> str:
    person = revealed.person(person_id)
    values = [each for each in person.items if each.field == field_name] if person else []
    holders: dict[str, set[str]] = {}
    for each in values:
        holders.setdefault(each.text, set()).add(each.partner)
    newest = order or {}
    best = max(
        values,
        key=lambda each: (each.level, len(holders[each.text]), -newest.get(each.key, len(newest))),
        default=None,
    )
    return best.text if best else ""


def _which(row: Any) -> tuple[str, object]:
    """Return which thing a row is, however often it was read."""
    return (type(row).__name__, getattr(row, "pk", None) or id(row))
