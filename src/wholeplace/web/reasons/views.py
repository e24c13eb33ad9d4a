"""My reasons, what I was told, the review queue, and counts."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from wholeplace.agreements.figures import figures
from wholeplace.foundation.errors import WholeplaceError
from wholeplace.web.gateway.models import Notice, OpenReason
from wholeplace.web.gateway.purposes import PEOPLE_ROLES
from wholeplace.web.gateway.reasons import close_reason, list_reasons
from wholeplace.web.gateway.routes import route
from wholeplace.web.reasons.access import SECONDS, Beginning, begin, people_of
from wholeplace.web.reasons.counting import count_reasons
from wholeplace.web.reasons.forms import ReplyForm, ReviewForm
from wholeplace.web.reasons.models import ReviewStep
from wholeplace.web.reasons.requests import sweep_requests
from wholeplace.web.reasons.reviews import (
    OPEN_STATES,
    STATE_WORDS,
    find_review,
    move,
    queue_of,
    saw,
    tell_of_late,
)
from wholeplace.web.reasons.telling import tell_notices

__all__ = ["close", "counts", "mine", "queue", "read", "reply", "review"]

KIND_WORDS = {
    "duty": "Duty reason",
    "break-glass": "Broken glass",
    "case": "Case",
    "referral": "Referral",
    "meeting": "Meeting",
    "information-request": "Request for information",
}
STEP_WORDS = {
    "ask": "asked",
    "tell": "answered",
    "justify": "found it justified",
    "find-fault": "found it not justified",
}
_SHOWN_PAST = 30
_MONTHS = 12


@route(roles="signed-in", shows="operations")
@never_cache
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """What this user may rely on now, what they gave before, and what they were told."""
    start = begin(request)
    tell_of_late(start.today, start.at)
    sweep_requests(start.at)
    live = list_reasons(start.viewer, start.at)
    past = OpenReason.objects.filter(opened_by=start.viewer.user_id).exclude(
        pk__in=[each.id for each in live]
    )
    context = {
        "has_people": start.viewer.role in PEOPLE_ROLES,
        "live": [_live_row(each, start) for each in live],
        "past": [_past_row(each, start) for each in past[:_SHOWN_PAST]],
        "notices": tell_notices(start),
        "to_confirm": reverse("reasons:seconds") if start.viewer.role in SECONDS else "",
    }
    return render(request, "reasons/mine.html", context)


@route(roles="signed-in", shows="operations")
@require_POST
def close(request: HttpRequest, reason_id: str) -> HttpResponse:
    """End a reason of one's own before its time."""
    start = begin(request)
    if not close_reason(start.viewer, reason_id, start.at):
        raise Http404
    messages.success(request, "Your reason has ended. Its review stays due.")
    return redirect("reasons:mine")


@route(roles="signed-in", shows="operations")
@require_POST
def read(request: HttpRequest, notice_id: int) -> HttpResponse:
    """Put away something that one was told."""
    start = begin(request)
    found = Notice.objects.filter(pk=notice_id, user_id=start.viewer.user_id)
    if not found.update(read_at=start.at):
        raise Http404
    return redirect("reasons:mine")


@route(roles="signed-in", shows="operations")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def reply(request: HttpRequest, reason_id: str) -> HttpResponse:
    """One's own reason with its review; answer what the reviewer asks."""
    start = begin(request)
    found = OpenReason.objects.filter(pk=reason_id, opened_by=start.viewer.user_id).first()
    if found is None:
        raise Http404
    form = ReplyForm(request.POST or None, initial={"version": found.version})
    if request.method == "POST" and form.is_valid():
        try:
            move(
                start.user, reason_id, "tell", form.cleaned_data["note"], start.at,
                version=form.cleaned_data["version"],
            )  # fmt: skip
        except WholeplaceError as error:
            form.add_error(None, f"{error.what} {error.why} {error.do_next}")
        else:
            messages.success(request, "Your answer was given to the reviewer.")
            return redirect("reasons:reply", reason_id=reason_id)
    context = _shown(found, start) | {"form": form if found.review_state == "asked" else None}
    return render(request, "reasons/reply.html", context, status=422 if form.errors else 200)


@route(roles=figures().reviewer_roles, shows="operations")
@never_cache
@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """Reasons that wait for this user's review: overdue first."""
    start = begin(request)
    tell_of_late(start.today, start.at)
    waiting = queue_of(start.user, start.viewer.role, start.today)
    kind, organisation = request.GET.get("kind", ""), request.GET.get("organisation", "")
    people = people_of(*(each.reason.opened_by for each in waiting))
    organisations = sorted({each.reason.organisation for each in waiting})
    rows = [
        {
            "reason": each.reason,
            "kind": KIND_WORDS.get(each.reason.kind, each.reason.kind),
            "who": people.get(each.reason.opened_by),
            "partner": start.rules.terms.words("partner", each.reason.organisation),
            "state": STATE_WORDS[each.reason.review_state],
            "is_late": each.is_late,
            "escalation": each.escalation,
        }
        for each in waiting
        if kind in ("", each.reason.kind) and organisation in ("", each.reason.organisation)
    ]
    context = {
        "rows": rows,
        "in_all": len(waiting),
        "late": sum(each.is_late for each in waiting),
        "kind": kind,
        "organisation": organisation,
        "kinds": [(each, KIND_WORDS[each]) for each in ("break-glass", "duty")],
        "organisations": [(e, start.rules.terms.words("partner", e)) for e in organisations],
        "days": figures().review_working_days,
        "percent": figures().duty_review_percent,
    }
    return render(request, "reasons/queue.html", context)


@route(roles=figures().reviewer_roles, shows="operations")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def review(request: HttpRequest, reason_id: str) -> HttpResponse:
    """One reason: who, when, why, what was seen at which level; and what the reviewer finds."""
    start = begin(request)
    found = find_review(start.user, start.viewer.role, reason_id, start.today)
    if found is None:
        raise Http404
    form = ReviewForm(request.POST or None, initial={"version": found.version})
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            move(
                start.user, reason_id, typed["step"], typed["note"], start.at,
                version=typed["version"],
                done=typed["done"] if typed["step"] == "find-fault" else "",
            )  # fmt: skip
        except WholeplaceError as error:
            form.add_error(None, f"{error.what} {error.why} {error.do_next}")
            found.refresh_from_db()
            # So that sending it again, having read what changed, is heard.
            typed_again = request.POST.copy()
            typed_again["version"] = str(found.version)
            form.data = typed_again
        else:
            messages.success(request, "Your review was kept, and they were told.")
            return redirect("reasons:queue")
    context = _shown(found, start) | {
        "form": form if found.review_state in OPEN_STATES else None,
        "saw": saw(found, start.place.place),
        "second": people_of(found.confirmed_by).get(found.confirmed_by),
    }
    return render(request, "reasons/review.html", context, status=422 if form.errors else 200)


@route(roles=["data-protection-officer", "programme-lead"], shows="operations")
@never_cache
@require_safe
def counts(request: HttpRequest) -> HttpResponse:
    """Reasons and broken glass by organisation and month; the host's officers see every one."""
    start = begin(request)
    partners = start.place.place.partners
    is_host = start.user.organisation == start.place.place.place.host
    wanted = list(partners) if is_host else [start.user.organisation]
    rows = [
        (partners[row.organisation].name, row)
        for row in count_reasons(wanted, start.today, _MONTHS)
    ]
    context = {
        "rows": rows,
        "months": _MONTHS,
        "broken": sum(row.broken for _, row in rows),
        "late": sum(row.late for _, row in rows),
    }
    return render(request, "reasons/counts.html", context)


def _live_row(reason: Any, start: Beginning) -> dict[str, Any]:
    (person_id,) = reason.person_ids
    return {
        "id": reason.id,
        "kind": KIND_WORDS.get(reason.kind, reason.kind),
        "text": reason.text,
        "purpose": start.rules.terms.words("purpose", reason.purpose) if reason.purpose else "",
        "expires_at": reason.expires_at,
        "url": f"{reverse('people:person', args=[person_id])}?for={reason.purpose}"
        if start.viewer.role in PEOPLE_ROLES
        else "",
        "can_close": reason.kind in ("duty", "break-glass"),
    }


def _past_row(reason: OpenReason, start: Beginning) -> dict[str, Any]:
    return {
        "reason": reason,
        "kind": KIND_WORDS.get(reason.kind, reason.kind),
        "purpose": start.rules.terms.words("purpose", reason.purpose),
        "state": STATE_WORDS[reason.review_state],
        "is_asked": reason.review_state == "asked",
    }


def _shown(reason: OpenReason, start: Beginning) -> dict[str, Any]:
    """Return what a reviewer and whoever gave the reason both see. Not who it is about."""
    steps = list(ReviewStep.objects.filter(reason_id=reason.pk))
    people = people_of(reason.opened_by, *(each.by for each in steps))
    terms = start.rules.terms
    ended: dt.datetime = min(filter(None, [reason.closed_at, reason.expires_at]))
    return {
        "reason": reason,
        "kind": KIND_WORDS.get(reason.kind, reason.kind),
        "who": people.get(reason.opened_by),
        "partner": terms.words("partner", reason.organisation),
        "role": terms.words("role", reason.role),
        "purpose": terms.words("purpose", reason.purpose),
        "ended_at": ended,
        "state": STATE_WORDS[reason.review_state],
        "steps": [
            {"step": each, "who": people.get(each.by), "did": STEP_WORDS[each.move]}
            for each in steps
        ],
    }
