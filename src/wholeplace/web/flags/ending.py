"""Withdrawing, lifting, keeping or correcting a flag that stands: always by a further statement."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from wholeplace.agreements import strictness
from wholeplace.foundation.errors import UnsafeActionError
from wholeplace.web.flags.access import FLAG_ROLES, Opened, open_person
from wholeplace.web.flags.forms import EndForm
from wholeplace.web.flags.words import history_lines
from wholeplace.web.gateway.flags import standing_about, statements_about
from wholeplace.web.gateway.models import FlagStatement
from wholeplace.web.gateway.routes import route
from wholeplace.web.gateway.statements import FlagChangedError, Saying, state_flag, withdraw_consent

__all__ = ["choices_for", "end"]

_DONE = {
    "withdraw": "It was withdrawn.",
    "lift": "It was lifted.",
    "ask-lift": "A second person was asked to lift the seal. Until they do, it stays.",
    "refuse-lift": "The seal stays.",
    "keep": "It was kept.",
    "correct": "The mistake was corrected. The entry stays in the history.",
}


@route(roles=FLAG_ROLES, shows="personal")
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def end(request: HttpRequest, person_id: str, ref: str) -> HttpResponse:
    """Ask what happened to a flag that stands, and state it."""
    opened = open_person(request, person_id, "flags: change")
    if not isinstance(opened, Opened):
        return opened
    lines = history_lines(opened, statements_about(opened.person_id))
    line = next((each for each in lines if each.made.ref == ref), None)
    if line is None:
        raise Http404
    choices = choices_for(opened, line.made) if line.is_standing else []
    context: dict[str, Any] = {"opened": opened, "line": line, "person_id": person_id}
    if not choices:
        return render(request, "flags/nothing_to_do.html", context)
    form = EndForm(request.POST or None, choices=choices)
    context["form"], status = form, 422 if form.errors else 200
    if request.method == "POST" and form.is_valid():
        choice = form.cleaned_data["choice"]
        try:
            _state(opened, line.made, choice, form.cleaned_data)
        except FlagChangedError as error:
            about = [e for e in statements_about(opened.person_id) if e.made in error.standing]
            context["changed"], status = history_lines(opened, about), 409
        else:
            messages.success(request, f"{_DONE[choice]} It counts from the next page on.")
            return redirect("flags:person", person_id=opened.person_id)
    return render(request, "flags/end.html", context, status=status)


def choices_for(opened: Opened, made: FlagStatement) -> list[tuple[str, str]]:
    """Return what this viewer may do with a statement that stands.

    Whoever works with a resident records that they withdraw. What a partner set, its own officer
    or a guardian lifts, and nobody else's; a seal takes a second person.
    """
    is_ours = made.organisation == opened.viewer.organisation
    choices: list[tuple[str, str]] = []
    if made.flag in ("consent", "objection"):
        if opened.can_record and (made.flag, made.value) == ("consent", "yes"):
            choices.append(("withdraw", "They withdraw their consent"))
        if opened.can_record and (made.flag, made.value) == ("objection", "yes"):
            choices.append(("withdraw", "They withdraw their objection"))
        if opened.can_record and is_ours:
            choices.append(("correct", "The entry was a mistake"))
        return choices
    if not (opened.can_guard and is_ours) or made.value == "no":
        return []
    keep = ("keep", "Keep it, and look at it again later")
    if made.flag == "restricted":
        return [("lift", "Lift the restriction"), keep, ("correct", "The entry was a mistake")]
    if made.act != "lift-asked":
        return [("ask-lift", "Ask a second person to lift the seal"), keep]
    if made.stated_by == opened.viewer.user_id:
        return []
    return [("lift", "Lift the seal"), ("refuse-lift", "Do not lift the seal")]


def _state(opened: Opened, made: FlagStatement, choice: str, given: dict[str, Any]) -> None:
    if choice not in dict(choices_for(opened, made)):
        raise UnsafeActionError(
            "Nothing was recorded.", "This is not yours to decide.", "Ask the partner that set it."
        )
    viewer, at = opened.viewer, opened.at
    if choice == "withdraw" and made.flag == "consent":
        withdraw_consent(
            viewer, opened.person_id, made.purpose, at, why=given["why"], how=given["how"]
        )
        return
    others: list[FlagStatement] = []
    if made.flag in ("consent", "objection"):
        standing = standing_about(opened.person_id, made.flag, made.purpose)
        others = [each for each in standing if each.ref != made.ref]
    saying = _saying(made, others, choice, given, at)
    replaces = [made.ref, *(each.ref for each in others)]
    state_flag(viewer, opened.person_id, saying, at, replaces=replaces)


def _saying(
    made: FlagStatement,
    others: Sequence[FlagStatement],
    choice: str,
    given: dict[str, Any],
    at: dt.datetime,
) -> Saying:
    flag: Any = made.flag
    why, guardians = given["why"], tuple(map(str, made.guardians))
    if choice == "withdraw":
        return Saying(
            flag, "no", "withdrawn", made.purpose, said_on=at.date(), how=given["how"], why=why
        )
    if choice == "correct":
        value, until = _before(made, others)
        return Saying(flag, value, "corrected", made.purpose, why=why, holds_until=until)
    if choice == "lift":
        return Saying(flag, "no", "lifted", made.purpose, why=why)
    acts = {"ask-lift": "lift-asked", "refuse-lift": "lift-refused", "keep": "changed"}
    review_on = given.get("review_on") or made.review_on
    return Saying(
        flag, "yes", acts[choice], made.purpose, why=why, review_on=review_on, guardians=guardians
    )


def _before(made: FlagStatement, others: Sequence[FlagStatement]) -> tuple[str, dt.date | None]:
    """Return what holds without a statement: the strictest of what it replaced and of the others."""
    replaced = FlagStatement.objects.filter(ref__in=made.replaces)
    earlier = [each for each in (*replaced, *others) if each.value]
    if not earlier:
        return "", None
    strictest = max(earlier, key=lambda each: strictness(each.flag, each.value))
    return strictest.value, strictest.holds_until
