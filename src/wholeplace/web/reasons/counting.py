"""How often each organisation's people gave reasons and broke the glass, month by month.

Per organisation only: in a small team a count by role or by person would be about one colleague.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import timezone

from wholeplace.web.gateway.models import OpenReason
from wholeplace.web.reasons.models import InformationRequest
from wholeplace.web.reasons.reviews import OPEN_STATES

__all__ = ["MonthCount", "count_reasons"]


@dataclass(frozen=True)
class MonthCount:
    """One organisation in one month.

    Attributes:
        month: its first day.
        late: reviews that still wait after their due day.
    """

    month: dt.date
    organisation: str
    duty: int
    broken: int
    justified: int
    not_justified: int
    waiting: int
    late: int
    asked: int
    received: int

    @property
    def broken_per_100(self) -> float:
        """How many of a hundred typed reasons were broken glass."""
        typed = self.duty + self.broken
        return round(100 * self.broken / typed, 1) if typed else 0.0


def count_reasons(organisations: Iterable[str], today: dt.date, months: int) -> list[MonthCount]:
    """Return a row for each organisation and month in which there was anything, newest first.

    Args:
        organisations: partner ids to count.
        today: the last day counted.
        months: how many months back, this one included.
    """
    wanted = set(organisations)
    first = _months_before(today, months - 1)
    found: dict[tuple[dt.date, str], Counter[str]] = {}
    begin = timezone.make_aware(dt.datetime.combine(first, dt.time()))
    for each in OpenReason.objects.filter(opened_at__gte=begin, organisation__in=wanted):
        row = found.setdefault((_month(each.opened_at), each.organisation), Counter())
        row["broken" if each.kind == "break-glass" else "duty"] += 1
        row[each.review_state] += 1
        is_open = each.review_state in OPEN_STATES
        row["late"] += bool(is_open and each.review_due_on and each.review_due_on < today)
    for ask in InformationRequest.objects.filter(asked_at__gte=begin):
        for name, partner in (("sent", ask.organisation), ("received", ask.partner)):
            if partner in wanted:
                found.setdefault((_month(ask.asked_at), partner), Counter())[name] += 1
    rows = sorted(found.items(), key=lambda each: each[0][1])
    rows.sort(key=lambda each: each[0][0], reverse=True)
    return [
        MonthCount(
            month, partner, row["duty"], row["broken"], row["justified"], row["not-justified"],
            row["waiting"] + row["asked"], row["late"], row["sent"], row["received"],
        )
        for (month, partner), row in rows
    ]  # fmt: skip


def _month(at: dt.datetime) -> dt.date:
    return timezone.localdate(at).replace(day=1)


def _months_before(day: dt.date, months: int) -> dt.date:
    number = day.year * 12 + day.month - 1 - months
    return dt.date(number // 12, number % 12 + 1, 1)
