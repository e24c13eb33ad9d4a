"""A page's way through the gateway."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from wholeplace.agreements.standing.standings import place_day
from wholeplace.agreements.subjects.request import Reason, Request, SealedItem, Subject, Viewer
from wholeplace.web.accounts.models import User
from wholeplace.web.accounts.roles import acting_role
from wholeplace.web.accounts.sessions import still_acts
from wholeplace.web.chain.trail import subject_pseudonyms
from wholeplace.web.gateway.flags import subjects_with_stated
from wholeplace.web.gateway.wiring import current_place

if TYPE_CHECKING:
    from wholeplace.agreements.gateway import Company, Revealed

__all__ = ["reveal_for", "reveal_page", "reveal_room", "viewer_of"]


def viewer_of(request: HttpRequest) -> Viewer | None:
    """Return the person who looks, in the role they act in now; None where nobody signed in."""
    role = acting_role(request)
    if role is None or not isinstance(request.user, User):
        return None
    return Viewer(str(request.user.pk), request.user.organisation, role)


def reveal_page(
    request: HttpRequest,
    *,
    page: str,
    purpose: str,
    subjects: Sequence[Subject],
    items: Iterable[SealedItem],
    reason: Reason | None,
    at: dt.datetime | None = None,
    reasons: Mapping[str, Reason] | None = None,
) -> "Revealed":
    """Return what a page may show of its items; the sight is committed to the trail first.

    Args:
        request: whose viewer asks.
        page: the page's name, for the trail.
        purpose: the one purpose of the sight.
        subjects: everyone whom the page is about.
        items: everything that it would like to show, sealed.
        reason: what makes the sight right; None where there is nothing.
        at: UTC instant of the request; now when absent.
        reasons: each person's own reason, for the trail, where a page is about several.

    Raises:
        AuditUnavailableError: if the sight could not be recorded; nothing was opened then.
        PermissionDenied: if the viewer's access ended since the request began.
    """
    viewer = viewer_of(request)
    if viewer is None:
        raise PermissionError("nobody has signed in")
    if not still_acts(request):
        # They left, were suspended or lost the role while this request was under way.
        raise PermissionDenied
    return reveal_for(
        viewer,
        page=page,
        purpose=purpose,
        subjects=subjects,
        items=items,
        reason=reason,
        at=at,
        reasons=reasons,
    )


def reveal_for(
    viewer: Viewer,
    *,
    page: str,
    purpose: str,
    subjects: Sequence[Subject],
    items: Iterable[SealedItem],
    reason: Reason | None,
    at: dt.datetime | None = None,
    reasons: Mapping[str, Reason] | None = None,
) -> "Revealed":
    """Return what may be shown to a viewer who has no account, or is not the one who asks.

    For a partner that answers by a link: it sees what its agreements let its people see. The
    rest is as `reveal_page`.

    Raises:
        AuditUnavailableError: if the sight could not be recorded; nothing was opened then.
    """
    from wholeplace.agreements.gateway import reveal

    place = current_place()
    at = at or dt.datetime.now(dt.UTC)
    rules = place.rules(place_day(at, place.place.place.time_zone))
    # Under keys that can be destroyed one by one, so that erasure leaves the trail whole.
    names = subject_pseudonyms(each.person_id for each in subjects)
    stated = subjects_with_stated(subjects)
    named = [replace(each, pseudonym=names[each.person_id]) for each in stated]
    asked = Request(viewer=viewer, purpose=purpose, reason=reason, at=at)
    return reveal(rules, asked, named, items, place.trail, page=page, reasons=reasons)


def reveal_room(
    request: HttpRequest,
    company: "Sequence[Company]",
    *,
    page: str,
    subjects: Sequence[Subject],
    items: Iterable[SealedItem],
    at: dt.datetime,
) -> "Revealed":
    """Return what several people may see on one screen together: the least of each of them.

    Everybody stands in the trail as having looked, before anything is opened.

    Args:
        request: of whoever's screen it is.
        company: everybody who looks, that one too.
        page: the page's name, for the trail.
        subjects: everyone whom the page is about.
        items: everything that it would like to show, sealed.
        at: UTC instant of the request.

    Raises:
        AuditUnavailableError, PermissionDenied: as `reveal_page`.
    """
    from wholeplace.agreements.gateway import reveal_together

    viewer = viewer_of(request)
    if viewer is None or not still_acts(request):
        raise PermissionDenied
    place = current_place()
    rules = place.rules(place_day(at, place.place.place.time_zone))
    names = subject_pseudonyms(each.person_id for each in subjects)
    stated = subjects_with_stated(subjects)
    named = [replace(each, pseudonym=names[each.person_id]) for each in stated]
    return reveal_together(rules, company, named, items, place.trail, page=page)
