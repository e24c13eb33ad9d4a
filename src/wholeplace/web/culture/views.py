"""Pages of the word map and of the pulse."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, Literal

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from wholeplace.agreements.subjects.request import Viewer
from wholeplace.foundation.errors import UnsafeActionError
from wholeplace.teams.figures import figures
from wholeplace.teams.pulse.telling import GROUPINGS
from wholeplace.web.culture import rounds
from wholeplace.web.culture.forms import ActionForm, AnswerForm, OpenForm
from wholeplace.web.culture.models import PulseRound
from wholeplace.web.culture.results import groups_of, read_over_time
from wholeplace.web.gateway.reveal import viewer_of
from wholeplace.web.gateway.routes import route
from wholeplace.web.gateway.wiring import current_place

__all__ = ["answer", "pulse", "run", "words"]

STAFF = (
    "practitioner", "lead-practitioner", "coordinator", "programme-lead", "board-member",
    "commissioner", "finance-lead", "analyst", "data-steward", "data-protection-officer", "signatory",
)  # fmt: skip

_KINDS: Mapping[str, Literal["partner", "role"]] = {"organisation": "partner", "role": "role"}


@route(roles=STAFF, shows="operations")
@require_safe
def words(request: HttpRequest) -> HttpResponse:
    """What words mean to each profession, all on one page."""
    place = current_place().place
    terms = [
        {
            "word": each.word,
            "means": each.means,
            "said_as": [
                (place.partners[name].name if name in place.partners else name, said)
                for name, said in each.said_as.items()
            ],
        }
        for each in sorted(place.terms, key=lambda each: each.word)
    ]
    return render(request, "culture/words.html", {"terms": terms})


@route(roles=STAFF, shows="counts")
@require_safe
def pulse(request: HttpRequest) -> HttpResponse:
    """Closed rounds over time, for everybody or one group, and what was agreed after each."""
    return _pulse(request)


@route(roles=STAFF, shows="operations")
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest) -> HttpResponse:
    """Answer the round that is open, once."""
    viewer, held, today = _viewer(request), rounds.open_round_now(), current_place().today
    if held is None or held.closes_on < today:
        return render(request, "culture/answer.html", {"round": None})
    if rounds.has_answered(held, viewer.user_id):
        return render(request, "culture/answer.html", {"round": held, "has_answered": True})
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            rounds.answer_pulse(viewer, held.pk, form.cleaned_data, today)
        except UnsafeActionError as error:
            form.add_error(None, f"{error.why} {error.do_next}")
        else:
            messages.success(request, "Your answers were counted. Nobody can tell which they were.")
            return redirect("culture:pulse")
    shown = {"round": held, "form": form, "least": figures().pulse_minimum}
    return render(request, "culture/answer.html", shown)


@route(roles=["programme-lead"], shows="counts")
@require_POST
def run(request: HttpRequest) -> HttpResponse:
    """Open or close a round, keep what was agreed, say that it is done."""
    viewer, today, event = _viewer(request), current_place().today, request.POST.get("event", "")
    given = str(request.POST.get("id", ""))
    form: Any = None
    if event == "open":
        form = OpenForm(request.POST)
    elif event == "agree":
        form = ActionForm(request.POST, partners=_partners())
    if form is not None and not form.is_valid():
        return _pulse(request, form=form, event=event, status=422)
    try:
        if event == "open":
            rounds.open_round(
                viewer, form.cleaned_data["name"], form.cleaned_data["closes_on"], today
            )
        elif event == "close":
            rounds.close_round(viewer, given, today)
        elif event == "agree":
            rounds.agree_action(viewer, given, **form.cleaned_data, today=today)
        elif event == "done" and given.isdigit():
            rounds.finish_action(viewer, int(given), today)
        else:
            raise Http404
    except UnsafeActionError as error:
        return _pulse(request, error=error, status=422)
    messages.success(request, "Done. It stands in the record.")
    return redirect("culture:pulse")


def _pulse(
    request: HttpRequest, *, error: UnsafeActionError | None = None, form: Any = None,
    event: str = "", status: int = 200,
) -> HttpResponse:  # fmt: skip
    place, terms = current_place(), current_place().terms
    closed = list(PulseRound.objects.exclude(closed_on=None).prefetch_related("actions"))
    groups = groups_of(closed)
    grouping, _, group = str(request.GET.get("of", "")).partition(":")
    if grouping not in GROUPINGS or group not in groups[grouping]:
        grouping = group = ""
    lines = (
        read_over_time(place, closed, grouping, group, dt.datetime.now(dt.UTC)) if closed else []
    )
    choices = [
        (f"{each}:{name}", terms.words(_KINDS[each], name))
        for each in GROUPINGS
        for name in groups[each]
    ]
    runs = _viewer(request).role == "programme-lead"
    shown = {
        "rounds": closed,
        "lines": [
            {"statement": each.statement, "cells": list(zip(closed, each.cells, strict=True))}
            for each in lines
        ],
        "open": rounds.open_round_now(),
        "choices": choices,
        "of": f"{grouping}:{group}" if grouping else "",
        "of_words": terms.words(_KINDS[grouping], group) if grouping else "The whole partnership",
        "actions": [
            {"round": each, "action": action, "partner": terms.words("partner", action.organisation)}
            for each in closed
            for action in each.actions.all()
        ],
        "least": figures().pulse_minimum,
        "runs": runs,
        "open_form": (form if event == "open" else OpenForm()) if runs else None,
        "action_form": (form if event == "agree" else ActionForm(partners=_partners())) if runs else None,
        "form": form,
        "last": closed[-1] if closed else None,
        "error": error,
        "today": place.today,
    }  # fmt: skip
    return render(request, "culture/pulse.html", shown, status=status)


def _partners() -> list[tuple[str, str]]:
    return [(each.id, each.name) for each in current_place().place.partners.values()]


def _viewer(request: HttpRequest) -> Viewer:
    viewer = viewer_of(request)
    if viewer is None:
        raise Http404
    return viewer
