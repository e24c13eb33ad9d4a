"""What was wrong with a feed: counted by kind, never quoted, so that no address leaks by a fault."""

from collections.abc import Iterable
from dataclasses import dataclass

__all__ = ["FAULT_WORDS", "Faults", "FeedFault"]

FAULT_WORDS = {
    "no-id": "A service has no id, so it was left out.",
    "repeated-id": "The same id stands on more than one page; it was read once.",
    "repeated-id-differs": "The same id stands twice with other content; the first was kept.",
    "number-for-id": "An id is a number and not text; it was read as text.",
    "not-uuid": "An id is no UUID; one was minted from it.",
    "wrong-total": "The feed says how many services it holds, and that is not how many it gave.",
    "wrong-pages": "The feed says how many pages it has, and that is not how many it gave.",
    "waited": "The feed asked us to slow down (429); we waited and asked again.",
    "asked-again": "An answer failed at first; it came when asked again.",
    "page-unreadable": "A page could not be read, so what stands on it is not known.",
    "details-unreadable": "A service's own page could not be read; its line in the list was used.",
    "details-gone": "A service is listed, and its own page says that it is not there; its line in the list was used.",
    "no-end": "The feed never ends; reading was stopped.",
    "mended": "A value was in the wrong form and could be mended.",
    "filled": "A value that the standard requires was missing; it was filled from what was there.",
    "dropped": "A value was in the wrong form and was left out.",
    "confidential-published": "The feed publishes an address that must stay confidential. Tell its publisher today.",
    "no-name": "A service has no name, so it was left out.",
    "many-gone": "More services are missing than is likely; none was taken off the list.",
}  # fmt: skip


@dataclass(frozen=True)
class FeedFault:
    """One kind of fault at one part of the standard.

    Attributes:
        code: of `FAULT_WORDS`.
        where: table and field, or a page's number; never a value.
        count: how often.
    """

    code: str
    where: str
    count: int

    @property
    def words(self) -> str:
        """What is wrong, for a person."""
        return FAULT_WORDS[self.code]


class Faults:
    """Faults of one import, counted as they come."""

    def __init__(self) -> None:
        self._counts: dict[tuple[str, str], int] = {}

    def add(self, code: str, where: str = "", count: int = 1) -> None:
        """Count one fault."""
        if code not in FAULT_WORDS:
            raise KeyError(code)
        self._counts[code, where] = self._counts.get((code, where), 0) + count

    def add_all(self, faults: Iterable[FeedFault]) -> None:
        """Count the faults of one service among those of its feed."""
        for each in faults:
            self.add(each.code, each.where, each.count)

    def listed(self) -> tuple[FeedFault, ...]:
        """Return every fault, the most frequent first."""
        found = [FeedFault(code, where, count) for (code, where), count in self._counts.items()]
        return tuple(sorted(found, key=lambda each: (-each.count, each.code, each.where)))

    def count(self, code: str) -> int:
        """Return how often a kind of fault was met."""
        return sum(n for (found, _), n in self._counts.items() if found == code)
