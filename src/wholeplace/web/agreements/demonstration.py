"""What the demonstration begins with: one draft in review, and one text that is being signed."""

import datetime as dt
from importlib.resources import files
from typing import TYPE_CHECKING

from wholeplace.agreements.drafting.draft import read_draft_text
from wholeplace.agreements.standing.life import Person
from wholeplace.web.accounts.models import User
from wholeplace.web.agreements.drafts import draft_path, fixed_path, start_draft
from wholeplace.web.agreements.models import Draft
from wholeplace.web.agreements.reviewing import fix_draft, move_draft, say_ready, write_comment
from wholeplace.web.agreements.standing import sign_agreement

if TYPE_CHECKING:
    from typing import Any

    from wholeplace.web.gateway.wiring import OpenPlace

__all__ = ["make_examples"]

_IN_REVIEW = "damp-homes-and-asthma"
_BEING_SIGNED = "missed-health-visits"
_STARTS_IN_DAYS = 30
_DRAFTER = "priya-nair"


def make_examples(place: "OpenPlace") -> None:
    """Draft two small agreements through the functions that people use; done once.

    The first is in review with comments; the second is being signed and starts in a month, so
    that it decides nothing today.
    """
    people = {user.persona: user for user in User.objects.exclude(persona="")}
    if _DRAFTER not in people:
        return
    if not Draft.objects.filter(agreement_id=_IN_REVIEW).exists():
        _review(place, people)
    if not Draft.objects.filter(agreement_id=_BEING_SIGNED).exists():
        _ask_to_sign(place, people)


def _review(place: "OpenPlace", people: dict[str, User]) -> None:
    _begin(place, people, _IN_REVIEW)
    drafter = _as(people[_DRAFTER], "data-protection-officer")
    move_draft(place, drafter, _IN_REVIEW, "send", 1)
    nurse_side, homes = _signatory(people, "sign-nhs"), _signatory(people, "sign-swanhall")
    asked = write_comment(
        place,
        nurse_side,
        _IN_REVIEW,
        "A housing officer needs to know that there is a condition that damp makes worse, not "
        "which. Could this stay at “known to”?",
        "homes-condition",
    )
    write_comment(
        place,
        drafter,
        _IN_REVIEW,
        "Yes. It is at “known to” now, and needs the parent’s agreement.",
        reply_to=asked.pk,
    )
    write_comment(
        place,
        homes,
        _IN_REVIEW,
        "We can inspect within ten working days of hearing. Please say so in the covering letter.",
    )
    say_ready(place, _signatory(people, "sign-housing"), _IN_REVIEW, 1)


def _ask_to_sign(place: "OpenPlace", people: dict[str, User]) -> None:
    _begin(place, people, _BEING_SIGNED)
    drafter = _as(people[_DRAFTER], "data-protection-officer")
    move_draft(place, drafter, _BEING_SIGNED, "send", 1)
    signatories = [_signatory(people, each) for each in ("sign-children", "sign-nhs", "sign-gp")]
    for each in signatories:
        say_ready(place, each, _BEING_SIGNED, 1)
    text_hash = fix_draft(place, drafter, _BEING_SIGNED, 1)
    sign_agreement(place, signatories[1], _BEING_SIGNED, text_hash)


def _begin(place: "OpenPlace", people: dict[str, User], agreement_id: str) -> None:
    # A town that was copied without its database has the files and not what people did.
    for path in (draft_path(place, agreement_id), fixed_path(place, agreement_id)):
        path.unlink(missing_ok=True)
    text = (files("wholeplace.web.agreements") / "examples" / f"{agreement_id}.yaml").read_text(
        "utf-8"
    )
    data, _ = read_draft_text(text, agreement_id)
    starts_on = place.today + dt.timedelta(days=_STARTS_IN_DAYS)
    days: dict[str, Any] = {
        "starts_on": starts_on,
        "ends_on": starts_on + dt.timedelta(days=3 * 365),
        "review_on": starts_on + dt.timedelta(days=365),
    }
    drafter = _as(people[_DRAFTER], "data-protection-officer")
    start_draft(place, drafter, {**(data or {}), **days}, "Began the draft from a file")


def _signatory(people: dict[str, User], persona: str) -> Person:
    return _as(people[persona], "signatory")


def _as(user: User, role: str) -> Person:
    return Person(str(user.pk), user.organisation, role)
