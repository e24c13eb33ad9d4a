"""Keeping the directory right: one's own services, imports, doubles, and need beside supply."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from wholeplace.agreements.subjects.request import Viewer
from wholeplace.directory import CAPACITY_STATES, Catalogue
from wholeplace.directory.faults import FAULT_WORDS
from wholeplace.foundation.errors import UnsafeActionError
from wholeplace.foundation.lifecycle import ChangedMeanwhileError
from wholeplace.web.accounts.models import User
from wholeplace.web.directory.capacity import is_run_by, say_capacity
from wholeplace.web.directory.doubles import ANSWERS, decide_pair
from wholeplace.web.directory.forms import CapacityForm, PairForm
from wholeplace.web.directory.lines import line_of
from wholeplace.web.directory.models import (
    CapacityChange,
    DuplicatePair,
    FeedImport,
    ServiceCapacity,
    SourceService,
)
from wholeplace.web.directory.shelf import open_catalogue, read_definition
from wholeplace.web.gateway.reveal import viewer_of
from wholeplace.web.gateway.routes import route
from wholeplace.web.gateway.wiring import current_place

__all__ = ["KEEPERS", "SERVICE_ROLES", "double", "doubles", "feeds", "mine", "set_capacity"]

SERVICE_ROLES = frozenset(
    {"practitioner", "lead-practitioner", "coordinator", "commissioner", "programme-lead", "data-steward"}
)  # fmt: skip
KEEPERS = frozenset({"data-steward", "programme-lead", "commissioner"})
_CHANGES_SHOWN = 10
_DECIDED_SHOWN = 50


@route(roles=SERVICE_ROLES, shows="operations")
@never_cache
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """The services of the viewer's own organisation, and what was last said of each."""
    viewer, today = _viewer(request), current_place().today
    lines = [line_of(each, today) for each in open_catalogue().listings if is_run_by(each, viewer)]
    context = {
        "lines": lines,
        "unsaid": sum(not each["is_current"] for each in lines),
        "partner": current_place().terms.words("partner", viewer.organisation),
    }
    return render(request, "directory/mine.html", context)


@route(roles=SERVICE_ROLES, shows="operations")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def set_capacity(request: HttpRequest, service_id: str) -> HttpResponse:
    """Say whether one's own service can take people now."""
    viewer, place, at = _viewer(request), current_place(), dt.datetime.now(dt.UTC)
    listing = open_catalogue().get(service_id)
    if listing is None or not is_run_by(listing, viewer):
        raise Http404
    held = ServiceCapacity.objects.filter(pk=listing.id).first()
    first: dict[str, Any] = {"version": held.version if held else 0}
    first |= {"state": held.state, "note": held.note} if held else {}
    form, status = CapacityForm(request.POST or None, initial=first), 200
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            say_capacity(
                viewer, listing, given["state"], given["note"], given["version"], at, place.today
            )
        except UnsafeActionError as error:
            form.add_error(None, f"{error.what} {error.why} {error.do_next}")
            status = 409 if isinstance(error, ChangedMeanwhileError) else 422
            # The next try is made from what stands now.
            form.data = {**form.data.dict(), "version": str(held.version if held else 0)}  # type: ignore[attr-defined]
        else:
            messages.success(request, f"Everybody now sees what {listing.name} can take.")
            return redirect("directory:mine")
    elif form.errors:
        status = 422
    changes = CapacityChange.objects.filter(service_id=listing.id)[:_CHANGES_SHOWN]
    names = _names([each.by for each in changes])
    context = line_of(listing, place.today) | {
        "form": form,
        "changes": [
            {
                "change": each,
                "words": CAPACITY_STATES[each.state],
                "by": names.get(each.by, "Somebody who has left"),
            }
            for each in changes
        ],
    }
    return render(request, "directory/capacity.html", context, status=status)


@route(roles=KEEPERS, shows="operations")
@never_cache
@require_safe
def feeds(request: HttpRequest) -> HttpResponse:
    """Each feed: how its last import went, and everything that was wrong with it."""
    rows = []
    for each in read_definition(current_place()).feeds:
        newest = FeedImport.objects.filter(feed=each.id).first()
        held = SourceService.objects.filter(feed=each.id)
        rows.append(
            {
                "feed": each,
                "newest": newest,
                "faults": [
                    {**fault, "words": FAULT_WORDS.get(fault["code"], fault["code"])}
                    for fault in (newest.faults if newest else ())
                ],
                "live": held.filter(gone_at=None).count(),
                "gone": held.exclude(gone_at=None).count(),
                "secret": held.filter(gone_at=None).exclude(why_confidential="").count(),
                "imports": FeedImport.objects.filter(feed=each.id)[1:6],
            }
        )
    waiting = DuplicatePair.objects.filter(state="waiting").count()
    return render(request, "directory/feeds.html", {"rows": rows, "waiting": waiting})


@route(roles=KEEPERS, shows="operations")
@never_cache
@require_safe
def doubles(request: HttpRequest) -> HttpResponse:
    """Pairs that may be one service: those that wait, and those that were decided."""
    catalogue = open_catalogue()
    waiting = DuplicatePair.objects.filter(state="waiting")
    decided = DuplicatePair.objects.exclude(state="waiting").order_by("-decided_at")
    context = {
        "waiting": _pairs(catalogue, list(waiting)),
        "decided": _pairs(catalogue, list(decided[:_DECIDED_SHOWN])),
    }
    return render(request, "directory/doubles.html", context)


@route(roles=KEEPERS, shows="operations")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def double(request: HttpRequest, pair_id: int) -> HttpResponse:
    """Two listings side by side, and the decision."""
    viewer, at = _viewer(request), dt.datetime.now(dt.UTC)
    pair = DuplicatePair.objects.filter(pk=pair_id).first()
    shown = _pairs(open_catalogue(), [pair] if pair else [])
    if pair is None or not shown:
        raise Http404
    form, status = PairForm(request.POST or None, initial={"version": pair.version}), 200
    if request.method == "POST":
        is_undo = request.POST.get("answer") == "waiting"
        if is_undo or form.is_valid():
            note = "" if is_undo else form.cleaned_data["note"]
            answer, version = request.POST["answer"], request.POST.get("version", "0")
            try:
                number = int(version) if version.isdigit() else 0
                decide_pair(viewer, pair_id, answer, note, number, at)
            except UnsafeActionError as error:
                form.is_valid()
                form.add_error(None, f"{error.what} {error.why} {error.do_next}")
                status = 409
                form.data = {**form.data.dict(), "version": str(pair.version)}  # type: ignore[attr-defined]
            else:
                messages.success(request, "Your decision stands. You can undo it here.")
                return redirect("directory:double", pair_id=pair_id)
        else:
            status = 422
    context = {**shown[0], "form": form, "answer_words": _answer_words(pair)}
    context["by"] = _names([pair.decided_by]).get(pair.decided_by, "Somebody who has left")
    return render(request, "directory/double.html", context, status=status)


def _pairs(catalogue: Catalogue, pairs: list[DuplicatePair]) -> list[dict[str, Any]]:
    """Return pairs with their listings; one whose service is gone needs no decision."""
    singles, today = {each.id: each for each in catalogue.singles}, current_place().today
    return [
        {
            "pair": each,
            "first": line_of(singles[each.first], today),
            "second": line_of(singles[each.second], today),
            "state_words": _answer_words(each),
        }
        for each in pairs
        if each.first in singles and each.second in singles
    ]


def _answer_words(pair: DuplicatePair) -> str:
    if pair.state != "same":
        return ANSWERS["different"] if pair.state == "different" else "Not decided yet"
    return ANSWERS["same-first" if pair.shown == pair.first else "same-second"]


def _viewer(request: HttpRequest) -> Viewer:
    viewer = viewer_of(request)
    if viewer is None:
        raise Http404
    return viewer


def _names(user_ids: list[str]) -> dict[str, str]:
    wanted = [each for each in user_ids if each.isdigit()]
    return {str(user.pk): user.name for user in User.objects.filter(pk__in=wanted)}
