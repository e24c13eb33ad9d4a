"""The one gateway: decide, write the audit event, then reveal.

Screens, searches, sorting, exports, interfaces, notices and logs all come through `reveal`.
Nothing is opened before the event that names it is committed. What cannot be told apart:
a sealed person, a person of whom the viewer may see nothing, and nobody at all.

What a viewer may not see is worked out from the rules alone, over all that agreements name of
a partner, and never from what the partner holds. So the list of refusals is the same whether
or not there is anything behind it; and it stands only beside partners that the viewer may
know to know the person.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from wholeplace.agreements.cut import cut_down
from wholeplace.agreements.deciding.decision import Decision, decide, lowest_of
from wholeplace.agreements.deciding.explanation import explain_decision
from wholeplace.agreements.deciding.rules import Rules
from wholeplace.agreements.sight import sight_event
from wholeplace.agreements.standing.records import AuditTrail
from wholeplace.agreements.standing.standings import place_day
from wholeplace.agreements.subjects.request import Reason, Request, SealedItem, Subject
from wholeplace.agreements.texts.agreement import Level
from wholeplace.foundation.errors import WholeplaceError
from wholeplace.foundation.sealed import open_sealed

__all__ = ["Company", "Refusal", "Revealed", "SeenItem", "SeenPerson", "reveal", "reveal_together"]


@dataclass(frozen=True)
class SeenItem:
    """One value at the level decided: summary or detail.

    Attributes:
        start_on: day at detail, month at summary; empty where there is none.
        clauses: refs of the clauses that decided.
        values: attributes of an event or columns of a record field, at detail alone.
    """

    key: str
    person_id: str
    partner: str
    dataset: str
    field: str
    level: Level
    label: str
    text: str
    start_on: str
    end_on: str
    clauses: tuple[str, ...]
    values: Mapping[str, Any]


@dataclass(frozen=True)
class Refusal:
    """Fields of a partner that the viewer does not see in full, whether or not it holds any.

    Attributes:
        level: what they do see of them.
        fields: vocabulary fields.
        sentences: why, in plain words.
        ask: whom to ask.
    """

    partner: str
    level: Level
    fields: tuple[str, ...]
    sentences: tuple[str, ...]
    ask: str


@dataclass(frozen=True)
class SeenPerson:
    """A person of whom the viewer may know at least that a partner knows them.

    Attributes:
        known_to: partners that the viewer may know to know the person.
        items: in the order of the dates shown, newest first.
    """

    person_id: str
    known_to: tuple[str, ...]
    items: tuple[SeenItem, ...]
    refusals: tuple[Refusal, ...]


@dataclass(frozen=True)
class Company:
    """One of several people who look at one screen together.

    Attributes:
        request: without a subject; who they are and their own reason.
        reasons: person id to their own reason for that person.
    """

    request: Request
    reasons: Mapping[str, Reason]


@dataclass(frozen=True)
class Revealed:
    """What a page may show. Empty where nobody asked about may be known."""

    people: tuple[SeenPerson, ...] = ()

    @property
    def is_known(self) -> bool:
        """Whether anybody at all may be shown."""
        return bool(self.people)

    def person(self, person_id: str) -> SeenPerson | None:
        """Return one person, or None where they may not be known."""
        return next((each for each in self.people if each.person_id == person_id), None)

    @property
    def items(self) -> tuple[SeenItem, ...]:
        """Everything seen of everyone."""
        return tuple(item for each in self.people for item in each.items)


def reveal(
    rules: Rules,
    request: Request,
    subjects: Sequence[Subject],
    items: Iterable[SealedItem],
    trail: AuditTrail,
    *,
    page: str,
    reasons: Mapping[str, Reason] | None = None,
) -> Revealed:
    """Return what a viewer may see of a page's items, once the sight is on record.

    Args:
        rules: of the day on which the request is made.
        request: without a subject.
        subjects: everyone whom the page is about.
        items: everything that the page would like to show.
        trail: where one event is written, whatever the outcome.
        page: name of the page, for the event.
        reasons: person id to that person's own reason, where they differ. Each person is decided
            on by their own, so that glass broken for one opens nobody else's record.

    Raises:
        AuditUnavailableError: if the event cannot be committed; nothing was opened then.
        WholeplaceError: if the rules are of another day, or an item is about nobody asked for.
    """
    _check_day(rules, request)
    asked = _ask(request, subjects, reasons)
    wanted = list(items)
    _check_asked(wanted, asked)
    decided = [(item, _decide_item(rules, asked, item)) for item in wanted]
    trail.append(sight_event(rules, request, asked, decided, page, reasons))
    people = (_see_person(rules, asked[each], decided) for each in asked)
    return Revealed(tuple(person for person in people if person.known_to))


def reveal_together(
    rules: Rules,
    company: Sequence[Company],
    subjects: Sequence[Subject],
    items: Iterable[SealedItem],
    trail: AuditTrail,
    *,
    page: str,
) -> Revealed:
    """Return what several people may see on one screen: of each thing the least of any of them.

    Everybody stands in the trail as having looked, at the level that was shown to all, before
    anything is opened. Refusals are left out: they would tell one what another may not see.

    Args:
        rules: of the day of the requests.
        company: everybody who looks; nobody looking sees nothing.
        subjects: everyone whom the page is about.
        items: everything that the page would like to show.
        trail: where one event for each who looks is written, whatever the outcome.
        page: name of the page, for the events.

    Raises:
        AuditUnavailableError: if an event cannot be committed; nothing was opened then.
        WholeplaceError: as `reveal`.
    """
    if not company:
        return Revealed()
    wanted = list(items)
    everyone = []
    for each in company:
        _check_day(rules, each.request)
        everyone.append((each, _ask(each.request, subjects, each.reasons)))
    for _, asked in everyone:
        _check_asked(wanted, asked)
    decided = [
        (item, lowest_of([_decide_item(rules, asked, item) for _, asked in everyone]))
        for item in wanted
    ]
    for each, asked in everyone:
        trail.append(sight_event(rules, each.request, asked, decided, page, each.reasons))
    first = everyone[0][1]
    people = (_see_person(rules, first[each], decided, is_shared=True) for each in first)
    return Revealed(tuple(person for person in people if person.known_to))


def _check_day(rules: Rules, request: Request) -> None:
    if place_day(request.at, rules.terms.time_zone) != rules.on:
        raise WholeplaceError(
            "The rules are not those of today.",
            "They were compiled for another day, and agreements may have begun or ended since.",
            "Load the page again.",
        )


def _ask(
    request: Request, subjects: Sequence[Subject], reasons: Mapping[str, Reason] | None
) -> dict[str, Request]:
    return {
        subject.person_id: replace(
            request,
            subject=subject,
            reason=(reasons or {}).get(subject.person_id, request.reason),
        )
        for subject in subjects
    }


def _check_asked(wanted: Sequence[SealedItem], asked: Mapping[str, Request]) -> None:
    if any(item.person_id not in asked for item in wanted):
        raise WholeplaceError(
            "The page could not be shown.",
            "It holds something about a person whom it did not ask about.",
            "Report this page to the people who run this system.",
        )


def _decide_item(rules: Rules, asked: Mapping[str, Request], item: SealedItem) -> Decision:
    """Return the lowest decision over everyone whom the item is about and all whom it is from."""
    people = (item.person_id, *item.also_about)
    if any(each not in asked for each in people):
        return Decision(Level.NOTHING, (), (), (), rules.hash)
    decisions = [
        decide(rules, asked[each], source, item.field) for each in people for source in item.sources
    ]
    return lowest_of(decisions) if len(decisions) > 1 else decisions[0]


def _see_person(
    rules: Rules,
    request: Request,
    decided: Sequence[tuple[SealedItem, Decision]],
    *,
    is_shared: bool = False,
) -> SeenPerson:
    subject = request.subject
    person_id = subject.person_id if subject else ""
    mine = [
        (item, decision)
        for item, decision in decided
        if item.person_id == person_id and decision.level > Level.NOTHING
    ]
    known_to = tuple(sorted({item.partner for item, _ in mine}))
    seen = [each for item, decision in mine if (each := _open(rules, item, decision))]
    # By what is shown alone: order must not tell the days behind months.
    seen.sort(key=lambda each: (each.partner, each.field, each.key))
    seen.sort(key=lambda each: each.start_on, reverse=True)
    asked = () if is_shared else known_to
    refusals = tuple(refusal for partner in asked for refusal in _refusals(rules, request, partner))
    return SeenPerson(person_id, known_to, tuple(seen), refusals)


def _open(rules: Rules, item: SealedItem, decision: Decision) -> SeenItem | None:
    if decision.level <= Level.EXISTENCE:
        return None
    term = rules.terms.fields[item.field]
    cut = cut_down(term, decision.level, open_sealed(item.value))
    if cut is None:
        return None
    return SeenItem(
        item.key,
        item.person_id,
        item.partner,
        item.dataset,
        item.field,
        decision.level,
        cut.label,
        cut.text,
        cut.start_on,
        cut.end_on,
        decision.clauses,
        cut.values,
    )


def _refusals(rules: Rules, request: Request, partner: str) -> list[Refusal]:
    """Return what the viewer does not see in full of a partner, by the rules alone."""
    alike: dict[tuple[Level, tuple[str, ...], str], list[str]] = {}
    for name in rules.supplied.get(partner, ()):
        decision = decide(rules, request, partner, name)
        if decision.level == Level.DETAIL:
            continue
        words = explain_decision(rules, request, partner, name, decision)
        key = (decision.level, words.sentences[1:], words.ask)
        alike.setdefault(key, []).append(name)
    return [
        Refusal(partner, level, tuple(names), sentences, ask)
        for (level, sentences, ask), names in sorted(alike.items())
    ]
