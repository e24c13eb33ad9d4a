"""Pages for looking over who may sign in: a list to print and review, and who came, moved and left."""

import datetime as dt
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from wholeplace.web.accounts.administration import organisations_of
from wholeplace.web.accounts.figures import figure
from wholeplace.web.accounts.forms import role_choices
from wholeplace.web.accounts.models import SecondStep, User
from wholeplace.web.accounts.roles import ADMINISTRATOR
from wholeplace.web.accounts.routes import route
from wholeplace.web.accounts.second_step import must_have_second_step
from wholeplace.web.chain.models import Entry

__all__ = ["record_of_changes", "review_people"]

_WORDS = {
    "account.invited": "was invited",
    "account.accepted": "joined",
    "account.joined-by-provider": "joined through a sign-in provider",
    "account.roles-changed": "was given other roles",
    "account.moved": "moved to another organisation",
    "account.suspended": "was suspended",
    "account.resumed": "may sign in again",
    "account.left": "left",
    "account.reset-link-made": "was made a link to a new password",
    "account.second-step-reset": "had their second step reset",
    "account.provider-linked": "tied their account to a sign-in provider",
}


@route(roles=[ADMINISTRATOR], shows="operations")
@require_safe
def review_people(request: HttpRequest) -> HttpResponse:
    """Who may sign in, in which roles and since when: one list, to print and go through."""
    organisations = organisations_of(request)
    now, days = dt.datetime.now(dt.UTC), figure("unused_days")
    unused_since = now - dt.timedelta(days=days)
    found = User.objects.filter(organisation__in=organisations, left_at=None)
    if is_unused_alone := request.GET.get("unused") == "1":
        found = found.filter(
            Q(last_login__lt=unused_since) | Q(last_login=None, joined_at__lt=unused_since)
        )
    with_step = set(
        SecondStep.objects.filter(confirmed_at__isnull=False).values_list("user_id", flat=True)
    )
    groups: dict[str, list[dict[str, Any]]] = {}
    for user in found.order_by("organisation", "name", "id"):
        words = dict(role_choices(user.organisation))
        seen = user.last_login or user.joined_at
        groups.setdefault(organisations[user.organisation], []).append(
            {
                "user": user,
                "roles": [words.get(each, each) for each in user.roles],
                "has_second_step": user.pk in with_step,
                "lacks_second_step": must_have_second_step(user) and user.pk not in with_step,
                "is_unused": seen < unused_since,
            }
        )
    shown = {"groups": groups, "days": days, "at": now, "is_unused_alone": is_unused_alone}
    return render(request, "accounts/review.html", shown)


@route(roles=[ADMINISTRATOR], shows="operations")
@require_safe
def record_of_changes(request: HttpRequest) -> HttpResponse:
    """Who joined, moved, was suspended and left, from the record that nobody can rewrite."""
    organisations = organisations_of(request)
    people = {str(each.pk): each for each in User.objects.filter(organisation__in=organisations)}
    entries = Entry.objects.filter(event__kind__in=list(_WORDS)).filter(
        Q(event__user__in=list(people))
        | Q(event__actor__in=list(people), event__kind="account.accepted")
        | Q(event__invited_to__in=list(organisations))
    )
    page = Paginator(entries.order_by("-position"), 50).get_page(request.GET.get("page"))
    names = {str(each.pk): each.name for each in User.objects.all()}
    rows = [_row(entry.event, people, names, organisations) for entry in page]
    return render(request, "accounts/record.html", {"rows": rows, "page": page})


def _row(
    event: dict[str, Any],
    people: dict[str, User],
    names: dict[str, str],
    organisations: dict[str, str],
) -> dict[str, Any]:
    whose = people.get(str(event.get("user") or event["actor"]))
    if event["kind"] == "account.invited":
        whose = None
    partner = event.get("invited_to") or (whose.organisation if whose else "")
    words = dict(role_choices(partner))
    after = event.get("after") or event.get("roles") or []
    actor = str(event["actor"])
    by = "A command, or a sign-in provider" if actor == "system" else names.get(actor, "Somebody")
    return {
        "at": dt.datetime.fromisoformat(event["at"]),
        "who": whose.name if whose else "Somebody",
        "partner": organisations.get(partner, partner),
        "what": _WORDS[event["kind"]],
        "roles": ", ".join(words.get(each, each) for each in after),
        "by": "Themselves" if whose and actor == str(whose.pk) else by,
    }
