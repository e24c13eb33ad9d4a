"""The reasons that a person has now, for their home."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from wholeplace.web.gateway.reasons import list_reasons
from wholeplace.web.gateway.reveal import viewer_of
from wholeplace.web.gateway.wiring import current_place
from wholeplace.web.site.context import address_of

__all__ = ["ShownReason", "can_have_reasons", "live_reasons"]

_ROLES = frozenset({"practitioner", "lead-practitioner", "coordinator"})


@dataclass(frozen=True)
class ShownReason:
    """One live reason of the viewer's own, in words.

    Attributes:
        people: address of each person's page; the address holds no personal value.
    """

    text: str
    purpose: str
    expires_at: Any
    people: tuple[str, ...]


def can_have_reasons(role: str) -> bool:
    """Return whether the role works with people at all."""
    return role in _ROLES


def live_reasons(request: HttpRequest) -> tuple[ShownReason, ...]:
    """Return the viewer's live reasons, newest first."""
    viewer = viewer_of(request)
    if viewer is None:
        return ()
    purposes = current_place().place.vocabulary.purposes
    return tuple(
        ShownReason(
            reason.text,
            purposes[reason.purpose].label if reason.purpose in purposes else "",
            reason.expires_at,
            tuple(address_of("people:person", each) for each in sorted(reason.person_ids)),
        )
        for reason in list_reasons(viewer, timezone.now())
    )
