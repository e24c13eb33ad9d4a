"""Errors that say what happened, why, and what to do next.

Every error that Wholeplace raises on purpose is one of these. A message never holds a
personal value: it names files, lines, columns and counts.
"""

from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["CheckFailedError", "Fault", "NotFoundError", "UnsafeActionError", "WholeplaceError"]


class WholeplaceError(Exception):
    """Something went wrong that a person can act on.

    Args:
        what: what happened, in one sentence.
        why: the cause, as far as it is known.
        do_next: what the reader should do.
    """

    exit_code = 1

    def __init__(self, what: str, why: str = "", do_next: str = "") -> None:
        self.what, self.why, self.do_next = what, why, do_next
        super().__init__(" ".join(part for part in (what, why, do_next) if part))


class NotFoundError(WholeplaceError):
    """What was asked for does not exist, or may not be shown to exist."""

    exit_code = 3


class UnsafeActionError(WholeplaceError):
    """The action would lose or expose something, so it was not done."""

    exit_code = 4


@dataclass(frozen=True, order=True)
class Fault:
    """One thing wrong in a reviewed file.

    Attributes:
        file: path relative to the place folder.
        line: one-based line, 0 where the whole file is meant.
        what: what is wrong.
        expected: what was expected instead.
        mend: how to mend it.
    """

    file: str
    line: int
    what: str
    expected: str = ""
    mend: str = ""

    def __str__(self) -> str:
        tail = "; ".join(
            part
            for part in (
                f"expected {self.expected}" if self.expected else "",
                f"to mend it: {self.mend}" if self.mend else "",
            )
            if part
        )
        return f"{self.file}:{self.line}: {self.what}" + (f" ({tail})" if tail else "")


class CheckFailedError(WholeplaceError):
    """A place folder has faults; all of them are listed at once."""

    exit_code = 2

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(sorted(faults))
        count = len(self.faults)
        super().__init__(
            f"{count} fault{'s' if count != 1 else ''} found in the place folder.",
            "\n".join(str(fault) for fault in self.faults),
            "Mend the lines named and run `wholeplace check` again.",
        )
