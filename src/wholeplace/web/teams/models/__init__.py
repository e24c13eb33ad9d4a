"""What teams keep: referrals, cases and who works on them, what is written down, plans."""

from wholeplace.web.teams.models.cases import Case, CaseJoining, CaseMember, CasePerson, CaseStep
from wholeplace.web.teams.models.day import MailChoice, MailSent
from wholeplace.web.teams.models.meetings import (
    AgendaItem,
    Attendance,
    Decision,
    Dissent,
    Meeting,
    MeetingSeries,
    MeetingStep,
    SeriesMember,
)
from wholeplace.web.teams.models.plans import Action, ActionStep, FamilyWord, Goal
from wholeplace.web.teams.models.referrals import (
    Referral,
    ReferralLink,
    ReferralPerson,
    ReferralStep,
)
from wholeplace.web.teams.models.writing import Assessment, Note

__all__ = [
    "Action",
    "ActionStep",
    "AgendaItem",
    "Assessment",
    "Attendance",
    "Case",
    "CaseJoining",
    "CaseMember",
    "CasePerson",
    "CaseStep",
    "Decision",
    "Dissent",
    "FamilyWord",
    "Goal",
    "MailChoice",
    "MailSent",
    "Meeting",
    "MeetingSeries",
    "MeetingStep",
    "Note",
    "Referral",
    "ReferralLink",
    "ReferralPerson",
    "ReferralStep",
    "SeriesMember",
]
