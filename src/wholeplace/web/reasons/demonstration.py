"""Examples for a demonstration: duty reasons, broken glass, reviews, and requests between partners."""

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING

from django.utils import timezone

from wholeplace.agreements import Request, place_day
from wholeplace.agreements.reasons.information_request import FieldAnswer, askable_fields
from wholeplace.agreements.subjects.request import Viewer
from wholeplace.people.facts import Facts
from wholeplace.people.find import find_people
from wholeplace.people.read import read_subjects
from wholeplace.people.searchable import Searchable
from wholeplace.web.accounts.models import User
from wholeplace.web.gateway.models import OpenReason
from wholeplace.web.gateway.reasons import close_reason, live_reason_for, open_reason
from wholeplace.web.reasons.breaking import break_glass
from wholeplace.web.reasons.models import InformationRequest
from wholeplace.web.reasons.requests import Question, answer_request, ask, open_request
from wholeplace.web.reasons.reviews import move

if TYPE_CHECKING:
    from wholeplace.web.gateway.wiring import OpenPlace

__all__ = ["make_examples"]

_JAYDEN = Facts(name="Jayden Harlow", birth_date=dt.date(2012, 5, 9))
_DUTY = "The school rang: Jayden came in without breakfast again, and I am to visit at four."
_GLASS = (
    "A neighbour rang: shouting since noon and the children cannot be heard any more. We go there "
    "now and must know who may be in the flat."
)


def make_examples(place: "OpenPlace") -> None:
    """Let personas give reasons and ask each other; asked again, nothing is added."""
    if OpenReason.objects.exists() or InformationRequest.objects.exists():
        return
    at = timezone.now()
    users = {each.persona: each for each in User.objects.exclude(persona="")}
    wanted = {"amira-khan", "dean-walsh", "helen-marsh", "nadia-price", "joan-obi", "priya-nair"}
    if not wanted <= set(users):
        return
    steps: tuple[Callable[[OpenPlace, dict[str, User], dt.datetime], None], ...] = (
        _break_the_glass,
        _give_and_review,
        _ask_partners,
    )
    for step in steps:
        step(place, users, at)


def _break_the_glass(place: "OpenPlace", users: dict[str, User], at: dt.datetime) -> None:
    dean = _viewer(users["dean-walsh"])
    person_id = _find(place, dean, _JAYDEN, "safeguarding", at)
    if person_id:
        break_glass(place, dean, person_id, "safeguarding", _GLASS, at)


def _give_and_review(place: "OpenPlace", users: dict[str, User], at: dt.datetime) -> None:
    amira = _viewer(users["amira-khan"])
    person_id = _find(place, amira, _JAYDEN, "safeguarding", at)
    if not person_id:
        return
    # Given the day before yesterday: so it has ended, and can be reviewed as one that was used.
    then = at - dt.timedelta(days=2)
    for text, step, note in (
        (_DUTY, "justify", "The call is on record at the school, and the visit was made."),
        (
            "I want to see how the family is getting on before the meeting.",
            "ask",
            "Which meeting was this, and why was the plan itself not enough?",
        ),
    ):
        reason = open_reason(amira, person_id, "safeguarding", text, then)
        close_reason(amira, reason.id, then + dt.timedelta(hours=1))
        move(users["priya-nair"], reason.id, step, note, at, version=1)  # type: ignore[arg-type]


def _ask_partners(place: "OpenPlace", users: dict[str, User], at: dt.datetime) -> None:
    amira = _viewer(users["amira-khan"])
    person_id = _find(place, amira, _JAYDEN, "safeguarding", at)
    if not person_id:
        return
    purpose = "safeguarding"
    began = at - dt.timedelta(minutes=20)
    reason = live_reason_for(amira, person_id, began, purpose) or open_reason(
        amira, person_id, purpose, _DUTY, began
    )
    subject = read_subjects(place.snapshot_reader, [person_id])[person_id]
    rules = place.rules(place_day(at, place.place.place.time_zone))
    asked = Request(amira, purpose, reason, at, subject)
    for minutes, partner, fields, question, urgency in (
        (15, "schools-trust", ("education.attendance",), "How many sessions has he missed since half-term?", "urgent"),
        (5, "nhs-community", ("health.missed-appointment",), "Has he missed appointments since the summer?", "routine"),
    ):  # fmt: skip
        offered = [e for e in askable_fields(rules, asked, partner) if e.field in fields]
        if not offered:
            continue
        why = "To plan today’s visit; the shared page ends with last term."
        made = ask(
            users["amira-khan"], amira, reason,
            Question(person_id, purpose, partner, offered, question, why, urgency),
            at - dt.timedelta(minutes=minutes),
        )  # fmt: skip
        if partner == "schools-trust":
            helen = _viewer(users["helen-marsh"])
            opened = open_request(made.pk, helen, at)
            answers = [
                FieldAnswer(
                    e.field, "given", text="14 of 50 sessions since half-term", on=at.date()
                )
                for e in offered
            ]
            decided = ("Helen Marsh", "Designated safeguarding lead", "Needed for today’s visit.")
            answer_request(place, made.pk, helen, answers, decided, at, version=opened.version)


def _viewer(user: User) -> Viewer:
    return Viewer(str(user.pk), user.organisation, str(user.roles[0]))


def _find(place: "OpenPlace", viewer: Viewer, facts: Facts, purpose: str, at: dt.datetime) -> str:
    """Return whom a viewer finds by facts, as by the search page; nothing where they may not."""
    rules = place.rules(place_day(at, place.place.place.time_zone))
    asked = Request(viewer, purpose, None, at)
    found = find_people(place.snapshot_reader, facts, Searchable(rules, asked))
    return found[0].person_id if found else ""
