"""Finding help without signing in. What is typed is posted, answered and forgotten."""

import datetime as dt
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from wholeplace.directory import Catalogue, Choice, Wish, choose_services
from wholeplace.directory.finding import Origin, read_topics
from wholeplace.web.directory.forms import FindForm
from wholeplace.web.directory.lines import line_of, lines_of
from wholeplace.web.directory.shelf import open_catalogue
from wholeplace.web.gateway.routes import route
from wholeplace.web.gateway.wiring import current_place

__all__ = ["Search", "find", "run_search", "service", "topic"]

_SHOWN = 20


class Search:
    """What a search gave, for its page.

    Attributes:
        lines: results; those beyond the first ones only where all were asked for.
        total: how many there are.
        origin: where distances count from; None where nothing known was typed.
        is_lost: something was typed as a place that is not known here.
    """

    def __init__(self, choices: list[Choice], origin: Origin | None, on: dt.date) -> None:
        self.choices = choices
        self.total = len(choices)
        self.origin = origin
        self.is_lost = False
        self.lines: list[dict[str, Any]] = lines_of(choices, on)

    def cut(self, *, everything: bool) -> "Search":
        """Keep the first results only, unless all were asked for."""
        if not everything:
            self.lines = self.lines[:_SHOWN]
        return self


def run_search(
    catalogue: Catalogue, given: dict[str, Any], on: dt.date, topics: frozenset[str] = frozenset()
) -> Search:
    """Return what fits what was typed into a `FindForm`."""
    near = given.get("near", "").strip()
    origin = catalogue.origins.find(near) if near else None
    found = [each.listing for each in catalogue.index.find(given.get("words", ""))]
    wish = Wish(
        topics,
        origin,
        given.get("age"),
        is_free=bool(given.get("free")),
        can_take=bool(given.get("can_take")),
    )
    search = Search(choose_services(found, wish, on), origin, on)
    search.is_lost = bool(near) and origin is None
    return search.cut(everything=bool(given.get("everything")))


@route(roles="anyone", shows="public")
@require_http_methods(["GET", "HEAD", "POST"])
def find(request: HttpRequest) -> HttpResponse:
    """Look for help in one's own words."""
    form = FindForm(request.POST or None)
    catalogue, search = open_catalogue(), None
    if request.method == "POST" and form.is_valid():
        search = run_search(catalogue, form.cleaned_data, current_place().today)
    context = {
        "form": form,
        "search": search,
        "topics": _topics(catalogue),
        "is_empty": not catalogue.listings,
    }
    return render(request, "directory/find.html", context, status=422 if form.errors else 200)


@route(roles="anyone", shows="public")
@require_safe
def topic(request: HttpRequest, topic_id: str) -> HttpResponse:
    """Everything on one topic."""
    found = next((each for each in read_topics() if each.id == topic_id), None)
    if found is None:
        raise Http404
    catalogue, today = open_catalogue(), current_place().today
    wish = Wish(frozenset({found.id}))
    search = Search(choose_services(catalogue.listings, wish, today), None, today)
    return render(request, "directory/topic.html", {"topic": found, "search": search})


@route(roles="anyone", shows="public")
@require_safe
def service(request: HttpRequest, service_id: str) -> HttpResponse:
    """One service, made to be printed and taken along."""
    listing = open_catalogue().get(service_id)
    if listing is None:
        raise Http404
    if listing.id != service_id:
        return redirect("directory:service", service_id=listing.id, permanent=True)
    return render(request, "directory/service.html", line_of(listing, current_place().today))


def _topics(catalogue: Catalogue) -> list[dict[str, Any]]:
    counts = {
        each.id: sum(each.id in listing.topics for listing in catalogue.listings)
        for each in read_topics()
    }
    return [{"topic": each, "count": counts[each.id]} for each in read_topics() if counts[each.id]]
