"""Changes of a saved choice: its name, put away, brought back. What was worked out never changes."""

import datetime as dt

from django.db import transaction

from wholeplace.agreements.subjects.request import Viewer
from wholeplace.foundation.errors import NotFoundError
from wholeplace.foundation.lifecycle import check_version
from wholeplace.web.chain.trail import record
from wholeplace.web.hubs.models import HubChoice

__all__ = ["bring_back", "put_away", "rename"]


def rename(viewer: Viewer, choice_id: str, *, version: int, title: str) -> HubChoice:
    """Give a choice another name.

    Raises:
        NotFoundError: if it is not the viewer's organisation's.
        ChangedMeanwhileError: if somebody renamed it since the viewer saw it.
        AuditUnavailableError: if it cannot be recorded.
    """
    with transaction.atomic():
        found = _find(viewer, choice_id)
        check_version(found.version, version, [f"It is now called “{found.title}”."])
        return _keep(viewer, found, "hubs.choice-renamed", title=" ".join(title.split()))


def put_away(viewer: Viewer, choice_id: str, at: dt.datetime) -> HubChoice:
    """Take a choice out of the list."""
    with transaction.atomic():
        found = _find(viewer, choice_id)
        return _keep(viewer, found, "hubs.choice-removed", removed_at=found.removed_at or at)


def bring_back(viewer: Viewer, choice_id: str) -> HubChoice:
    """Put a choice back on the list."""
    with transaction.atomic():
        return _keep(viewer, _find(viewer, choice_id), "hubs.choice-restored", removed_at=None)


def _find(viewer: Viewer, choice_id: str) -> HubChoice:
    rows = HubChoice.objects.select_for_update()
    found = rows.filter(pk=choice_id, organisation=viewer.organisation).first()
    if found is None:
        raise NotFoundError("There is no such choice.")
    return found


def _keep(viewer: Viewer, found: HubChoice, kind: str, **values: object) -> HubChoice:
    record(
        kind, actor=viewer.user_id, organisation=viewer.organisation, role=viewer.role,
        choice=found.pk,
    )  # fmt: skip
    for name, value in values.items():
        setattr(found, name, value)
    found.version += 1
    found.save(update_fields=[*values, "version"])
    return found
