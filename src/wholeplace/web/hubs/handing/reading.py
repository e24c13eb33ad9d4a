"""Handovers that concern somebody, and whom they may hand over: names through the gateway alone."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from django.http import HttpRequest

from wholeplace.agreements import place_day
from wholeplace.agreements.gateway import SeenItem
from wholeplace.agreements.subjects.request import Reason, SealedItem, Viewer
from wholeplace.people.read import read_identity, read_subjects
from wholeplace.web.gateway.handovers import taker_of_handovers
from wholeplace.web.gateway.models import Caseload
from wholeplace.web.gateway.purposes import purposes_for
from wholeplace.web.gateway.reasons import list_reasons, live_reasons_for
from wholeplace.web.gateway.reveal import reveal_page
from wholeplace.web.gateway.wiring import OpenPlace
from wholeplace.web.hubs.models import Handover

__all__ = ["name_people", "purposes_of", "those_to_hand_over", "waiting_for"]

_UNNAMED = "Somebody whose name you may not see"
_MOST = 50


def waiting_for(viewer: Viewer) -> int:
    """Return how many handovers wait for the viewer to take them on."""
    taker = taker_of_handovers()
    found = Handover.objects.filter(to_user=viewer.user_id)[:_MOST]
    standings = (taker.standing(viewer, each.referral_id) for each in found)
    return sum(1 for each in standings if each and each.can_take_on)


def purposes_of(served: OpenPlace, viewer: Viewer, at: dt.datetime) -> list[tuple[str, str]]:
    """Return the purposes for which the viewer may look at people."""
    return purposes_for(served.rules(place_day(at, served.place.place.time_zone)), viewer)


def those_to_hand_over(viewer: Viewer, purpose: str, at: dt.datetime) -> dict[str, Reason]:
    """Return the people for whom the viewer has a live reason, with it."""
    own = Caseload.objects.filter(user_id=viewer.user_id).values_list("person_id", flat=True)
    typed = (each for reason in list_reasons(viewer, at) for each in reason.person_ids)
    return live_reasons_for(viewer, sorted({*own, *typed}), at, purpose)


def name_people(
    request: HttpRequest, served: OpenPlace, purpose: str, reasons: dict[str, Reason],
    at: dt.datetime, page: str,
) -> list[tuple[str, str]]:  # fmt: skip
    """Return (person id, name) of those whom the viewer may know of, by name; the sight is recorded."""
    if not reasons or not purpose:
        return []
    ids = sorted(reasons)
    identity = read_identity(served.snapshot_reader, ids)
    subjects = read_subjects(served.snapshot_reader, ids)
    items = [item for each in ids for item in identity[each] if item.field == "identity.name"]
    first = next(iter(reasons.values()))
    revealed = reveal_page(
        request, page=page, purpose=purpose, subjects=[subjects[each] for each in ids],
        items=items, reason=replace(first, person_ids=frozenset(ids)), at=at, reasons=reasons,
    )  # fmt: skip
    found = []
    for each in ids:
        seen = revealed.person(each)
        if seen is not None:
            found.append((each, _name(seen.items, identity[each])))
    return sorted(found, key=lambda each: (each[1] == _UNNAMED, each[1]))


def _name(seen: Sequence[SeenItem], sealed: Sequence[SealedItem]) -> str:
    """Return the name that most partners hold, of those seen at the fullest level; then the newest."""
    order = {item.key: place for place, item in enumerate(sealed)}
    names = [item for item in seen if item.field == "identity.name"]
    holders: dict[str, set[str]] = {}
    for item in names:
        holders.setdefault(item.text, set()).add(item.partner)
    best = min(
        names,
        key=lambda item: (-item.level, -len(holders[item.text]), order[item.key]),
        default=None,
    )
    return best.text if best is not None else _UNNAMED
