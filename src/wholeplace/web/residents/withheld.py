"""Pages on what is left out of accounts: mark, have a second person decide, look again."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from wholeplace.agreements import Viewer
from wholeplace.agreements.account.withholding import Mark, withholding_rules
from wholeplace.agreements.deciding.rules import Rules
from wholeplace.foundation.errors import UnsafeActionError
from wholeplace.web.chain.trail import record
from wholeplace.web.gateway.reveal import viewer_of
from wholeplace.web.gateway.routes import route
from wholeplace.web.gateway.wiring import current_place
from wholeplace.web.residents.forms import MarkForm
from wholeplace.web.residents.marks import STATES, STEPS, list_marks, propose_mark, step_mark
from wholeplace.web.residents.models import WithholdingMark
from wholeplace.web.residents.staff import CHECKERS, OFFICER, check_may_act

__all__ = ["mark_page", "marks", "new_mark"]

_DECIDERS = [OFFICER, "signatory"]
_DAYS_OFFERED = 31


@route(roles=_DECIDERS, shows="operations")
@require_safe
def marks(request: HttpRequest) -> HttpResponse:
    """What one's own organisation leaves out of accounts; no name of anybody."""
    viewer, place = _viewer(request), current_place()
    rules = place.rules(place.today)
    rows = [
        {"mark": each, "what": _words(each, rules), "state": STATES[each.state],
         "is_due": each.state in ("proposed", "agreed") and each.review_on <= place.today}
        for each in list_marks(viewer.organisation)
    ]  # fmt: skip
    return render(request, "residents/marks.html", {"rows": rows})


@route(roles=CHECKERS, shows="personal")
@never_cache
@sensitive_post_parameters("why")
@require_http_methods(["GET", "HEAD", "POST"])
def new_mark(request: HttpRequest, person_id: str) -> HttpResponse:
    """Leave something out of one person's account, from now on."""
    viewer, place = check_may_act(request, person_id), current_place()
    rules = place.rules(place.today)
    form = MarkForm(_choices(rules, place.today), request.POST or None)
    if request.method == "POST" and form.is_valid():
        kind, _, value = form.cleaned_data["what"].partition(":")
        try:
            propose_mark(
                viewer, person_id, Mark(kind, value), form.cleaned_data["why"],
                form.cleaned_data["review_on"], dt.datetime.now(dt.UTC),
            )  # fmt: skip
        except UnsafeActionError as error:
            form.add_error(None, f"{error.why} {error.do_next}")
        else:
            messages.success(
                request, "It is left out from now on. A second person in your organisation decides."
            )
            return redirect("home")
    shown = {"form": form, "person_id": person_id}
    return render(request, "residents/new_mark.html", shown, status=422 if form.errors else 200)


@route(roles=_DECIDERS, shows="personal")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def mark_page(request: HttpRequest, mark_id: int) -> HttpResponse:
    """One mark: agree, refuse, look at it again, end it."""
    viewer, place = _viewer(request), current_place()
    found = WithholdingMark.objects.filter(pk=mark_id, organisation=viewer.organisation).first()
    if found is None:
        raise Http404
    record(
        "withholding.read", actor=viewer.user_id, organisation=viewer.organisation,
        role=viewer.role, mark=str(found.pk),
    )  # fmt: skip
    fault = ""
    if request.method == "POST":
        typed = request.POST.get("version", "")
        version = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 9 else 0
        try:
            step_mark(
                viewer, found, request.POST.get("step", ""), version, dt.datetime.now(dt.UTC),
                _next_review(request),
            )  # fmt: skip
        except UnsafeActionError as error:
            fault = f"{error.why} {error.do_next}"
        else:
            messages.success(request, "Done. It stands in the record of who looked.")
            return redirect("residents:marks")
    rules = place.rules(place.today)
    shown = {
        "mark": found, "what": _words(found, rules), "state": STATES[found.state], "fault": fault,
        "steps": [each for each, (before, _, _) in STEPS.items() if found.state in before],
        "is_mine": found.proposed_by == viewer.user_id,
    }  # fmt: skip
    return render(request, "residents/mark.html", shown, status=422 if fault else 200)


def _next_review(request: HttpRequest) -> dt.date | None:
    """Return the new day of review where the step needs one: so many days from today."""
    typed = request.POST.get("days", "")
    if request.POST.get("step") != "review" or not (typed.isascii() and typed.isdigit()):
        return None
    return current_place().today + dt.timedelta(days=int(typed[:4]))


def _choices(rules: Rules, today: dt.date) -> dict[str, list[tuple[str, str]]]:
    """Return what can be left out, by kind: from the place's own words, nothing from any record."""
    terms, kinds = rules.terms, withholding_rules().marks
    days = [today - dt.timedelta(days=back) for back in range(_DAYS_OFFERED)]
    return {
        "Everything": [("everything:", kinds["everything"])],
        "One purpose": [(f"purpose:{each}", words) for each, words in terms.purposes.items()],
        "One kind of information": [
            (f"field-group:{each}", words) for each, words in terms.groups.items()
        ],
        "One organisation": [
            (f"organisation:{each}", words) for each, words in terms.partners.items()
        ],
        **{
            f"One day of {words}": [
                (f"day:{each}|{day.isoformat()}", f"{words}, {day:%-d %B %Y}") for day in days
            ]
            for each, words in terms.partners.items()
        },
    }


def _words(mark: WithholdingMark, rules: Rules) -> str:
    terms, kind = rules.terms, withholding_rules().marks.get(mark.kind, mark.kind)
    if mark.kind == "day":
        partner, _, day = mark.value.partition("|")
        return f"{kind}: {terms.words('partner', partner)}, {dt.date.fromisoformat(day):%-d %B %Y}"
    known: Any = {"purpose": "purpose", "organisation": "partner", "field-group": "field"}
    said = terms.words(known[mark.kind], mark.value) if mark.kind in known else mark.value
    return f"{kind}: {said}" if said else kind


def _viewer(request: HttpRequest) -> Viewer:
    viewer = viewer_of(request)
    assert viewer is not None  # noqa: S101 - the route admits nobody else
    return viewer
