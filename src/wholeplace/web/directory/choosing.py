"""A practitioner chooses a service for somebody's plan, and goes on to a referral."""

import re

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from wholeplace.directory.finding import topics_for_need
from wholeplace.web.directory.forms import ChooseForm
from wholeplace.web.directory.help import run_search
from wholeplace.web.directory.shelf import open_catalogue
from wholeplace.web.gateway.routes import route
from wholeplace.web.gateway.wiring import OpenPlace, current_place

__all__ = ["PRACTITIONERS", "REFERRAL_ROUTES", "choose", "referral_address"]

PRACTITIONERS = frozenset({"practitioner", "lead-practitioner", "coordinator"})
REFERRAL_ROUTES = ("teams:refer", "teams:new-referral", "teams:new", "referrals:new")
"""Names under which the form for a referral may stand; it takes `service` and `person`."""


_PERSON = re.compile(r"[A-Za-z0-9_-]{1,80}")


@route(roles=PRACTITIONERS, shows="operations")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: HttpRequest) -> HttpResponse:
    """Look for a service by need, place and age. Nothing of anybody's record is shown here."""
    place = current_place()
    sent = request.POST if request.method == "POST" else request.GET
    person_id = sent.get("person", "")
    if not _PERSON.fullmatch(person_id):
        person_id = ""
    first = {"need": request.GET.get("need", ""), "age": request.GET.get("age", "")}
    form = ChooseForm(request.POST or None, needs=_needs(place), initial=first)
    search, need = None, first["need"]
    if request.method == "POST" and form.is_valid():
        need = form.cleaned_data["need"]
        topics = topics_for_need(need) if need else frozenset()
        search = run_search(open_catalogue(), form.cleaned_data, place.today, topics)
        for line in search.lines:
            line["refer_url"] = referral_address(line["listing"].id, person_id, need)
    context = {"form": form, "search": search, "person_id": person_id}
    return render(request, "directory/choose.html", context, status=422 if form.errors else 200)


def referral_address(service_id: str, person_id: str = "", need: str = "") -> str:
    """Return the form for a referral to a service; empty where this deployment has none."""
    given = {"service": service_id, "person": person_id, "need": need}
    query = urlencode({name: value for name, value in given.items() if value})
    for name in REFERRAL_ROUTES:
        for arguments in ([person_id], []) if person_id else ([],):
            try:
                return f"{reverse(name, args=arguments)}?{query}"
            except NoReverseMatch:
                continue
    return ""


def _needs(place: OpenPlace) -> list[tuple[str, str]]:
    """Return the headline outcomes of the place's frameworks."""
    found = {
        headline.id: headline.label
        for framework in place.place.frameworks
        for headline in framework.headlines
    }
    return [(each, label) for each, label in found.items() if topics_for_need(each)]
