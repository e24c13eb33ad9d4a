"""What the shell around every page needs to know, and nothing about any resident."""

import logging
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from django.db import DatabaseError
from django.http import HttpRequest
from django.urls import NoReverseMatch, get_resolver, reverse
from ruamel.yaml import YAML

from wholeplace.foundation.errors import WholeplaceError
from wholeplace.web.accounts.models import User
from wholeplace.web.accounts.roles import acting_role
from wholeplace.web.accounts.routes import route_of
from wholeplace.web.site.mission import Row, mission_rows

__all__ = ["address_of", "navigation_for", "role_label", "site_context", "tasks_for"]

_log = logging.getLogger("wholeplace.web")


@dataclass(frozen=True)
class _Shown:
    name: str = ""
    host_name: str = ""
    is_invented: bool = False


def site_context(request: HttpRequest) -> dict[str, Any]:
    """Return `site`: place, person, navigation and footer links."""
    shown = _place_shown()
    role = _role_of(request)
    return {
        "site": {
            "place_name": shown.name,
            "host_name": shown.host_name,
            "is_invented": shown.is_invented,
            "tip": _tip(request) if shown.is_invented else None,
            "tour_url": address_of("tour") if shown.is_invented else "",
            "sign_in_url": address_of("accounts:sign-in"),
            "sign_out_url": address_of("accounts:sign-out"),
            "person": _person(request, role),
            "navigation": navigation_for(request.path, role),
            "footer": _footer(shown.is_invented),
        }
    }


def address_of(name: str, *args: Any) -> str:
    """Return the address of a named route, or nothing where this deployment has no such route."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def navigation_for(path: str, role: str | None) -> list[dict[str, Any]]:
    """Return the sections for a role, each with its links; only those whose route admits the role.

    The links of the current section are drawn below the sections. A section of one link goes by
    that link's name.
    """
    if role is None:
        return []
    sections = _sections_for(role)
    # The longest address that fits: a link may stand inside another's address.
    fitting = (link for _, links in sections for link in links if path.startswith(link["under"]))
    current = max(fitting, key=lambda link: len(link["under"]), default=None)
    return [
        {
            "label": name if len(links) > 1 else links[0]["label"],
            "url": address_of(links[0]["opens"]),
            "is_current": any(link is current for link in links),
            "links": [
                {
                    "label": link["label"],
                    "url": address_of(link["opens"]),
                    "is_current": link is current,
                }
                for link in links
            ],
        }
        for name, links in sections
    ]


def tasks_for(role: str) -> list[dict[str, Any]]:
    """Return what a person in a role can do by section, each with its address and what it is for."""
    return [
        {
            "section": name,
            "tasks": [
                {"label": link["label"], "url": address_of(link["opens"]), "means": link["means"]}
                for link in links
            ],
        }
        for name, links in _sections_for(role)
    ]


def role_label(role: str) -> str:
    """Return the words for a role, from the vocabulary."""
    return _role_labels().get(role, role.replace("-", " ").capitalize())


def _sections_for(role: str) -> list[tuple[str, list[dict[str, Any]]]]:
    """Return each section that has links for a role, with these."""
    found = []
    for section in _navigation():
        links = [link for link in section["links"] if _is_for(link, role)]
        if links:
            found.append((str(section["section"]), links))
    return found


def _is_for(link: dict[str, Any], role: str) -> bool:
    url = address_of(link["opens"])
    is_meant = "signed-in" in link["roles"] or role in link["roles"]
    return bool(url) and is_meant and _admits(url, role)


def _admits(url: str, role: str) -> bool:
    mark = route_of(get_resolver().resolve(url).func)
    return mark is not None and mark.admits(role)


def _role_of(request: HttpRequest) -> str | None:
    """Return the acting role; an error page must come out even when the database does not answer."""
    if not hasattr(request, "user"):
        return None
    try:
        return acting_role(request)
    except DatabaseError:
        return None


def _person(request: HttpRequest, role: str | None) -> dict[str, str] | None:
    user = request.user if role is not None else None
    if role is None or not isinstance(user, User):
        return None
    return {
        "name": user.get_short_name(),
        "role_label": role_label(role) if role else "No role",
        "organisation_name": _partner_names().get(user.organisation, user.organisation),
        "account_url": address_of("accounts:account"),
    }


def _tip(request: HttpRequest) -> Row | None:
    """Return the row of the tour that led here, if one did and it has something to try."""
    wanted = request.GET.get("row", "")
    return next((row for row in mission_rows() if row.id == wanted and row.tip), None)


def _footer(is_invented: bool) -> list[dict[str, str]]:
    links = [("Tour", "tour")] if is_invented else []
    links.append(("Who is responsible?", "places:who"))
    links.append(("Find help", "directory:find"))
    links.append(("See who looked at your record", "residents:start"))
    return [{"label": label, "url": address_of(name)} for label, name in links if address_of(name)]


@cache
def _navigation() -> tuple[dict[str, Any], ...]:
    text = (files("wholeplace.web.site") / "navigation.yaml").read_text("utf-8")
    return tuple(YAML(typ="safe").load(text))


@cache
def _role_labels() -> dict[str, str]:
    text = (files("wholeplace.partnership") / "vocabulary" / "fields.yaml").read_text("utf-8")
    return {
        role: str(entry["label"]) for role, entry in YAML(typ="safe").load(text)["roles"].items()
    }


def _partner_names() -> dict[str, str]:
    from wholeplace.web.gateway.wiring import current_place

    try:
        return {partner.id: partner.name for partner in current_place().place.partners.values()}
    except WholeplaceError:
        return {}


def _place_shown() -> _Shown:
    """Return what may be said of the place; an unreadable place never breaks a page."""
    from wholeplace.web.gateway.wiring import current_place

    try:
        place = current_place().place.place
    except WholeplaceError:
        _log.warning("the place folder could not be read for the page header")
        return _Shown()
    return _Shown(place.name, _partner_names().get(place.host, place.host), place.invented)
