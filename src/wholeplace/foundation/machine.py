"""Errors of the machine: a full disk, no memory left, no more open files.

They say nothing about the file that was being read, so nothing may be concluded from them:
the work stops, and is done again once the machine is well.
"""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager

from wholeplace.foundation.errors import WholeplaceError

__all__ = ["MachineError", "explain_errno", "find_errno", "is_of_machine", "tell_machine_errors"]

_AGAIN = "Then do it again: what was done before stays, and nothing was lost."

_FULL = ("The disk is full.", f"Free some space, or put the data folder on a larger disk. {_AGAIN}")
_FILES = ("No more files may be open at once.", f"Raise the limit (`ulimit -n`). {_AGAIN}")
_MEMORY = (
    "The memory of this machine ran out.",
    f"Stop what else runs on it, or add more. {_AGAIN}",
)
_DENIED = (
    "The account that runs Wholeplace may not read or write a file that it needs.",
    f"Give it the right to read and write the data folder. {_AGAIN}",
)
_WORDS: dict[int, tuple[str, str]] = {
    errno.ENOSPC: _FULL,
    errno.EDQUOT: _FULL,
    errno.EMFILE: _FILES,
    errno.ENFILE: _FILES,
    errno.ENOMEM: _MEMORY,
    errno.EACCES: _DENIED,
    errno.EPERM: _DENIED,
    errno.EROFS: ("The disk can only be read.", f"Make it writable. {_AGAIN}"),
    errno.EIO: ("The disk failed while reading or writing.", f"Have the disk looked at. {_AGAIN}"),
}
# What a reader of a damaged file may raise: no number, or a seek to where nothing can be.
_OF_CONTENT = (None, errno.EINVAL)


class MachineError(WholeplaceError):
    """The machine could not do the work; nothing follows from it about any file."""


def is_of_machine(error: BaseException) -> bool:
    """Return whether an error is the machine's and not the fault of what was read."""
    if isinstance(error, OSError):
        return error.errno not in _OF_CONTENT
    return isinstance(error, MemoryError | MachineError)


def explain_errno(number: int) -> tuple[str, str]:
    """Return why, and what to do, for a number of the operating system (`errno`)."""
    if number in _WORDS:
        return _WORDS[number]
    return f"The operating system said: {os.strerror(number)}.", f"Mend that. {_AGAIN}"


def find_errno(message: str) -> int | None:
    """Return which error of the machine an engine's own message tells of, if any."""
    for number in (*_WORDS, errno.ENOENT, errno.EFBIG, errno.ESTALE, errno.ETIMEDOUT):
        if os.strerror(number) in message:
            return number
    return None


@contextmanager
def tell_machine_errors(what: str) -> Iterator[None]:
    """Turn errors of the machine within the block into words.

    Args:
        what: what was not done, as a sentence.

    Raises:
        MachineError: if the machine could not do the work. Other errors pass as they are.
    """
    try:
        yield
    except MemoryError:
        raise MachineError(what, *_MEMORY) from None
    except OSError as error:
        if not is_of_machine(error):
            raise
        raise MachineError(what, *explain_errno(error.errno or 0)) from error
