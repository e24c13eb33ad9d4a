"""The life of an action: one thing that one person of one organisation does by one day.

Whoever it is for agrees to it, or somebody of their organisation does: nobody is given work by
another organisation without its word. That it is overdue is worked out and never kept. What was
not done says whether circumstances changed or it was left undone: the two teach different things.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from wholeplace.agreements.subjects.request import Viewer
from wholeplace.foundation.lifecycle import Lifecycle, Step

__all__ = [
    "ACTION_LIFE",
    "NOT_DONE_KINDS",
    "OPEN_ACTION",
    "Action",
    "action_actors",
    "days_overdue",
    "is_overdue",
]

PROPOSER: Final = "proposer"
OWNER: Final = "owner"
COLLEAGUE: Final = "owners-colleague"
LEAD: Final = "lead"

_AGREEING = frozenset({OWNER, COLLEAGUE})
_OWNER = frozenset({OWNER})
_DOING = frozenset({OWNER, COLLEAGUE, LEAD})

NOT_DONE_KINDS: Final[Mapping[str, str]] = {
    "circumstances-changed": "Circumstances changed: it was no longer the right thing",
    "not-done": "It was not done",
}

ACTION_LIFE: Final = Lifecycle(
    name="action",
    states={
        "proposed": "Proposed",
        "agreed": "Agreed",
        "doing": "Under way",
        "blocked": "Blocked",
        "done": "Done",
        "not-done": "Not done",
        "cancelled": "Cancelled",
    },
    first="proposed",
    steps=(
        Step("agree", ("proposed",), "agreed", _AGREEING, "Agree to do it"),
        Step("decline", ("proposed",), "cancelled", _AGREEING, "We cannot do it", ("words",)),
        Step("begin", ("agreed",), "doing", _OWNER, "Begin"),
        Step("block", ("agreed", "doing"), "blocked", _OWNER, "Say what blocks it", ("words",)),
        Step("unblock", ("blocked",), "doing", _DOING, "It is no longer blocked"),
        Step("finish", ("agreed", "doing"), "done", _OWNER, "Done", ("words",)),
        Step(
            "give-up", ("agreed", "doing", "blocked"), "not-done", _DOING, "Not done",
            ("kind", "words"),
        ),
        Step(
            "cancel", ("proposed", "agreed", "doing", "blocked"), "cancelled",
            frozenset({LEAD, PROPOSER}), "Cancel", ("words",),
        ),
        Step("reopen", ("done", "not-done"), "doing", frozenset({OWNER, LEAD}), "It is not finished after all", ("words",)),
    ),
)  # fmt: skip
"""Every state of an action and what may happen in it. Finishing asks for the evidence in words."""

OPEN_ACTION: Final = frozenset({"proposed", "agreed", "doing", "blocked"})
"""States in which something is still to be done."""


@dataclass(frozen=True)
class Action:
    """One action as far as its life goes.

    Attributes:
        need: need of the framework that it serves.
        outcome: headline outcome that it leads to.
        organisation: whose it is; answers for it when the owner leaves.
        owner: user id of who does it; empty where the organisation has not yet said who.
        proposed_by: user id.
    """

    id: str
    need: str
    outcome: str
    organisation: str
    owner: str
    proposed_by: str
    due_on: dt.date
    state: str


def action_actors(viewer: Viewer, action: Action, *, leads: bool, on_team: bool) -> frozenset[str]:
    """Return what a viewer is to an action.

    Args:
        viewer: in the role they act in.
        action: the action.
        leads: whether they lead the case.
        on_team: whether they are of its team; nobody else moves its actions.
    """
    if not on_team:
        return frozenset()
    found = {LEAD} if leads else set()
    if viewer.user_id == action.owner:
        found.add(OWNER)
    if viewer.organisation == action.organisation:
        found.add(COLLEAGUE)
    if viewer.user_id == action.proposed_by:
        found.add(PROPOSER)
    return frozenset(found)


def is_overdue(state: str, due_on: dt.date, today: dt.date) -> bool:
    """Tell whether something that is still to be done should have been done before today."""
    return state in OPEN_ACTION and due_on < today


def days_overdue(state: str, due_on: dt.date, today: dt.date) -> int:
    """Return for how many days it has been overdue; 0 where it is not."""
    return (today - due_on).days if is_overdue(state, due_on, today) else 0
