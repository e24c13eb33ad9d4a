"""Who asks, for which draft, and how they are told what was not done."""

from django.contrib import messages
from django.http import Http404, HttpRequest

from wholeplace.agreements.standing.life import Person
from wholeplace.foundation.errors import NotFoundError, UnsafeActionError
from wholeplace.web.agreements.drafts import (
    OpenDraft,
    StaleDraftError,
    adopt_file,
    open_draft,
)
from wholeplace.web.agreements.waiting import can_see_draft
from wholeplace.web.gateway.wiring import current_place

__all__ = ["DRAFTERS", "OFFICERS", "find_draft", "person_of", "tell_error"]

DRAFTERS = ("data-protection-officer", "programme-lead")
OFFICERS = (*DRAFTERS, "signatory")


def person_of(request: HttpRequest) -> Person:
    """Return who acts, in which role, for which organisation."""
    viewer = request.viewer  # type: ignore[attr-defined]
    return Person(viewer.user_id, viewer.organisation, viewer.role)


def find_draft(request: HttpRequest, draft_id: str) -> OpenDraft:
    """Return a draft that this person may read.

    Raises:
        Http404: if there is none, or they may not know of it.
    """
    place = current_place()
    try:
        found = open_draft(place, draft_id)
        if adopt_file(place, draft_id):
            found = open_draft(place, draft_id)
    except (NotFoundError, UnsafeActionError) as error:
        raise Http404 from error
    if not can_see_draft(found, person_of(request)):
        raise Http404
    return found


def tell_error(request: HttpRequest, error: UnsafeActionError) -> None:
    """Tell at the next page what was not done, and why."""
    words = [error.what, error.why, error.do_next]
    if isinstance(error, StaleDraftError):
        words.insert(2, "; ".join(error.changes) + ".")
    messages.error(request, " ".join(filter(None, words)))
