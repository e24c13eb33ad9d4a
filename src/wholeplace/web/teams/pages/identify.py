"""Saying who somebody is whom a sender wrote down: the look-up, and a person's decision."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from wholeplace.agreements import Request
from wholeplace.foundation.errors import UnsafeActionError
from wholeplace.people.facts import Facts, TooFewFactsError
from wholeplace.people.find import search_people
from wholeplace.people.searchable import Searchable
from wholeplace.teams.referral import TRIAGER
from wholeplace.web.chain.trail import record
from wholeplace.web.gateway.reveal import reveal_page
from wholeplace.web.gateway.routes import route
from wholeplace.web.teams.access import PEOPLE_ROLES, Beginning, begin, number_in
from wholeplace.web.teams.casework import gather_referral
from wholeplace.web.teams.changes.referring import actors_for, find_referral
from wholeplace.web.teams.changes.triaging import identify_person
from wholeplace.web.teams.models import Referral, ReferralPerson
from wholeplace.web.teams.sight import UNNAMED, show
from wholeplace.web.teams.typed import typed_items

__all__ = ["identify"]


@route(roles=PEOPLE_ROLES, shows="personal")
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def identify(request: HttpRequest, referral_id: str, row: int) -> HttpResponse:
    """Find who is meant, by what the triager may see, and say so."""
    start = begin(request)
    found = find_referral(start.viewer, referral_id)
    typed = found.people.filter(pk=row, is_known=False).first()
    if typed is None or found.state != "acknowledged":
        raise Http404
    if TRIAGER not in actors_for(start.viewer, found):
        raise Http404
    error = None
    if request.method == "POST":
        chosen = request.POST.get("person_id", "")
        offered = {each["person_id"] for each in _look_up(request, start, found, typed)}
        try:
            if chosen not in offered:
                raise Http404
            version = number_in(request.POST.get("version", ""))
            identify_person(start.viewer, referral_id, row, chosen, version, start.at)
        except UnsafeActionError as refused:
            error = refused
        else:
            messages.success(request, "The referral is about that person from now on.")
            return redirect("teams:referral", referral_id=referral_id)
    told = show(
        request, start, "referral-identify", found.purpose, [typed.person_id],
        gather_referral(found, []), typed=typed_items(found, [typed]),
    )  # fmt: skip
    context = {
        "referral": found,
        "name": told.names.get(typed.person_id, UNNAMED),
        "born": told.born.get(typed.person_id, ""),
        "found": _look_up(request, start, found, typed),
        "error": error,
    }
    return render(request, "teams/identify.html", context, status=422 if error else 200)


def _look_up(
    request: HttpRequest, start: Beginning, found: Referral, typed: ReferralPerson
) -> list[dict[str, Any]]:
    """Return who may be meant, found by what the viewer may see alone; it is on record first."""
    facts = Facts(name=typed.typed_name, birth_date=typed.typed_born)
    record(
        "people.searched", actor=start.viewer.user_id, organisation=start.viewer.organisation,
        role=start.viewer.role, purpose=found.purpose, facts=["birth_date", "name"],
        referral=found.pk,
    )  # fmt: skip
    asked = Request(viewer=start.viewer, purpose=found.purpose, reason=None, at=start.at)
    try:
        findings = search_people(start.place.snapshot_reader, facts, Searchable(start.rules, asked))
    except TooFewFactsError:
        return []
    everybody = [*(each.subject for each in findings.found), *findings.sealed]
    revealed = reveal_page(
        request, page="referral-look-up", purpose=found.purpose, subjects=everybody,
        items=[item for each in findings.found for item in each.items], reason=None, at=start.at,
    )  # fmt: skip
    known = {each.person_id: each.known_to for each in revealed.people}
    return [
        {
            "person_id": each.person_id,
            "is_sure": each.certainty == "match",
            "known_to": [start.partner(partner) for partner in known[each.person_id]],
        }
        for each in findings.found
        if each.person_id in known
    ]
