"""A referral: writing it, looking at it from either side, and its steps."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from wholeplace.foundation.errors import UnsafeActionError
from wholeplace.foundation.lifecycle import ChangedMeanwhileError
from wholeplace.people.read import read_or_nobody
from wholeplace.teams.case import TIERS
from wholeplace.teams.figures import figures
from wholeplace.teams.referral import (
    DECLINE_KINDS,
    REFERRAL_LIFE,
    SENDER,
    TRIAGER,
    URGENCIES,
    lateness_of,
)
from wholeplace.web.gateway.purposes import purposes_for
from wholeplace.web.gateway.reasons import live_reason_for, live_reasons_for
from wholeplace.web.gateway.routes import route
from wholeplace.web.teams.access import (
    PEOPLE_ROLES,
    Beginning,
    begin,
    framework_of,
    partners_with,
    people_called,
)
from wholeplace.web.teams.casework import gather_referral
from wholeplace.web.teams.changes.referring import (
    Told,
    actors_for,
    draft_referral,
    edit_draft,
    find_referral,
    send_referral,
    take_sender_step,
)
from wholeplace.web.teams.changes.triaging import Decided, sweep_late, take_triage_step, waiting_of
from wholeplace.web.teams.duplicates import gather_known, tell_known
from wholeplace.web.teams.forms import ReferralForm, StepForm
from wholeplace.web.teams.models import Case, Referral
from wholeplace.web.teams.sight import UNNAMED, Gathered, born_of, name_of, names_for, show
from wholeplace.web.teams.typed import typed_items

__all__ = ["edit", "list_referrals", "new", "show_referral", "step"]

_LIVE = ("sent", "acknowledged", "info-requested", "accepted", "started")
_COLOURS = {
    "sent": "yellow", "acknowledged": "blue", "info-requested": "orange", "accepted": "turquoise",
    "started": "green", "completed": "green", "declined": "red", "draft": "grey",
}  # fmt: skip


@route(roles=PEOPLE_ROLES, shows="personal")
@never_cache
@require_safe
def list_referrals(request: HttpRequest) -> HttpResponse:
    """What waits for one's organisation, late first; and what one sent."""
    start = begin(request)
    sweep_late(start.at)
    ours = Referral.objects.filter(receiver=start.viewer.organisation).exclude(state="draft")
    waiting = [
        each for each in ours.filter(state__in=_LIVE) if TRIAGER in actors_for(start.viewer, each)
    ]
    sent = list(Referral.objects.filter(sent_by=start.viewer.user_id, sender=start.viewer.organisation)[:100])  # fmt: skip
    names = _names(request, start, [*waiting, *sent])
    lines = [_line(each, start, names) for each in waiting]
    lines.sort(key=lambda line: (line["rank"], line["due"] or start.at))
    context = {
        "waiting": [
            line for line in lines if line["referral"].state not in ("accepted", "started")
        ],
        "working": [line for line in lines if line["referral"].state in ("accepted", "started")],
        "sent": [_line(each, start, names) for each in sent],
        "may_triage": start.viewer.role in figures().triage_roles,
    }
    return render(request, "teams/referrals.html", context)


@route(roles=PEOPLE_ROLES, shows="personal")
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, person_id: str) -> HttpResponse:
    """Write a referral about a person for whom one has a live reason."""
    start = begin(request)
    wanted = request.POST.get("purpose") or request.GET.get("for", "")
    reason = live_reason_for(start.viewer, person_id, start.at, wanted)
    if reason is None:
        return redirect(f"{reverse('people:reason', args=[person_id])}?for={wanted}")
    offered = [each for each, _ in purposes_for(start.rules, start.viewer)]
    named = [each for each in (wanted, reason.purpose) if each in offered]
    return _write(request, start, person_id, next(iter(named or offered), ""))


@route(roles=PEOPLE_ROLES, shows="personal")
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, referral_id: str) -> HttpResponse:
    """Change a referral that was not sent yet."""
    start = begin(request)
    found = find_referral(start.viewer, referral_id)
    if found.state != "draft":
        return redirect("teams:referral", referral_id=found.pk)
    return _write(request, start, found.person_id, found.purpose, found)


@route(roles=PEOPLE_ROLES, shows="personal")
@never_cache
@require_safe
def show_referral(request: HttpRequest, referral_id: str) -> HttpResponse:
    """One referral, as the sender or the receiver may see it."""
    start = begin(request)
    return _show(request, start, find_referral(start.viewer, referral_id))


@route(roles=PEOPLE_ROLES, shows="personal")
@never_cache
@sensitive_post_parameters()
@require_POST
def step(request: HttpRequest, referral_id: str) -> HttpResponse:
    """Take one step of a referral, from either side."""
    start, form = begin(request), StepForm(request.POST)
    if not form.is_valid():
        raise Http404
    given = form.cleaned_data
    try:
        _take(start, referral_id, given)
    except UnsafeActionError as error:
        found = find_referral(start.viewer, referral_id)
        status = 409 if isinstance(error, ChangedMeanwhileError) else 422
        return _show(request, start, found, error=error, typed=given, status=status)
    messages.success(request, _DONE.get(given["event"], "Done. It stands in the record."))
    found = Referral.objects.get(pk=referral_id)
    if given["event"] == "start" and found.case_id:
        return redirect("teams:case", case_id=found.case_id)
    return redirect("teams:referral", referral_id=referral_id)


_DONE = {
    "send": "It was sent. You are told what becomes of it.",
    "acknowledge": "It is yours to decide on. You may now see whom it is about.",
    "start": "A case was opened. Name its team, and begin.",
}


def _take(start: Beginning, referral_id: str, given: dict[str, Any]) -> None:
    event, version = given["event"], given["version"]
    found = find_referral(start.viewer, referral_id)
    actors = actors_for(start.viewer, found)
    is_senders = any(
        each.event == event and SENDER in each.actors
        for each in REFERRAL_LIFE.steps_from(found.state, actors)
    )
    if event == "send":
        send_referral(start.viewer, referral_id, version, start.at)
    elif is_senders and SENDER in actors:
        take_sender_step(start.viewer, referral_id, event, version, given["words"], start.at)
    else:
        framework = framework_of(start.place)
        decided = Decided(
            given["words"], given["kind"], given["partner"], given["case"],
            (framework.id, framework.version), given["tier"] or "early-help", given["job"],
        )  # fmt: skip
        take_triage_step(start.viewer, referral_id, event, version, decided, start.at)


def _write(
    request: HttpRequest, start: Beginning, person_id: str, purpose: str,
    found: Referral | None = None,
) -> HttpResponse:  # fmt: skip
    names, household = _household(request, start, person_id, purpose)
    known = Gathered()
    gather_known(known, [person_id, *(each for each, _ in household)], found.pk if found else "")
    told = show(
        request, start, "referral-known", purpose, [person_id, *(each for each, _ in household)],
        known, with_identity=False,
    )  # fmt: skip
    form = ReferralForm(
        request.POST or None,
        receivers=partners_with(start.place, figures().triage_roles, start.viewer.organisation),
        household=household, purposes=purposes_for(start.rules, start.viewer),
        initial=_initial(found, purpose),
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        typed = dict(form.cleaned_data)
        people = [person_id, *typed.pop("household", [])]
        try:
            if found is None:
                kept = draft_referral(start.user, start.viewer, people, Told(**typed), start.at)
            else:
                version = int(request.POST.get("version") or 0)
                kept = edit_draft(start.viewer, found.pk, version, people, Told(**typed), start.at)
        except UnsafeActionError as error:
            form.add_error(None, f"{error.what} {error.why} {error.do_next}")
        else:
            return redirect("teams:referral", referral_id=kept.pk)
    context = {
        "form": form,
        "name": names.get(person_id, UNNAMED),
        "person_id": person_id,
        "purpose": purpose,
        "referral": found,
        "known": tell_known(known, told, start),
    }
    return render(request, "teams/refer.html", context, status=422 if form.errors else 200)


def _initial(found: Referral | None, purpose: str) -> dict[str, Any]:
    if found is None:
        return {"purpose": purpose, "urgency": "routine"}
    names = (
        "receiver", "purpose", "why", "wanted", "family_says", "urgency", "agreed", "agreed_why",
        "contact_safety",
    )  # fmt: skip
    held = {name: getattr(found, name) for name in names}
    return held | {"household": [each.person_id for each in found.people.all() if not each.is_main]}


def _household(
    request: HttpRequest, start: Beginning, person_id: str, purpose: str
) -> tuple[dict[str, str], list[tuple[str, str]]]:
    """Return names, and those of the household whom the sender may refer too.

    Raises:
        Http404: if the sender may not know of the person; alike where there is nobody.
    """
    from dataclasses import replace

    from wholeplace.web.gateway.reveal import reveal_page

    whole = read_or_nobody(start.place.snapshot_reader, person_id)
    everybody = [each.person_id for each in whole.subjects]
    reasons = live_reasons_for(start.viewer, everybody, start.at, purpose)
    first = reasons.get(person_id)
    shown = ("identity.name", "identity.birth-date", "contact.address")
    revealed = reveal_page(
        request, page="refer", purpose=purpose, subjects=whole.subjects,
        items=[item for item in whole.items if item.field in shown],
        reason=replace(first, person_ids=frozenset(reasons)) if first else None, at=start.at,
        reasons=reasons,
    )  # fmt: skip
    if revealed.person(person_id) is None:
        raise Http404
    household = []
    for mate in whole.household:
        mate_id = mate.subject.person_id
        seen = revealed.person(mate_id)
        if seen is None or mate_id not in reasons or not mate.is_seen(seen.items):
            continue
        born = born_of(revealed, mate_id)
        name = name_of(revealed, mate_id) or UNNAMED
        household.append((mate_id, f"{name}, born {born}" if born else name))
    return {person_id: name_of(revealed, person_id) or UNNAMED}, household


def _show(
    request: HttpRequest, start: Beginning, found: Referral, *, error: UnsafeActionError | None = None,
    typed: dict[str, Any] | None = None, status: int = 200,
) -> HttpResponse:  # fmt: skip
    people = list(found.people.all())
    ids = [each.person_id for each in people]
    gathered = gather_referral(found, ids)
    gather_known(gathered, [each.person_id for each in people if each.is_known], found.pk)
    told = show(
        request, start, "referral", found.purpose, ids, gathered, typed=typed_items(found, people)
    )
    actors = actors_for(start.viewer, found)
    known = tell_known(gathered, told, start)
    joinable = [
        each
        for each in Case.objects.filter(pk__in=[k.case for k in known if k.case])
        if each.holder == start.viewer.organisation and each.purpose == found.purpose
    ]
    context = {
        "line": _line(found, start, told.names),
        "referral": found,
        "people": [
            {
                "row": each,
                "name": told.names.get(each.person_id, UNNAMED),
                "born": told.born.get(each.person_id, ""),
                "may_open": each.is_known and each.person_id in told.reasons,
            }
            for each in people
        ],
        "says": [(label, words) for name, label in _SAYS if (words := told.words(found, name))],
        "has_words": told.of(found) is not None,
        "agreed": _AGREED.get(found.agreed, ""),
        "urgency": URGENCIES.get(found.urgency, ""),
        "steps": REFERRAL_LIFE.steps_from(found.state, actors),
        "is_sender": SENDER in actors,
        "is_triager": TRIAGER in actors,
        "history": _history(found, told, start),
        "known": known,
        "joinable": joinable,
        "decline_kinds": DECLINE_KINDS.items(),
        "partners": [
            each
            for each in partners_with(start.place, figures().triage_roles, found.receiver)
            if each[0] != found.sender
        ],
        "tiers": TIERS.items(),
        "case": _own_case(found, start),
        "error": error,
        "typed": typed or {},
        "may_identify": found.state == "acknowledged" and TRIAGER in actors,
    }
    return render(request, "teams/referral.html", context, status=status)


_DID = {
    "send": "Sent it", "acknowledge": "Took it on to decide", "ask": "Asked the sender",
    "answer": "Answered", "accept": "Accepted it", "start": "Started work", "complete": "Completed it",
    "end-early": "Ended it early", "decline": "Declined it", "redirect": "Passed it on",
    "withdraw": "Withdrew it", "withdraw-consent": "Ended it: the person no longer agrees",
    "identify": "Said who it is about",
}  # fmt: skip
_SAYS = (
    ("why", "Why, and why now"),
    ("wanted", "What is hoped for"),
    ("family_says", "What the family says"),
    ("contact_safety", "How it is safe to reach them"),
    ("agreed_why", "Why without their agreement"),
)
_AGREED = {
    "yes": "They know and agree",
    "not-asked": "They were not asked",
    "no": "They were asked and do not agree",
}


def _own_case(found: Referral, start: Beginning) -> Case | None:
    from wholeplace.web.teams.changes.opening import actors_of

    case = Case.objects.filter(pk=found.case_id).first() if found.case_id else None
    return case if case and actors_of(case, start.viewer) else None


def _history(found: Referral, told: Any, start: Beginning) -> list[dict[str, Any]]:
    steps = list(found.steps.all())
    named = people_called(each.by for each in steps)
    return [
        {
            "at": each.at,
            "by": named[each.by].name if each.by in named else "",
            "of": start.partner(each.organisation) if each.organisation else "",
            "what": _DID.get(each.event, each.event),
            "words": told.words(each, "words"),
            "is_kept_back": bool(each.words) and not told.words(each, "words"),
        }
        for each in steps
    ]


def _names(request: HttpRequest, start: Beginning, rows: list[Referral]) -> dict[str, str]:
    wanted = [(each.person_id, each.purpose) for each in rows if each.person_id]
    return names_for(request, start, "referrals", wanted) if wanted else {}


def _line(found: Referral, start: Beginning, names: Any) -> dict[str, Any]:
    late = lateness_of(waiting_of(found), start.at)
    due = found.due_at and found.due_at + waiting_of(found).paused
    return {
        "referral": found,
        "name": names.get(found.person_id, ""),
        "from": start.partner(found.sender),
        "to": start.partner(found.receiver),
        "state": REFERRAL_LIFE.states[found.state],
        "colour": _COLOURS.get(found.state, "grey"),
        "late": late,
        "due": due,
        "rank": {"escalated": 0, "late": 1}.get(late, 2),
        "urgency": URGENCIES.get(found.urgency, ""),
        "decline": DECLINE_KINDS.get(found.decline_kind, ""),
        "purpose": start.rules.terms.words("purpose", found.purpose),
    }
