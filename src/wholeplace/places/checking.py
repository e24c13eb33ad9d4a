"""What is wrong in the parts of a place folder that this room reads."""

from wholeplace.foundation.errors import Fault
from wholeplace.partnership.draft import PlaceDraft
from wholeplace.places.bodies.local import check_bodies
from wholeplace.places.indicators import check_indicators

__all__ = ["check_places"]


def check_places(draft: PlaceDraft) -> list[Fault]:
    """Return every fault of `bodies/` and `indicators/`: a checker for `check_place`."""
    return [*check_bodies(draft), *check_indicators(draft)]
