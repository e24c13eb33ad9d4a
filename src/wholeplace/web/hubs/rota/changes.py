"""Changes of the rota and of presence. Each stands in the trail before it is done."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction

from wholeplace.agreements.subjects.request import Viewer
from wholeplace.foundation.errors import NotFoundError, UnsafeActionError
from wholeplace.foundation.lifecycle import check_version
from wholeplace.places.hubs.rota.shifts import COLLEAGUE, OWNER, SWAP_LIFE
from wholeplace.web.accounts.models import User
from wholeplace.web.chain.trail import record
from wholeplace.web.gateway.notices import tell
from wholeplace.web.hubs.access import new_id
from wholeplace.web.hubs.models import HubPresence, RotaChange, RotaSeries

__all__ = [
    "add_series",
    "answer_swap",
    "arrive",
    "ask_swap",
    "end_series",
    "end_series_of",
    "find_series",
    "leave",
    "take_back",
    "take_day_off",
]


def add_series(viewer: Viewer, given: Mapping[str, Any]) -> RotaSeries:
    """Say that the viewer is at a hub every week.

    Args:
        viewer: who will be there.
        given: site_id, weekday, starts, ends, what, from_on, until_on.

    Raises:
        UnsafeActionError: if it overlaps another series of theirs.
        AuditUnavailableError: if it cannot be recorded.
    """
    with transaction.atomic():
        # One change of one person's rota at a time: two windows cannot both pass the check.
        User.objects.select_for_update().get(pk=int(viewer.user_id))
        _check_free(viewer, given)
        made = RotaSeries(
            id=new_id(), user_id=viewer.user_id, organisation=viewer.organisation,
            made_by=viewer.user_id, **given,
        )  # fmt: skip
        _note("hubs.series-added", viewer, series=made.pk, site=made.site_id)
        made.save(force_insert=True)
    return made


def end_series(viewer: Viewer, series_id: str, version: int, last_on: dt.date) -> RotaSeries:
    """Say until when the viewer is there; before the first day, the series goes altogether.

    Raises:
        NotFoundError: if it is not theirs.
        ChangedMeanwhileError: if it changed since they saw it.
    """
    with transaction.atomic():
        found = find_series(viewer, series_id, lock=True)
        check_version(found.version, version, ["You changed it in another window."])
        _note("hubs.series-ended", viewer, series=found.pk)
        if last_on < found.from_on:
            found.delete()
            return found
        found.until_on, found.version = last_on, found.version + 1
        found.save(update_fields=["until_on", "version"])
    return found


def end_series_of(user_id: str, at: dt.datetime) -> int:
    """End every series of somebody whose access ends, and the swaps they agreed to."""
    day = at.date()
    found = RotaSeries.objects.filter(user_id=user_id).exclude(until_on__lt=day)
    covers = RotaChange.objects.filter(cover=user_id, on__gte=day, state__in=("asked", "agreed"))
    if not found.exists() and not covers.exists():
        return 0
    record("hubs.series-ended", actor="system", worker=user_id)
    covers.update(state="declined")
    return found.update(until_on=day)


def take_day_off(viewer: Viewer, series_id: str, on: dt.date) -> RotaChange:
    """Say that nobody is there on one day of a series."""
    return _change(viewer, series_id, on, "off", "", "")


def ask_swap(
    viewer: Viewer, series_id: str, on: dt.date, colleague: User, at: dt.datetime
) -> RotaChange:
    """Ask a colleague of the same organisation to be there instead; until they agree nothing changes."""
    if colleague.organisation != viewer.organisation or str(colleague.pk) == viewer.user_id:
        raise NotFoundError("There is no such colleague.")
    made = _change(viewer, series_id, on, "swap", SWAP_LIFE.first, str(colleague.pk))
    tell([made.cover], "swap-asked", str(made.pk), at)
    return made


def answer_swap(
    viewer: Viewer, change_id: int, event: str, version: int, at: dt.datetime
) -> RotaChange:
    """Agree, decline, or take a swap back.

    Raises:
        NotFoundError: if it does not concern the viewer.
        ChangedMeanwhileError: if it changed since they saw it.
        UnsafeActionError: if it is not theirs to say.
    """
    with transaction.atomic():
        rows = RotaChange.objects.select_for_update(of=("self",)).select_related("series")
        found = rows.filter(pk=change_id, kind="swap").first()
        actors = _actors(viewer, found)
        if found is None or not actors:
            raise NotFoundError("There is no such swap.")
        target = SWAP_LIFE.take(found.state, event, actors)
        check_version(found.version, version, ["Somebody answered meanwhile."])
        _note(f"hubs.swap-{event}", viewer, series=found.series_id, on=found.on.isoformat())
        found.state, found.version = target, found.version + 1
        found.save(update_fields=["state", "version"])
        told = found.series.user_id if COLLEAGUE in actors else found.cover
        tell([told], "swap-decided", f"{found.pk}-{found.version}", at)
    return found


def take_back(viewer: Viewer, change_id: int) -> None:
    """Take a day off back, or put away a swap that came to nothing.

    Raises:
        NotFoundError: if it is not theirs.
        UnsafeActionError: if a swap stands; it is taken back first.
    """
    with transaction.atomic():
        rows = RotaChange.objects.select_for_update(of=("self",))
        found = rows.filter(pk=change_id, series__user_id=viewer.user_id).first()
        if found is None:
            raise NotFoundError("There is no such day.")
        if found.state in ("asked", "agreed"):
            raise UnsafeActionError(
                "Nothing was changed.",
                "A colleague was asked to be there.",
                "Take that back first.",
            )
        _note("hubs.day-restored", viewer, series=found.series_id, on=found.on.isoformat())
        found.delete()


def arrive(viewer: Viewer, site_id: str, on: dt.date, at: dt.datetime) -> HubPresence:
    """Say that the viewer is at a hub now; said twice, the first time stands."""
    _note("hubs.arrived", viewer, site=site_id)
    made, _ = HubPresence.objects.update_or_create(
        site_id=site_id, user_id=viewer.user_id, on=on,
        defaults={"left_at": None},
        create_defaults={"organisation": viewer.organisation, "arrived_at": at},
    )  # fmt: skip
    # Nobody is at two hubs at once.
    HubPresence.objects.filter(user_id=viewer.user_id, on=on, left_at=None).exclude(
        pk=made.pk
    ).update(left_at=at)
    return made


def leave(viewer: Viewer, site_id: str, on: dt.date, at: dt.datetime) -> None:
    """Say that the viewer has left a hub."""
    _note("hubs.left", viewer, site=site_id)
    HubPresence.objects.filter(site_id=site_id, user_id=viewer.user_id, on=on, left_at=None).update(
        left_at=at
    )


def find_series(viewer: Viewer, series_id: str, *, lock: bool = False) -> RotaSeries:
    """Return a series of the viewer's own.

    Raises:
        NotFoundError: if there is none; the same for somebody else's.
    """
    rows = RotaSeries.objects.select_for_update() if lock else RotaSeries.objects
    found = rows.filter(pk=series_id, user_id=viewer.user_id).first()
    if found is None:
        raise NotFoundError("There is no such time on your rota.")
    return found


def _change(
    viewer: Viewer, series_id: str, on: dt.date, kind: str, state: str, cover: str
) -> RotaChange:
    with transaction.atomic():
        found = find_series(viewer, series_id, lock=True)
        is_within = found.from_on <= on and (found.until_on is None or on <= found.until_on)
        if not is_within or on.weekday() != found.weekday:
            raise UnsafeActionError(
                "Nothing was changed.",
                "You are not on the rota on that day.",
                "Choose a day from the list.",
            )
        _note(f"hubs.day-{kind}", viewer, series=found.pk, on=on.isoformat())
        RotaChange.objects.filter(series=found, on=on, state__in=("declined", "withdrawn")).delete()
        try:
            with transaction.atomic():
                return RotaChange.objects.create(
                    series=found, on=on, kind=kind, state=state, cover=cover
                )
        except IntegrityError as error:
            raise UnsafeActionError(
                "Nothing was changed.", "That day was changed already.", "Look at it again below."
            ) from error


def _check_free(viewer: Viewer, given: Mapping[str, Any]) -> None:
    same_day = RotaSeries.objects.filter(user_id=viewer.user_id, weekday=given["weekday"])
    for each in same_day:
        apart_in_days = (each.until_on is not None and each.until_on < given["from_on"]) or (
            given["until_on"] is not None and given["until_on"] < each.from_on
        )
        apart_in_time = each.ends <= given["starts"] or given["ends"] <= each.starts
        if not apart_in_days and not apart_in_time:
            raise UnsafeActionError(
                "It was not added.",
                "You are at a hub already at that time on that day.",
                "End the other time first, or choose another.",
            )


def _actors(viewer: Viewer, found: RotaChange | None) -> frozenset[str]:
    if found is None:
        return frozenset()
    if found.series.user_id == viewer.user_id:
        return frozenset({OWNER})
    return frozenset({COLLEAGUE}) if found.cover == viewer.user_id else frozenset()


def _note(kind: str, viewer: Viewer, **facts: Any) -> None:
    record(kind, actor=viewer.user_id, organisation=viewer.organisation, role=viewer.role, **facts)
