"""Finding entries of the trail."""

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.db.models import F, Q, QuerySet, TextField
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast

from wholeplace.web.chain.models import Entry

__all__ = ["Wanted", "find_entries"]


@dataclass(frozen=True)
class Wanted:
    """Which entries are wanted; what is empty does not limit.

    Attributes:
        subject: pseudonym of a person.
        on: a day of the place's.
        kind: `sight` for looks at people alone.
        viewer: organisation whose officer reads. Entries about the subject that tell of another
            organisation's seal are then as if they were not there.
    """

    subject: str = ""
    organisation: str = ""
    user: str = ""
    on: dt.date | None = None
    kind: str = ""
    viewer: str = ""


def find_entries(wanted: Wanted, time_zone: str) -> QuerySet[Entry]:
    """Return the entries wanted, newest first."""
    found = Entry.objects.order_by("-position")
    if wanted.subject:
        found = found.filter(event__contains={"subjects": [{"subject": wanted.subject}]})
        if wanted.viewer:
            alert = {"kind": "sealed", "subject": wanted.subject}
            own = {"alerts": [{**alert, "partners": [wanted.viewer]}]}
            found = found.filter(Q(event__contains=own) | ~Q(event__contains={"alerts": [alert]}))
    if wanted.organisation:
        found = found.filter(event__contains={"organisation": wanted.organisation})
    if wanted.user:
        found = found.filter(event__contains={"actor": wanted.user})
    if wanted.kind:
        found = found.filter(event__contains={"kind": wanted.kind})
    if wanted.on:
        start = dt.datetime.combine(wanted.on, dt.time(), ZoneInfo(time_zone))
        end = dt.datetime.combine(wanted.on + dt.timedelta(days=1), dt.time(), ZoneInfo(time_zone))
        # Instants in UTC, written alike, sort as text.
        found = found.annotate(
            happened_at=Cast(KeyTextTransform("at", F("event")), TextField())
        ).filter(
            happened_at__gte=start.astimezone(dt.UTC).isoformat()[:19],
            happened_at__lt=end.astimezone(dt.UTC).isoformat()[:19],
        )
    return found
