"""The life of a case: the work with one household, from an enquiry to an end that was checked.

Somebody leads it, or it does not go on. Closing needs an outcome for every goal, no open action,
and a second approver. Help steps up and down by tier without leaving its state; on hold has a day
on which it is looked at; a merge and a split can both be undone.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from wholeplace.agreements.subjects.request import Viewer
from wholeplace.foundation.lifecycle import Lifecycle, Step
from wholeplace.teams.figures import figures

__all__ = [
    "CASE_LIFE",
    "ENDED",
    "HOLDER",
    "LEAD",
    "MEMBER",
    "SECOND",
    "STEPS_WITHOUT_LEAD",
    "TIERS",
    "WORKING",
    "Standing",
    "TeamMember",
    "case_actors",
    "next_tier",
    "why_not_step",
]

LEAD: Final = "lead"
MEMBER: Final = "member"
HOLDER: Final = "holder"
SECOND: Final = "second-approver"

_LEADING = frozenset({LEAD, HOLDER})
_LEAD, _SECOND = frozenset({LEAD}), frozenset({SECOND})

WORKING: Final = ("assessing", "planning", "active", "review")
ENDED: Final = frozenset({"no-further-action", "signposted", "closed", "merged"})
"""States in which a case gives nobody a reason to look."""

TIERS: Final[Mapping[str, str]] = {
    "universal": "Universal services",
    "early-help": "Early help",
    "targeted": "Targeted family support",
    "statutory": "Statutory social care",
}
"""How much help a family has, least first; stepping up or down moves by one."""

_IN_PLACE = tuple(
    step
    for state in WORKING
    for step in (
        Step("step-up", (state,), state, _LEADING, "Step up", ("words",)),
        Step("step-down", (state,), state, _LEADING, "Step down", ("words",)),
        Step("split", (state,), state, _LEADING, "Split", ("people", "words")),
    )
)

CASE_LIFE: Final = Lifecycle(
    name="case",
    states={
        "enquiry": "Enquiry",
        "triage": "Being triaged",
        "assessing": "Assessing",
        "planning": "Planning",
        "active": "Active",
        "review": "In review",
        "on-hold": "On hold",
        "closing": "Waiting for a second approver to close",
        "closed": "Closed",
        "reopened": "Reopened",
        "no-further-action": "No further action",
        "signposted": "Signposted",
        "merged": "Merged into another case",
    },
    first="enquiry",
    steps=(
        Step("triage", ("enquiry",), "triage", _LEADING, "Start triage"),
        Step("no-further-action", ("triage",), "no-further-action", _LEADING, "No further action", ("words",)),
        Step("signpost", ("triage",), "signposted", _LEADING, "Signpost", ("words",)),
        Step("assess", ("triage", "reopened"), "assessing", _LEADING, "Start the assessment"),
        Step("plan", ("assessing", "reopened"), "planning", _LEAD, "Start the plan"),
        Step("activate", ("planning",), "active", _LEAD, "Put the plan into action"),
        Step("review", ("active",), "review", _LEADING, "Start a review"),
        Step("continue", ("review",), "active", _LEAD, "Go on", ("review-on",)),
        Step("hold", WORKING, "on-hold", _LEADING, "Put on hold", ("review-on", "words")),
        Step("resume", ("on-hold",), "review", _LEADING, "Take up again"),
        *_IN_PLACE,
        Step("merge", ("enquiry", "triage", *WORKING), "merged", _LEADING, "Merge", ("case", "words")),
        Step("unmerge", ("merged",), "review", _LEADING, "Undo the merge", ("words",)),
        Step("begin-closing", ("active", "review"), "closing", _LEAD, "Ask for it to be closed", ("words",)),
        Step("take-back", ("closing",), "active", _LEAD, "Do not close after all"),
        Step("return", ("closing",), "review", _SECOND, "Send back", ("words",)),
        Step("close", ("closing",), "closed", _SECOND, "Approve and close"),
        Step("reopen", ("closed", "no-further-action", "signposted"), "reopened", _LEADING, "Reopen", ("words",)),
    ),
)  # fmt: skip
"""Every state of a case and what may happen in it."""

STEPS_WITHOUT_LEAD: Final = frozenset(
    {"triage", "no-further-action", "signpost", "merge", "unmerge", "hold", "reopen"}
)
"""Steps that a case may take while nobody leads it: every other asks for a lead practitioner."""


@dataclass(frozen=True)
class TeamMember:
    """One person of the team round the family.

    Attributes:
        job: what they do, in words the family knows.
        left_at: when they stopped; None while they are of the team.
    """

    user_id: str
    organisation: str
    job: str
    is_lead: bool = False
    left_at: dt.datetime | None = None


@dataclass(frozen=True)
class Standing:
    """What a case rests on, for its steps.

    Attributes:
        open_actions: proposed, agreed, under way or blocked.
        goals_without_outcome: goals of which nobody has said what came of them.
    """

    has_lead: bool
    has_assessment: bool
    goals: int
    actions: int
    open_actions: int
    goals_without_outcome: int


def case_actors(
    viewer: Viewer, team: Iterable[TeamMember], holder: str, closing_by: str = ""
) -> frozenset[str]:
    """Return what a viewer is to a case.

    Args:
        viewer: in the role they act in.
        team: everybody of the team, past and present.
        holder: organisation that holds the case.
        closing_by: who asked for it to be closed; nobody approves their own.
    """
    mine = next((m for m in team if m.user_id == viewer.user_id and m.left_at is None), None)
    found = set()
    if mine is not None and mine.organisation == viewer.organisation:
        found.add(MEMBER)
        if mine.is_lead:
            found.add(LEAD)
    if viewer.organisation == holder and viewer.role in figures().holder_roles:
        found.add(HOLDER)
        if viewer.user_id != closing_by and LEAD not in found:
            found.add(SECOND)
    return frozenset(found)


def why_not_step(event: str, standing: Standing) -> str:
    """Return what a case still lacks for a step; empty where it lacks nothing.

    Whether the step leads from its state, and whose it is, says `CASE_LIFE`.
    """
    if event not in STEPS_WITHOUT_LEAD and not standing.has_lead:
        return "Nobody leads it. Name a lead practitioner first."
    if event == "plan" and not standing.has_assessment:
        return "The family has not been assessed. Write the assessment first."
    if event == "activate" and not (standing.goals and standing.actions):
        return "The plan has no goal with an action. Add one first."
    if event in ("begin-closing", "close"):
        return _why_not_close(standing)
    return ""


def next_tier(tier: str, event: str) -> str:
    """Return the tier after a step up or down; empty where there is none."""
    order: Collection[str] = list(TIERS)
    place = list(order).index(tier) + {"step-up": 1, "step-down": -1}[event]
    return list(order)[place] if 0 <= place < len(order) else ""


def _why_not_close(standing: Standing) -> str:
    if standing.open_actions:
        return f"Open actions: {standing.open_actions}. End each of them first."
    if standing.goals_without_outcome:
        return f"Goals without an outcome: {standing.goals_without_outcome}. Say what came of each."
    return ""
