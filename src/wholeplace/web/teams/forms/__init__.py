"""What people type about referrals, cases and plans."""

from wholeplace.web.teams.forms.cases import (
    ActionForm,
    AssessmentForm,
    GoalForm,
    MemberForm,
    NoteForm,
)
from wholeplace.web.teams.forms.referrals import (
    LinkForm,
    OwnReferralForm,
    ReferralForm,
    ReferralLinkForm,
)
from wholeplace.web.teams.forms.steps import CodeForm, FamilyForm, MailForm, StepForm

__all__ = [
    "ActionForm",
    "AssessmentForm",
    "CodeForm",
    "FamilyForm",
    "GoalForm",
    "LinkForm",
    "MailForm",
    "MemberForm",
    "NoteForm",
    "OwnReferralForm",
    "ReferralForm",
    "ReferralLinkForm",
    "StepForm",
]
