"""What is kept of referrals, cases and actions for somebody's day: keeps `teams.records`."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable

from django.db.models import Q

from wholeplace.agreements.subjects.request import Viewer
from wholeplace.teams.action import OPEN_ACTION
from wholeplace.teams.case import ENDED
from wholeplace.teams.figures import figures
from wholeplace.teams.records import DayAction, DayCase, DayReferral
from wholeplace.teams.referral import LIVE_REFERRAL
from wholeplace.web.teams.models import (
    Action,
    Case,
    CaseMember,
    CasePerson,
    FamilyWord,
    Referral,
)

__all__ = ["DjangoTeamRecords"]


class DjangoTeamRecords:
    """Keeps the promises of `teams.records.TeamRecords`, with a fixed number of short queries."""

    def actions_of(self, viewer: Viewer) -> list[DayAction]:
        """Return the actions still to be done that are theirs, or that they wait for."""
        led = CaseMember.objects.filter(user_id=viewer.user_id, left_at=None, is_lead=True)
        of_team = CaseMember.objects.filter(user_id=viewer.user_id, left_at=None)
        open_ones = Action.objects.filter(state__in=OPEN_ACTION).exclude(
            goal__case__state__in=ENDED
        )
        found = list(
            open_ones.filter(goal__case_id__in=of_team.values("case_id"))
            .filter(
                Q(owner=viewer.user_id)
                | Q(proposed_by=viewer.user_id)
                | Q(goal__case_id__in=led.values("case_id"))
                | Q(owner="", organisation=viewer.organisation)
            )
            .values_list(
                "id", "goal__case_id", "person_id", "organisation", "owner", "proposed_by", "state",
                "due_on",
            )
        )  # fmt: skip
        leads = _leads(row[1] for row in found)
        return [
            DayAction(
                id=row[0], case=row[1], person_id=row[2], organisation=row[3], owner=row[4],
                proposed_by=row[5], state=row[6], due_on=row[7], lead=leads.get(row[1], ""),
            )
            for row in found
        ]  # fmt: skip

    def cases_of(self, viewer: Viewer) -> list[DayCase]:
        """Return the cases that go on: of their teams, and those that they give out."""
        mine = CaseMember.objects.filter(user_id=viewer.user_id, left_at=None).values("case_id")
        wanted = Q(pk__in=mine)
        if viewer.role in figures().holder_roles:
            # Of those that one only gives out, a day holds what nobody leads, or waits to close.
            led = CaseMember.objects.filter(left_at=None, is_lead=True).values("case_id")
            wanted |= Q(holder=viewer.organisation) & (~Q(pk__in=led) | Q(state="closing"))
        found = list(Case.objects.filter(wanted).exclude(state__in=ENDED))
        ids = [each.pk for each in found]
        main = dict(
            CasePerson.objects.filter(case_id__in=ids, is_main=True).values_list(
                "case_id", "person_id"
            )
        )
        teams: dict[str, set[str]] = defaultdict(set)
        for case_id, user_id in CaseMember.objects.filter(
            case_id__in=ids, left_at=None
        ).values_list("case_id", "user_id"):
            teams[case_id].add(user_id)
        waits = Counter(
            FamilyWord.objects.filter(case_id__in=ids, answered_at=None)
            .exclude(kind="agree")
            .values_list("case_id", flat=True)
        )
        leads = _leads(ids)
        return [
            DayCase(
                each.pk, main.get(each.pk, ""), each.holder, each.state, leads.get(each.pk, ""),
                frozenset(teams[each.pk]), each.review_on, waits[each.pk], each.closing_by,
            )
            for each in found
        ]  # fmt: skip

    def referrals_of(self, viewer: Viewer) -> list[DayReferral]:
        """Return the referrals under way that they sent, or that wait for their organisation."""
        found = Referral.objects.filter(state__in=LIVE_REFERRAL).filter(
            Q(sent_by=viewer.user_id) | Q(receiver=viewer.organisation)
        )
        return [
            DayReferral(
                each.pk, each.sent_by, each.sender, each.receiver, each.state, each.urgency,
                each.due_at, dt.timedelta(seconds=each.paused_seconds), each.triaged_by,
            )
            for each in found
        ]  # fmt: skip


def _leads(case_ids: Iterable[str]) -> dict[str, str]:
    found = CaseMember.objects.filter(case_id__in=set(case_ids), left_at=None, is_lead=True)
    return dict(found.values_list("case_id", "user_id"))
