"""Finding a person: two facts, a purpose, and an answer that says no more than who knows them."""

import datetime as dt
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from wholeplace.agreements import Request, place_day
from wholeplace.agreements.deciding.rules import Rules
from wholeplace.agreements.subjects.request import Viewer
from wholeplace.people.facts import Facts
from wholeplace.people.find import search_people
from wholeplace.people.searchable import Searchable
from wholeplace.web.chain.trail import record
from wholeplace.web.gateway.reasons import live_reasons_for
from wholeplace.web.gateway.reveal import reveal_page, viewer_of
from wholeplace.web.gateway.routes import route
from wholeplace.web.gateway.wiring import current_place
from wholeplace.web.people.access import PEOPLE_ROLES, purposes_for
from wholeplace.web.people.forms import FactsForm
from wholeplace.web.people.limits import count_search, limits, wait_out

__all__ = ["search"]


@dataclass(frozen=True)
class Result:
    """One person found: who knows them, and the way on. Nothing else about them."""

    known_to: tuple[str, ...]
    is_sure: bool
    has_reason: bool
    url: str


@route(roles=PEOPLE_ROLES, shows="personal")
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def search(request: HttpRequest) -> HttpResponse:
    """Ask for facts; answer with who is known. What was typed stands in no address and no log."""
    at, place = dt.datetime.now(dt.UTC), current_place()
    viewer: Any = viewer_of(request)
    rules = place.rules(place_day(at, place.place.place.time_zone))
    form = FactsForm(request.POST or None, purposes=purposes_for(rules, viewer))
    context: dict[str, Any] = {
        "form": form,
        "limit": limits().searches_per_hour,
        "most": limits().people_listed,
    }
    status = 200
    if request.method == "POST":
        if not form.is_valid():
            status = 422
        elif not (allowance := count_search(viewer.user_id, at)).is_given:
            record(
                "people.search-refused", actor=viewer.user_id, organisation=viewer.organisation,
                role=viewer.role, cause="limit",
            )  # fmt: skip
            context |= {"is_over_limit": True, "again_at": allowance.again_at}
            status = 429
        else:
            began = time.monotonic()
            results = _search(request, form, viewer, rules, at)
            if not results:
                wait_out(began)
            context |= {"results": results[: limits().people_listed]}
            context |= {"is_capped": len(results) > limits().people_listed}
    return render(request, "people/search.html", context, status=status)


def _search(
    request: HttpRequest, form: FactsForm, viewer: Viewer, rules: Rules, at: dt.datetime
) -> list[Result]:
    """Return everybody found whom the viewer may know of; the search is on record first."""
    facts, purpose = form.facts(), form.cleaned_data["purpose"]
    record(
        "people.searched", actor=viewer.user_id, organisation=viewer.organisation,
        role=viewer.role, purpose=purpose, facts=sorted(facts),
    )  # fmt: skip
    asked = Request(viewer=viewer, purpose=purpose, reason=None, at=at)
    reader = current_place().snapshot_reader
    findings = search_people(reader, Facts(**facts), Searchable(rules, asked))
    found = findings.found
    # Whoever a seal hid is asked about with nothing to show, so that their guardians are told.
    everybody = [*(each.subject for each in found), *findings.sealed]
    revealed = reveal_page(
        request, page="search", purpose=purpose, subjects=everybody,
        items=[item for each in found for item in each.items], reason=None, at=at,
    )  # fmt: skip
    reasons = live_reasons_for(viewer, [each.person_id for each in found], at, purpose)
    results = []
    for each in found:
        seen = revealed.person(each.person_id)
        if seen is None:
            continue
        query = urlencode({"for": purpose})
        results.append(
            Result(
                tuple(rules.terms.words("partner", partner) for partner in seen.known_to),
                each.certainty == "match",
                each.person_id in reasons,
                f"{reverse('people:person', args=[each.person_id])}?{query}",
            )
        )
    return results
