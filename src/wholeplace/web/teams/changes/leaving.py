"""What somebody leaves behind whose access ends: teams, links and drafts."""

import datetime as dt

from django.db import transaction

from wholeplace.agreements.subjects.request import Viewer
from wholeplace.teams.figures import figures
from wholeplace.web.gateway.notices import tell, users_with
from wholeplace.web.teams.changes.opening import lock_case
from wholeplace.web.teams.changes.referring import take_sender_step
from wholeplace.web.teams.changes.team import take_out
from wholeplace.web.teams.models import CaseMember, Referral, ReferralLink

__all__ = ["leave_all_of"]


def leave_all_of(user_id: str, at: dt.datetime) -> int:
    """Take somebody out of every team, call their links back, and drop what they had not sent.

    Their open actions stay with their organisation, which is asked who does them; a case that they
    led is listed as led by nobody. Return of how many teams they were.

    Raises:
        AuditUnavailableError: if it cannot be recorded.
    """
    live = CaseMember.objects.filter(user_id=user_id, left_at=None)
    with transaction.atomic():
        for case_id in sorted(live.values_list("case_id", flat=True)):
            case = lock_case(case_id)
            member = case.members.get(user_id=user_id, left_at=None)
            viewer = Viewer(user_id, member.organisation, "")
            was_lead = member.is_lead
            take_out(case, viewer, user_id, "access-ended", at)
            if was_lead:
                tell(users_with(figures().holder_roles, [case.holder]), "case-no-lead", case.pk, at)
        ReferralLink.objects.filter(made_by=user_id, called_back_at=None, referral_id="").update(
            called_back_at=at
        )
        for draft in Referral.objects.filter(sent_by=user_id, state="draft"):
            viewer = Viewer(user_id, draft.sender, draft.sender_role)
            take_sender_step(viewer, draft.pk, "withdraw", draft.version, "", at)
    return CaseMember.objects.filter(user_id=user_id, left_at=at).count()
