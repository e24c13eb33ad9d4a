"""Recording what a resident says, and restricting or sealing a record."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from wholeplace.agreements import Rules
from wholeplace.agreements.subjects.flags import FlagKind
from wholeplace.web.flags.access import FLAG_ROLES, OFFICER, PEOPLE, Opened, open_person
from wholeplace.web.flags.consenting import consent_purposes, openings_of, suggest_words
from wholeplace.web.flags.figures import flag_figures
from wholeplace.web.flags.forms import (
    EVERYTHING,
    CheckForm,
    ConsentForm,
    ObjectionForm,
    RestrictionForm,
    SealForm,
)
from wholeplace.web.flags.words import history_lines
from wholeplace.web.gateway.flags import standing_about, statements_about
from wholeplace.web.gateway.models import FlagStatement
from wholeplace.web.gateway.routes import route
from wholeplace.web.gateway.statements import FlagChangedError, Saying, state_flag
from wholeplace.web.gateway.wiring import current_place

__all__ = ["consent", "objection", "opt_out_check", "restriction", "seal"]


@dataclass(frozen=True)
class _Asked:
    """What one page asks: its words, its form, and what is said of the answer."""

    flag: FlagKind
    title: str
    button: str
    form: Callable[..., Any]
    say: Callable[[Any, Opened], Saying]
    may: Callable[[Opened], bool]
    why_not: str
    done: str


@route(roles=PEOPLE, shows="personal")
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def consent(request: HttpRequest, person_id: str) -> HttpResponse:
    """Record what a resident agrees to or refuses, for one purpose."""
    return _ask(request, person_id, _CONSENT)


@route(roles=PEOPLE, shows="personal")
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def objection(request: HttpRequest, person_id: str) -> HttpResponse:
    """Record an objection (UK GDPR Article 21), for one purpose or for everything."""
    return _ask(request, person_id, _OBJECTION)


@route(roles=FLAG_ROLES, shows="personal")
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def restriction(request: HttpRequest, person_id: str) -> HttpResponse:
    """Restrict a record (UK GDPR Article 18): others learn only who knows the person."""
    return _ask(request, person_id, _RESTRICTION)


@route(roles=FLAG_ROLES, shows="personal")
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def seal(request: HttpRequest, person_id: str) -> HttpResponse:
    """Seal a person: to all but the guardians named there is no record."""
    return _ask(request, person_id, _SEAL)


@route(roles=[OFFICER], shows="personal")
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def opt_out_check(request: HttpRequest, person_id: str) -> HttpResponse:
    """Record that somebody looked at the national service; the flag itself is never edited here."""
    return _ask(request, person_id, _CHECK)


def _ask(request: HttpRequest, person_id: str, asked: _Asked) -> HttpResponse:
    opened = open_person(request, person_id, f"flags: {asked.flag}")
    if not isinstance(opened, Opened):
        return opened
    if not asked.may(opened):
        context = {"opened": opened, "title": asked.title, "why_not": asked.why_not}
        return render(request, "flags/not_yours.html", {**context, "person_id": person_id})
    given = _given(opened, asked)
    form = asked.form(request.POST or None, initial=_initial(opened, asked, request), **given)
    status, changed = 200, tuple[FlagStatement, ...]()
    if request.method == "POST" and form.is_valid():
        try:
            _state(opened, asked, form)
        except FlagChangedError as error:
            status, changed = 409, error.standing
            form = _with_fresh_seen(form, opened, asked)
        else:
            messages.success(request, f"{asked.done} It counts from the next page on.")
            return redirect("flags:person", person_id=opened.person_id)
    elif form.errors:
        status = 422
    about = [each for each in statements_about(opened.person_id) if each.made in changed]
    context = {
        "opened": opened, "asked": asked, "form": form, "person_id": person_id,
        "changed": history_lines(opened, about),
        "purposes": _explained(opened.rules) if asked.flag == "consent" else [],
    }  # fmt: skip
    return render(request, "flags/state.html", context, status=status)


def _state(opened: Opened, asked: _Asked, form: Any) -> None:
    saying = asked.say(form.cleaned_data, opened)
    seen = form.seen_refs()
    if asked.flag in ("consent", "objection"):
        purposes = dict(FlagStatement.objects.filter(ref__in=seen).values_list("ref", "purpose"))
        seen = [each for each in seen if purposes.get(each) == saying.purpose]
    state_flag(opened.viewer, opened.person_id, saying, opened.at, replaces=seen)


def _standing(opened: Opened, asked: _Asked) -> list[str]:
    if asked.flag == "national-opt-out":
        return []
    found = standing_about(opened.person_id, asked.flag)
    is_residents = asked.flag in ("consent", "objection")
    ours = opened.viewer.organisation
    return [
        each.ref
        for each in found
        if is_residents or (each.organisation == ours and each.value == "yes")
    ]


def _with_fresh_seen(form: Any, opened: Opened, asked: _Asked) -> Any:
    """Return the form as typed, but knowing what stands now: sent again, it is meant."""
    data = form.data.copy()
    data["seen"] = ",".join(_standing(opened, asked))
    fresh = asked.form(data, **_given(opened, asked))
    fresh.is_valid()
    return fresh


def _given(opened: Opened, asked: _Asked) -> dict[str, Any]:
    if asked.flag == "consent":
        offered = consent_purposes(opened.rules)
        return {
            "purposes": offered,
            "suggested": {name: suggest_words(opened.rules, name) for name, _ in offered},
        }
    if asked.flag == "objection":
        named = list(opened.rules.terms.purposes.items())
        return {"purposes": [(EVERYTHING, "Everything"), *named]}
    if asked.flag == "sealed":
        return {"organisation": opened.viewer.organisation}
    return {}


def _initial(opened: Opened, asked: _Asked, request: HttpRequest) -> dict[str, Any]:
    today, figures = current_place().today, flag_figures()
    initial: dict[str, Any] = {"seen": ",".join(_standing(opened, asked))}
    if asked.flag == "consent":
        offered = [name for name, _ in consent_purposes(opened.rules)]
        wanted = request.GET.get("purpose") or opened.purpose
        purpose = wanted if wanted in offered else ""
        initial |= {
            "purpose": purpose,
            "words": suggest_words(opened.rules, purpose) if purpose else "",
            "said_on": today,
            "review_on": today + dt.timedelta(days=figures.consent_days),
        }
    elif asked.flag in ("objection", "national-opt-out"):
        initial["said_on"] = today
    else:
        initial["review_on"] = today + dt.timedelta(days=figures.review_days)
    return initial


def _explained(rules: Rules) -> list[dict[str, Any]]:
    """Return what consent to each purpose opens, to be read before it is asked for."""
    return [
        {"id": name, "words": words, "openings": openings_of(rules, name)}
        for name, words in consent_purposes(rules)
    ]


def _say_consent(given: dict[str, Any], opened: Opened) -> Saying:
    is_yes = given["answer"] == "yes"
    return Saying(
        "consent", given["answer"], "set", given["purpose"],
        said_on=given["said_on"], how=given["how"], words=given["words"],
        consenter=given["consenter"], consenter_name=given["consenter_name"],
        evidence=given["evidence"], review_on=given["review_on"],
        holds_until=given["review_on"] if is_yes else None,
    )  # fmt: skip


def _say_objection(given: dict[str, Any], opened: Opened) -> Saying:
    purpose = "" if given["purpose"] == EVERYTHING else given["purpose"]
    return Saying(
        "objection", "yes", "set", purpose, said_on=given["said_on"], how=given["how"],
        words=given["words"], evidence=given["evidence"],
    )  # fmt: skip


def _say_restriction(given: dict[str, Any], opened: Opened) -> Saying:
    act = "changed" if given["seen"] else "set"
    return Saying(
        "restricted", "yes", act, why=given["why"], evidence=given["evidence"],
        review_on=given["review_on"],
    )  # fmt: skip


def _say_seal(given: dict[str, Any], opened: Opened) -> Saying:
    act = "changed" if given["seen"] else "set"
    return Saying(
        "sealed", "yes", act, why=given["why"], evidence=given["evidence"],
        review_on=given["review_on"], guardians=tuple(given["guardians"]),
    )  # fmt: skip


def _say_check(given: dict[str, Any], opened: Opened) -> Saying:
    return Saying(
        "national-opt-out", "", "checked", said_on=given["said_on"], words=given["result"],
        evidence=given["evidence"],
    )  # fmt: skip


_GUARDS = (
    "Your organisation’s data protection officer does this, or a guardian of the person. Ask them."
)
_CONSENT = _Asked(
    "consent", "Record consent", "Record what they said", ConsentForm, _say_consent,
    lambda opened: opened.can_record, "", "What they said was recorded.",
)  # fmt: skip
_OBJECTION = _Asked(
    "objection", "Record an objection", "Record the objection", ObjectionForm, _say_objection,
    lambda opened: opened.can_record, "", "The objection was recorded.",
)  # fmt: skip
_RESTRICTION = _Asked(
    "restricted", "Restrict this record", "Restrict the record", RestrictionForm,
    _say_restriction, lambda opened: opened.can_guard, _GUARDS, "The record is restricted.",
)  # fmt: skip
_SEAL = _Asked(
    "sealed", "Seal this person", "Seal this person", SealForm, _say_seal,
    lambda opened: opened.can_guard, _GUARDS, "The person is sealed.",
)  # fmt: skip
_CHECK = _Asked(
    "national-opt-out", "Record a check of the National Data Opt-out", "Record the check",
    CheckForm, _say_check, lambda opened: opened.is_officer, "", "The check was recorded.",
)  # fmt: skip
