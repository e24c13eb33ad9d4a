"""What a meeting may see: each reader's pack at their own level, the room at everybody's least."""

import secrets
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.http import HttpRequest

from wholeplace.agreements.gateway import Revealed, SeenItem
from wholeplace.agreements.subjects.request import Reason, SealedItem, Subject
from wholeplace.agreements.texts.agreement import Level
from wholeplace.foundation.errors import NotFoundError
from wholeplace.foundation.sealed import Sealed
from wholeplace.people.read import read_identity, read_person, read_subjects
from wholeplace.web.gateway.reasons import live_reasons_for
from wholeplace.web.gateway.reveal import reveal_page, reveal_room
from wholeplace.web.gateway.wiring import OpenPlace
from wholeplace.web.teams.meetings.planning import people_on
from wholeplace.web.teams.meetings.room import company_at
from wholeplace.web.teams.meetings.start import Start
from wholeplace.web.teams.models import (
    Action,
    AgendaItem,
    Attendance,
    Case,
    Meeting,
    Referral,
)
from wholeplace.web.teams.sight import born_of, name_of

__all__ = ["HIDDEN", "UNNAMED", "Gathered", "Shown", "gather", "show_alone", "show_room"]

HIDDEN = "Somebody whom not everybody here may know of"
UNNAMED = "A family whom you may not be told of"
_SHOWN = ("identity.name", "identity.birth-date")


@dataclass
class Gathered:
    """Everything that a page of a meeting would like to show, sealed."""

    people: list[str] = field(default_factory=list)
    items: list[SealedItem] = field(default_factory=list)
    origins: dict[str, Any] = field(default_factory=dict)
    history: dict[str, int] = field(default_factory=dict)

    def add(self, origin: Any, partner: str, name: str, on: str, words: Mapping[str, Any]) -> None:
        """Take what somebody wrote about a family, in a partner's name."""
        value = {"label": "", "start_on": on, "end_on": None, "attributes": dict(words)}
        key = secrets.token_hex(8)
        self.items.append(
            SealedItem(key, partner, "casework", name, origin.person_id, Sealed(value))
        )
        self.origins[key] = origin


@dataclass(frozen=True)
class Shown:
    """What a page may show, and of what.

    Attributes:
        names: person id to name, of those who may be named.
        history: agenda item's number to lines of partners' records, newest first.
    """

    revealed: Revealed
    names: Mapping[str, str]
    born: Mapping[str, str]
    known: frozenset[str]
    history: Mapping[int, list[SeenItem]]
    _seen: Mapping[tuple[str, Any], SeenItem]

    def of(self, row: Any) -> SeenItem | None:
        """Return what may be shown of a row; None where nothing may be."""
        return self._seen.get((type(row).__name__, row.pk))

    def words(self, row: Any, name: str = "words") -> str:
        """Return what was written, where it may be read in full; empty where it may not."""
        seen = self.of(row)
        if seen is None or seen.level < Level.DETAIL:
            return ""
        return str(seen.values.get(name) or "")


def gather(
    place: OpenPlace,
    found: Meeting,
    items: Sequence[AgendaItem],
    *,
    with_content: bool,
    with_history: bool = True,
) -> Gathered:
    """Return what there is of some items of a meeting, sealed.

    Shape:
        with_content: plans, referrals and minutes too; else who they are alone.
        with_history: with the content, what partners' records hold.
    """
    gathered = Gathered(people=people_on(found, items))
    reader = place.snapshot_reader
    for each in read_identity(reader, gathered.people).values():
        gathered.items += [item for item in each if item.field in _SHOWN]
    for item in items if with_content else ():
        _gather_minutes(gathered, found, item)
        _gather_plan(gathered, item)
        _gather_referral(gathered, item)
        for person_id in people_on(found, [item]) if with_history else ():
            _gather_history(gathered, place, item, person_id)
    return gathered


def show_alone(request: HttpRequest, start: Start, found: Meeting, gathered: Gathered, page: str) -> Shown:  # fmt: skip
    """Return what one reader may see, at their own level; the sight stands in the trail first.

    Raises:
        AuditUnavailableError: if the sight could not be recorded.
    """
    reasons = live_reasons_for(start.viewer, gathered.people, start.at, found.series.purpose)
    first = next(iter(reasons.values()), None)
    revealed = reveal_page(
        request, page=page, purpose=found.series.purpose, subjects=_subjects(start, gathered),
        items=gathered.items, reason=_for_all(first, reasons), at=start.at, reasons=reasons,
    )  # fmt: skip
    return _shown(revealed, gathered)


def show_room(
    request: HttpRequest, start: Start, found: Meeting, gathered: Gathered,
    people: Sequence[Attendance], page: str,
) -> Shown:  # fmt: skip
    """Return what everybody in the room may see; each of them stands in the trail first.

    Raises:
        AuditUnavailableError: if the sight could not be recorded.
    """
    company = company_at(people, gathered.people, found.series.purpose, start.at)
    revealed = reveal_room(
        request, company, page=page, subjects=_subjects(start, gathered), items=gathered.items,
        at=start.at,
    )  # fmt: skip
    return _shown(revealed, gathered)


def _for_all(first: Reason | None, reasons: Mapping[str, Reason]) -> Reason | None:
    return replace(first, person_ids=frozenset(reasons)) if first else None


def _subjects(start: Start, gathered: Gathered) -> list[Subject]:
    held = read_subjects(start.place.snapshot_reader, gathered.people)
    return [held.get(each) or Subject(each, "") for each in gathered.people]


def _shown(revealed: Revealed, gathered: Gathered) -> Shown:
    seen = {}
    history: dict[int, list[SeenItem]] = defaultdict(list)
    for item in revealed.items:
        origin = gathered.origins.get(item.key)
        if origin is not None:
            seen[type(origin).__name__, origin.pk] = item
        elif item.key in gathered.history:
            history[gathered.history[item.key]].append(item)
    for lines in history.values():
        lines.sort(key=lambda each: each.start_on, reverse=True)
    known = frozenset(each.person_id for each in revealed.people)
    # One partner may hold two forms of a name: by their place, all readers are told the same one.
    order = {item.key: place for place, item in enumerate(gathered.items)}
    return Shown(
        revealed,
        {each: name for each in known if (name := name_of(revealed, each, order))},
        {each: born for each in known if (born := born_of(revealed, each, order))},
        known, history, seen,
    )  # fmt: skip


def _gather_minutes(gathered: Gathered, found: Meeting, item: AgendaItem) -> None:
    source = found.series.organisation
    day = found.starts_at.date().isoformat()
    if item.discussion or item.family_voice:
        said = {"words": item.discussion, "views": item.family_voice}
        gathered.add(item, source, "casework.meeting", day, said)
    for decision in item.decisions.all():
        gathered.add(decision, source, "casework.meeting", day, {"words": decision.words})
        for dissent in decision.dissents.all():
            said = {"words": dissent.words, "views": dissent.settled_words}
            gathered.add(dissent, source, "casework.meeting", day, said)


def _gather_plan(gathered: Gathered, item: AgendaItem) -> None:
    case = Case.objects.filter(pk=item.case_id).first() if item.case_id else None
    if case is None:
        return
    goals = list(case.goals.filter(person_id__in=gathered.people))
    for goal in goals:
        said = {"words": goal.words, "seen_when": goal.seen_when, "came_of_it": goal.outcome_words}
        gathered.add(goal, case.holder, "casework.plan", goal.made_at.date().isoformat(), said)
    for action in Action.objects.filter(goal__in=goals):
        said = {"words": action.what, "came_of_it": action.evidence}
        on = action.proposed_at.date().isoformat()
        gathered.add(action, case.holder, "casework.plan", on, said)


def _gather_referral(gathered: Gathered, item: AgendaItem) -> None:
    found = Referral.objects.filter(pk=item.referral_id).first() if item.referral_id else None
    if found is None or found.person_id not in gathered.people:
        return
    said = {"why": found.why, "wanted": found.wanted, "family_says": found.family_says}
    on = (found.sent_at or found.made_at).date().isoformat()
    gathered.add(found, found.sender or found.receiver, "casework.referral", on, said)


def _gather_history(gathered: Gathered, place: OpenPlace, item: AgendaItem, person_id: str) -> None:
    try:
        whole = read_person(place.snapshot_reader, person_id)
    except NotFoundError:
        # Somebody whom a referral names and no partner's records know.
        return
    known = set(gathered.people)
    for each in _within(known, (*whole.involvements, *whole.timeline)):
        gathered.items.append(each)
        gathered.history[each.key] = item.pk


def _within(known: set[str], items: Iterable[SealedItem]) -> list[SealedItem]:
    """Return what tells of nobody but those whom the meeting is about."""
    return [each for each in items if set(each.also_about) <= known]
