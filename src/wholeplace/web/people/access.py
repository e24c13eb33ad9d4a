"""For what a viewer may ask, and what makes it right that they look."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace

from wholeplace.agreements import Level, Request, decide
from wholeplace.agreements.deciding.rules import Rules
from wholeplace.agreements.subjects.request import Reason, Viewer
from wholeplace.people.read import NOBODY, read_or_nobody
from wholeplace.people.whole import WholePerson
from wholeplace.web.gateway.purposes import PEOPLE_ROLES, purposes_for

__all__ = [
    "NOBODY",
    "PEOPLE_ROLES",
    "choose_purpose",
    "household_to_open",
    "id_asked_for",
    "purposes_for",
    "read_or_nobody",
    "reason_for_page",
]

# What the table of subjects' keys holds.
_LONGEST_ID = 80


def choose_purpose(wanted: str, reason: Reason | None, offered: Sequence[tuple[str, str]]) -> str:
    """Return the purpose of a page: the one asked for, the reason's own, or the first offered."""
    known = [purpose for purpose, _ in offered]
    if wanted in known:
        return wanted
    if reason and reason.purpose in known:
        return reason.purpose
    return known[0] if known else ""


def reason_for_page(person_id: str, reasons: Mapping[str, Reason]) -> Reason | None:
    """Return what makes a whole page right: it covers those for whom the viewer has a reason.

    The household is decided person by person. Somebody in it for whom the viewer has no live
    reason of their own stays outside this one, and so is shown at existence at most.

    Args:
        person_id: whose page it is.
        reasons: the viewer's live reasons, by person.
    """
    reason = reasons.get(person_id)
    return replace(reason, person_ids=frozenset(reasons)) if reason else None


def id_asked_for(typed: str) -> str:
    """Return the person id that an address asks for; what can be nobody's id is `NOBODY`."""
    return typed if typed.isprintable() and len(typed) <= _LONGEST_ID else NOBODY


def household_to_open(
    whole: WholePerson, rules: Rules, viewer: Viewer, purpose: str, at: dt.datetime
) -> list[str]:
    """Return those of a household of whom a reason would let the viewer see that they live there.

    The others get no reason: one that opened nothing would tell that somebody is hidden.
    """
    everybody = frozenset(each.person_id for each in whole.subjects)
    held = Reason("", "duty", "", everybody, at, None, viewer.user_id, purpose=purpose)
    asked = Request(viewer=viewer, purpose=purpose, reason=held, at=at)
    return [
        mate.subject.person_id
        for mate in whole.household
        if any(
            min(
                decide(rules, asked.about(subject), source, item.field).level
                for subject in (mate.subject, whole.subject)
                for source in item.sources
            )
            > Level.EXISTENCE
            for item in mate.lives_with
        )
    ]
