"""The life of an export request: asked for, decided on by somebody else, downloaded, over.

What leaves outside casework (a table, a report, a pack) goes through the airlock: it is made and
checked when it is asked for and never changed afterwards, so that what a second person decides
on is byte for byte what is downloaded. Whoever decides reads the figures, so an agreement must
let them see these too.
"""

import datetime as dt
from typing import Final

from wholeplace.agreements.figures import figures
from wholeplace.agreements.subjects.request import Viewer
from wholeplace.foundation.lifecycle import Lifecycle, Step

__all__ = ["ASKER", "DECIDER", "EXPORT_LIFE", "export_actors", "export_ends_at", "is_over"]

ASKER: Final = "asker"
DECIDER: Final = "second-person"

_ASKER, _DECIDER = frozenset({ASKER}), frozenset({DECIDER})

EXPORT_LIFE: Final = Lifecycle(
    name="export request",
    states={
        "asked": "Waiting for a decision",
        "returned": "Sent back with a question",
        "approved": "Approved",
        "refused": "Refused",
        "withdrawn": "Withdrawn",
        "revoked": "Approval taken back",
    },
    first="asked",
    steps=(
        Step("approve", ("asked",), "approved", _DECIDER, "Approve"),
        Step("refuse", ("asked",), "refused", _DECIDER, "Refuse", ("words",)),
        Step("return", ("asked",), "returned", _DECIDER, "Send back with a question", ("words",)),
        Step("answer", ("returned",), "asked", _ASKER, "Answer and ask again", ("words",)),
        Step("withdraw", ("asked", "returned", "approved"), "withdrawn", _ASKER, "Withdraw"),
        Step("revoke", ("approved",), "revoked", _DECIDER, "Take the approval back", ("words",)),
    ),
)
"""Every state of a request and what may happen in it. Downloading changes no state; it stands
in the trail. That the time is up is worked out from the approval, not stored."""


def export_actors(
    viewer: Viewer, asked_by: str, organisation: str, *, may_see: bool
) -> frozenset[str]:
    """Return what a viewer is to a request: its asker, a second person, or nobody.

    Args:
        viewer: in the role that they act in.
        asked_by: user id of the asker.
        organisation: for which it was asked.
        may_see: whether agreements in force let the viewer see these figures.
    """
    if viewer.user_id == asked_by:
        return _ASKER
    is_colleague = viewer.organisation == organisation
    is_decider = viewer.role in figures().export_deciding_roles
    return _DECIDER if is_colleague and is_decider and may_see else frozenset()


def export_ends_at(approved_at: dt.datetime) -> dt.datetime:
    """Return the instant from which an approved file may no longer be downloaded."""
    return approved_at + dt.timedelta(days=figures().export_days)


def is_over(approved_at: dt.datetime | None, at: dt.datetime) -> bool:
    """Tell whether an approval's time is up; False where there is none yet."""
    return approved_at is not None and at >= export_ends_at(approved_at)
