"""The life of a meeting: planned, packs issued, held, minutes agreed.

What somebody joining or leaving changes is no state: the room is worked out anew each time.
Minutes are agreed by somebody who was there and did not write them.
"""

from typing import Final

from wholeplace.agreements.subjects.request import Viewer
from wholeplace.foundation.lifecycle import Lifecycle, Step

__all__ = ["ATTENDEE", "CHAIR", "COORDINATOR", "MEETING_LIFE", "meeting_actors"]

CHAIR: Final = "chair"
COORDINATOR: Final = "coordinator"
ATTENDEE: Final = "attendee"

_RUNNING = frozenset({CHAIR, COORDINATOR})

MEETING_LIFE: Final = Lifecycle(
    name="meeting",
    states={
        "planned": "Planned",
        "packs-issued": "Packs issued",
        "held": "Held",
        "minutes-agreed": "Minutes agreed",
        "cancelled": "Cancelled",
    },
    first="planned",
    steps=(
        Step("issue-packs", ("planned",), "packs-issued", _RUNNING, "Issue the packs"),
        Step("plan-again", ("packs-issued",), "planned", _RUNNING, "Take the packs back"),
        Step("hold", ("packs-issued",), "held", _RUNNING, "Begin the meeting"),
        Step(
            "agree-minutes", ("held",), "minutes-agreed", frozenset({CHAIR, ATTENDEE}),
            "Agree the minutes",
        ),
        Step("correct-minutes", ("minutes-agreed",), "held", _RUNNING, "Correct the minutes", ("words",)),
        Step("cancel", ("planned", "packs-issued"), "cancelled", _RUNNING, "Cancel the meeting", ("words",)),
    ),
)  # fmt: skip
"""Every state of a meeting and what may happen in it."""


def meeting_actors(
    viewer: Viewer, *, chair: str, coordinator: str, present: frozenset[str], minutes_by: str = ""
) -> frozenset[str]:
    """Return what a viewer is to a meeting.

    Args:
        viewer: in the role they act in.
        chair: user id.
        coordinator: user id of who prepares it.
        present: user ids of those who are, or were, in the room.
        minutes_by: who wrote the minutes; nobody agrees to their own.
    """
    found = set()
    if viewer.user_id == chair and viewer.user_id != minutes_by:
        found.add(CHAIR)
    if viewer.user_id == coordinator or (viewer.user_id == chair and viewer.user_id == minutes_by):
        found.add(COORDINATOR)
    if viewer.user_id in present and viewer.user_id != minutes_by:
        found.add(ATTENDEE)
    return frozenset(found)
