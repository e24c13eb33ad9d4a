"""One screen in a room: who is in it, and that nobody joins before the screen is ready for them.

What several people see together is the least of what each may see: `agreements.reveal_together`.
So somebody who joins can only narrow it, and somebody who leaves can only widen it. A joiner is
let in by the chair, from a page that was drawn for everybody present and for the joiner: the page
carries the mark of exactly that company, and no other mark lets anybody in.
"""

import hashlib
import hmac
from collections.abc import Iterable
from typing import Final

from wholeplace.foundation.errors import UnsafeActionError

__all__ = [
    "APOLOGIES", "INVITED", "LEFT", "NARROWED", "PRESENT", "STANDINGS", "WAITING", "check_drawn",
    "company_mark", "level_together",
]  # fmt: skip

INVITED: Final = "invited"
APOLOGIES: Final = "apologies"
WAITING: Final = "waiting"
NARROWED: Final = "narrowed"
PRESENT: Final = "present"
LEFT: Final = "left"

STANDINGS: Final = {
    INVITED: "Invited",
    APOLOGIES: "Sent apologies",
    WAITING: "At the door",
    NARROWED: "At the door; the screen is drawn for them",
    PRESENT: "In the room",
    LEFT: "Has left",
}
"""How somebody stands to a meeting."""


def level_together(levels: Iterable[int]) -> int:
    """Return the level at which people see one thing together: the lowest; with nobody, nothing."""
    return min(levels, default=0)


def company_mark(key: str, meeting: str, user_ids: Iterable[str]) -> str:
    """Return what a page carries that was drawn for exactly these people.

    Shape:
        key: secret of the deployment, so that nobody makes a mark by hand.
    """
    said = "\n".join([meeting, *sorted(set(user_ids))])
    return hmac.new(key.encode(), said.encode(), hashlib.sha256).hexdigest()


def check_drawn(key: str, meeting: str, present: Iterable[str], joiner: str, mark: str) -> None:
    """Refuse to let somebody in from a page that was not drawn for them and everybody present.

    Raises:
        UnsafeActionError: if so; nobody was let in.
    """
    wanted = company_mark(key, meeting, [*present, joiner])
    if not hmac.compare_digest(wanted, mark):
        raise UnsafeActionError(
            "Nobody was let in.",
            "The screen was not drawn for everybody in the room and for whoever waits.",
            "Draw the narrower view first, then let them in.",
        )
