"""Pages on who looked."""

import datetime as dt

from django import forms
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from wholeplace.web.accounts.models import User
from wholeplace.web.audit.finding import Wanted, find_entries
from wholeplace.web.audit.seals import is_sealed_from
from wholeplace.web.audit.words import tell_entries
from wholeplace.web.chain.models import Entry
from wholeplace.web.chain.trail import known_pseudonym, record
from wholeplace.web.gateway.routes import route
from wholeplace.web.gateway.wiring import current_place

__all__ = ["person", "trail"]

_OFFICERS = ["data-protection-officer"]
_ROWS = 50


class _Filter(forms.Form):
    organisation = forms.CharField(required=False, max_length=60)
    user = forms.CharField(required=False, max_length=20)
    on = forms.DateField(required=False, label="Day")
    kind = forms.ChoiceField(
        required=False, choices=[("", "Everything"), ("sight", "Looks at people")]
    )
    person = forms.CharField(required=False, max_length=80)


@route(roles=_OFFICERS, shows="operations")
@require_safe
def trail(request: HttpRequest) -> HttpResponse:
    """Everything that stands in the trail, filtered by organisation, user and day."""
    form = _Filter(request.GET)
    given = form.cleaned_data if form.is_valid() else {}
    if given.get("person"):
        return redirect("audit:person", person_id=given["person"])
    wanted = Wanted(
        organisation=given.get("organisation") or "",
        user=given.get("user") or "",
        on=given.get("on"),
        kind=given.get("kind") or "",
    )
    _record_view(request, "trail", wanted)
    user = _user(request)
    place = current_place().place
    page = _page(request, wanted, place.place.time_zone)
    # Residents stand in the trail by pseudonym; a list of their accounts would be of no use.
    users = User.objects.exclude(roles=["resident"]).order_by("name", "id")
    if wanted.organisation:
        users = users.filter(organisation=wanted.organisation)
    shown = {
        "lines": tell_entries(list(page), place, user.organisation),
        "page": page,
        "form": form,
        "wanted": wanted,
        "organisations": {each.id: each.name for each in place.partners.values()},
        "users": users[:500],
        "query": _query(request),
    }
    return render(request, "audit/trail.html", shown)


@route(roles=_OFFICERS, shows="operations")
@require_safe
def person(request: HttpRequest, person_id: str) -> HttpResponse:
    """Everybody who looked at one person, when and why."""
    pseudonym, user = known_pseudonym(person_id), _user(request)
    _record_view(request, "person", Wanted(subject=pseudonym or ""))
    if is_sealed_from(person_id, user):
        pseudonym = None
    wanted = Wanted(
        subject=pseudonym or "nobody",
        kind=request.GET.get("kind", "")[:30],
        viewer=user.organisation,
    )
    place = current_place().place
    page = _page(request, wanted, place.place.time_zone)
    shown = {
        "lines": tell_entries(list(page), place, user.organisation, about=pseudonym),
        "page": page,
        "person_id": person_id,
        "query": _query(request),
    }
    return render(request, "audit/person.html", shown)


def _user(request: HttpRequest) -> User:
    user = request.user
    assert isinstance(user, User)  # noqa: S101 - the route admits nobody else
    return user


def _page(request: HttpRequest, wanted: Wanted, time_zone: str) -> "Page[Entry]":
    return Paginator(find_entries(wanted, time_zone), _ROWS).get_page(request.GET.get("page"))


def _record_view(request: HttpRequest, page: str, wanted: Wanted) -> None:
    """Looking at the trail stands in the trail, before it is shown."""
    user = _user(request)
    limits = {
        "organisation_wanted": wanted.organisation,
        "user_wanted": wanted.user,
        "day_wanted": wanted.on.isoformat() if isinstance(wanted.on, dt.date) else "",
        "subject_wanted": wanted.subject,
    }
    given = {key: value for key, value in limits.items() if value}
    record("audit.viewed", actor=str(user.pk), organisation=user.organisation, page=page, **given)


def _query(request: HttpRequest) -> str:
    kept = request.GET.copy()
    kept.pop("page", None)
    return kept.urlencode()
