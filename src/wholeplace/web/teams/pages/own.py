"""The resident's own pages: my plan, what I say of it, and asking for help."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from wholeplace.agreements.subjects.request import Viewer
from wholeplace.foundation.errors import UnsafeActionError
from wholeplace.teams.action import ACTION_LIFE
from wholeplace.teams.figures import figures
from wholeplace.teams.plan import FAMILY_WORDS, OUTCOMES
from wholeplace.teams.referral import DECLINE_KINDS, LIVE_REFERRAL, REFERRAL_LIFE
from wholeplace.web.chain.trail import record, subject_pseudonym
from wholeplace.web.gateway.own_record import own_person
from wholeplace.web.gateway.routes import route
from wholeplace.web.gateway.wiring import current_place
from wholeplace.web.teams.access import number_in, partners_with, people_called
from wholeplace.web.teams.changes.links import send_for_self
from wholeplace.web.teams.changes.planning import say_as_family
from wholeplace.web.teams.changes.referring import Told, take_sender_step
from wholeplace.web.teams.forms import OwnReferralForm
from wholeplace.web.teams.models import Case, CasePerson, Referral

__all__ = ["ask_for_help", "no_longer", "own_plan", "say"]

RESIDENT = "resident"
_View = Callable[..., HttpResponse]
_ENDED_UNSEEN = ("merged", "no-further-action", "signposted")


def own_record(view: _View) -> _View:
    """Give a view the resident's person id; where the account is not open, say so instead."""

    @wraps(view)
    def opened(request: HttpRequest, *args: Any, **given: Any) -> HttpResponse:
        person_id = own_person(str(request.user.pk))
        if not person_id:
            record("my-plan.not-open", actor=str(request.user.pk))
            return render(request, "teams/own_closed.html")
        return view(request, person_id, *args, **given)

    return opened


@route(roles=[RESIDENT], shows="personal")
@never_cache
@require_safe
@own_record
def own_plan(request: HttpRequest, person_id: str) -> HttpResponse:
    """My plan: what we agreed, who does what, who helps, and what I said."""
    _record_own("my-plan.opened", request, person_id)
    rows = CasePerson.objects.filter(person_id=person_id, removed_at=None).select_related("case")
    plans = [_plan(each) for each in rows if each.case.state not in _ENDED_UNSEEN]
    # Of one that they do not know of they learn from a person, when it is safe.
    found = Referral.objects.filter(person_id=person_id, agreed="yes").exclude(state="draft")
    context = {
        "plans": plans,
        "referrals": [_referral(each) for each in found],
        "kinds": FAMILY_WORDS.items(),
    }
    return render(request, "teams/own_plan.html", context)


@route(roles=[RESIDENT], shows="personal")
@never_cache
@sensitive_post_parameters()
@require_POST
@own_record
def say(request: HttpRequest, person_id: str, case_id: str) -> HttpResponse:
    """Say what I think of the plan."""
    given, user = request.POST, request.user
    about = _about(person_id, case_id, number_in(given.get("goal", "")))
    try:
        say_as_family(
            user, person_id, case_id, given.get("kind", ""), given.get("text", "")[:2000],  # type: ignore[arg-type]
            timezone.now(), goal=about,
        )  # fmt: skip
    except UnsafeActionError as error:
        messages.error(request, f"{error.why} {error.do_next}")
    else:
        messages.success(request, "They were told. What you said stands beside the plan.")
    return redirect("teams:own-plan")


@route(roles=[RESIDENT], shows="personal")
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@own_record
def ask_for_help(request: HttpRequest, person_id: str) -> HttpResponse:
    """Ask a service for help, for myself."""
    place = current_place()
    offered = partners_with(place, figures().holder_roles)
    form = OwnReferralForm(request.POST or None, receivers=offered, initial={"urgency": "soon"})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        purpose = _purpose()
        told = Told(
            given["receiver"], purpose, given["urgency"], given["why"], "yes", given["wanted"],
            contact_safety=given["contact_safety"],
        )  # fmt: skip
        try:
            send_for_self(request.user, person_id, told, timezone.now())  # type: ignore[arg-type]
        except UnsafeActionError as error:
            form.add_error(None, f"{error.why} {error.do_next}")
        else:
            messages.success(request, "It was sent. You see here what becomes of it.")
            return redirect("teams:own-plan")
    _record_own("my-plan.asking", request, person_id)
    return render(request, "teams/own_ask.html", {"form": form}, status=422 if form.errors else 200)


@route(roles=[RESIDENT], shows="personal")
@never_cache
@require_POST
@own_record
def no_longer(request: HttpRequest, person_id: str, referral_id: str) -> HttpResponse:
    """Withdraw my agreement to a referral."""
    viewer = Viewer(str(request.user.pk), "", RESIDENT)
    version = number_in(request.POST.get("version", ""))
    try:
        take_sender_step(
            viewer, referral_id, "withdraw-consent", version, "", timezone.now(),
            own_person=person_id,
        )  # fmt: skip
    except UnsafeActionError as error:
        messages.error(request, f"{error.what} {error.why} {error.do_next}")
    else:
        messages.success(request, "It was ended. They may no longer look at your record for it.")
    return redirect("teams:own-plan")


def _plan(row: CasePerson) -> dict[str, Any]:
    """Return a plan for somebody of the family: all of it, or their own goals alone."""
    case: Case = row.case
    goals = list(case.goals.prefetch_related("actions"))
    if not row.reads_plan:
        goals = [each for each in goals if each.person_id == row.person_id]
    members = list(case.members.filter(left_at=None))
    actions = [action for goal in goals for action in goal.actions.all()]
    named = people_called([*(each.user_id for each in members), *(each.owner for each in actions)])
    terms = current_place().terms
    team = [
        {
            "name": named[each.user_id].name,
            "email": named[each.user_id].email,
            "organisation": terms.words("partner", each.organisation),
            "job": each.job,
            "is_lead": each.is_lead,
        }
        for each in members
        if each.user_id in named
    ]
    return {
        "case": case,
        "holder": terms.words("partner", case.holder),
        "lead": next((each for each in team if each["is_lead"]), None),
        "team": team,
        "review_on": case.review_on,
        "goals": [
            {
                "id": goal.pk,
                "words": goal.words,
                "seen_when": goal.seen_when,
                "outcome": OUTCOMES.get(goal.outcome, ""),
                "outcome_words": goal.outcome_words,
                "actions": [
                    {
                        "what": each.what,
                        "owner": named[each.owner].name
                        if each.owner in named
                        else "Not yet said who",
                        "organisation": terms.words("partner", each.organisation),
                        "due_on": each.due_on,
                        "state": ACTION_LIFE.states[each.state],
                    }
                    for each in goal.actions.all()
                    if each.state != "cancelled"
                ],
            }
            for goal in goals
        ],
        "said": [
            {"word": each, "kind": FAMILY_WORDS[each.kind]}
            for each in case.family_words.filter(person_id=row.person_id)
        ],
    }


def _referral(found: Referral) -> dict[str, Any]:
    terms = current_place().terms
    return {
        "referral": found,
        "to": terms.words("partner", found.receiver),
        "from": terms.words("partner", found.sender) if found.sender else "you",
        "state": REFERRAL_LIFE.states[found.state],
        "colour": "green" if found.state in ("accepted", "started", "completed") else "blue",
        "decline": DECLINE_KINDS.get(found.decline_kind, ""),
        "is_live": found.state in LIVE_REFERRAL,
    }


def _about(person_id: str, case_id: str, goal: int) -> int:
    """Return the goal that it is about, if it is one that the resident reads."""
    row = CasePerson.objects.filter(case_id=case_id, person_id=person_id, removed_at=None).first()
    if row is None or not goal:
        return 0
    goals = row.case.goals.filter(pk=goal)
    if not row.reads_plan:
        goals = goals.filter(person_id=person_id)
    return goal if goals.exists() else 0


def _purpose() -> str:
    """Return the most ordinary purpose for which people see their own organisation's data at all."""
    from wholeplace.agreements.figures import figures as rules_figures

    vocabulary = current_place().terms.purposes
    own = {p for purposes in rules_figures().own_data.values() for p in purposes}
    return next(each for each in vocabulary if each in own and each != "matching")


def _record_own(kind: str, request: HttpRequest, person_id: str) -> None:
    record(
        kind, actor=str(request.user.pk), organisation="", role=RESIDENT,
        subjects=[{"subject": subject_pseudonym(person_id)}],
    )  # fmt: skip
