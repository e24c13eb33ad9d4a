"""Pages of families on a programme: the list, one family rule by rule, and what was written down."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from wholeplace.foundation.errors import UnsafeActionError
from wholeplace.outcomes.claims.life import CLAIM_LIFE
from wholeplace.web.gateway.routes import route
from wholeplace.web.gateway.wiring import current_place
from wholeplace.web.look.trend import Series, draw_trend
from wholeplace.web.outcomes.checking import (
    check_family,
    check_list,
    keep_check,
    needs_over_time,
    reveal_evidence,
)
from wholeplace.web.outcomes.families import change_family, find_family
from wholeplace.web.outcomes.forms import RecordForm
from wholeplace.web.outcomes.models import Claim, Family
from wholeplace.web.outcomes.views.words import names_of, rule_lines, viewer_or_404

__all__ = ["change", "check_all", "list_families", "show", "show_family"]

READERS = frozenset({"programme-lead", "finance-lead", "auditor"})
_ROWS = 50
_LIVE = ("refused", "withdrawn", "paid-back")


@route(roles=READERS, shows="operations")
@require_safe
def list_families(request: HttpRequest) -> HttpResponse:
    """Families on the programme: open, ready to be claimed, claimed."""
    viewer = viewer_or_404(request)
    families = Family.objects.filter(organisation=viewer.organisation).select_related("framework")
    page = Paginator(families, _ROWS).get_page(request.GET.get("page"))
    claims = Claim.objects.filter(family__in=page.object_list).exclude(state__in=_LIVE)
    live = {each.family_id: each for each in claims}
    lines = [_line(each, live.get(each.ref)) for each in page]
    waiting = Claim.objects.filter(organisation=viewer.organisation, state="claimed")
    return render(
        request,
        "outcomes/families.html",
        {
            "lines": lines,
            "page": page,
            "total": families.count(),
            "ready": families.filter(last_failed=[])
            .exclude(claims__state__in=[s for s in CLAIM_LIFE.states if s not in _LIVE])
            .count(),
            "waiting": waiting.count() if viewer.role == "finance-lead" else 0,
            "to_decide": waiting if viewer.role == "finance-lead" else (),
            "can_check": viewer.role == "programme-lead",
            "role": viewer.role,
        },
    )


def _line(family: Family, claim: Claim | None) -> dict[str, Any]:
    failed = family.last_failed
    if claim is not None:
        state, colour = CLAIM_LIFE.states[claim.state], "blue" if claim.state != "paid" else "green"
    elif failed is None:
        state, colour = "Not checked", "grey"
    elif not failed:
        state, colour = "Ready to claim", "green"
    else:
        many = len(failed)
        state, colour = f"{many} {'rule fails' if many == 1 else 'rules fail'}", "yellow"
    return {"family": family, "claim": claim, "state": state, "colour": colour}


@route(roles=frozenset({"programme-lead"}), shows="operations")
@require_POST
def check_all(request: HttpRequest) -> HttpResponse:
    """Check every family against its rules now."""
    checked = check_list(current_place(), viewer_or_404(request), dt.datetime.now(dt.UTC))
    messages.success(request, f"{checked} families were checked against their rules.")
    return redirect("outcomes:families")


@route(roles=READERS, shows="personal")
@require_safe
def show(request: HttpRequest, family_ref: str) -> HttpResponse:
    """One family: each rule, whether it passes, by which evidence, and what to do where it fails."""
    return show_family(request, family_ref)


def show_family(
    request: HttpRequest, ref: str, error: UnsafeActionError | None = None, status: int = 200
) -> HttpResponse:
    """Answer with a family's page."""
    viewer, at, place = viewer_or_404(request), dt.datetime.now(dt.UTC), current_place()
    family = find_family(viewer, ref)
    checked = check_family(place, viewer, family, at)
    seen = reveal_evidence(request, viewer, family, checked, "family on a programme", at)
    keep_check(family, checked, at)
    terms = checked.framework.claims
    assert terms is not None  # noqa: S101 - for the type checker
    claims = list(family.claims.all())
    live = next((each for each in claims if each.state not in _LIVE), None)
    words = place.terms
    course = needs_over_time(checked, family.joined_on, place.today) if family.joined_on else []
    return render(
        request,
        "outcomes/family.html",
        {
            "family": family,
            "framework": checked.framework,
            "lead": names_of([family.lead]).get(family.lead, ""),
            "rules": rule_lines(terms, checked, seen),
            "judgement": checked.judgement,
            "members": len(checked.subjects),
            "needs_at_start": _needs(checked.framework, checked.facts.at_start),
            "needs_since": _needs(checked.framework, checked.facts.since),
            "course": course,
            "chart": _chart(course),
            "unused": [words.words("field", each) for each in checked.unused],
            "claims": [(each, CLAIM_LIFE.states[each.state]) for each in claims],
            "live": live,
            "can_change": viewer.role == "programme-lead" and live is None,
            "can_claim": viewer.role == "programme-lead"
            and live is None
            and checked.judgement.is_valid,
            "as_of": str(place.snapshot.manifest["as_of"])[:10],
            "error": error,
        },
        status=status,
    )


def _chart(course: list[tuple[dt.date, int]]) -> Any:
    """Draw needs over time, beside the straight line from those at the start to none."""
    if len(course) < 2:
        return None
    first, last = course[0][0].isoformat(), course[-1][0].isoformat()
    lines = [
        Series("Needs shown", {day.isoformat(): 10 * count for day, count in course}),
        Series("Course to none", {first: 10 * course[0][1], last: 0}),
    ]
    return draw_trend("Needs that data shows, quarter by quarter", "needs", lines)


def _needs(framework: Any, shown: Any) -> list[str]:
    labels = {need.id: need.label for headline in framework.headlines for need in headline.needs}
    return sorted({labels[each.need] for each in shown})


@route(roles=frozenset({"programme-lead"}), shows="operations")
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, family_ref: str) -> HttpResponse:
    """Put right what was written down about a family."""
    viewer = viewer_or_404(request)
    family = find_family(viewer, family_ref)
    first = {name: getattr(family, name) for name in RecordForm.base_fields}
    form = RecordForm(request.POST or None, initial=first, organisation=viewer.organisation)
    if request.method == "POST" and form.is_valid():
        version = request.POST.get("version", "")
        try:
            change_family(
                viewer, family.ref, int(version) if version.isdigit() else 0, form.cleaned_data
            )
        except UnsafeActionError as error:
            form.add_error(None, f"{error.what} {error.why} {error.do_next}")
        else:
            messages.success(request, "It was written down, and the rules were asked again.")
            return redirect("outcomes:family", family_ref=family.ref)
    return render(request, "outcomes/record.html", {"form": form, "family": family})
