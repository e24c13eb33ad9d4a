"""Locks between processes: who starts or stops the server, and who still uses it."""

import atexit
import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

__all__ = ["UseCount", "only_one"]


@contextmanager
def only_one(path: Path) -> Iterator[None]:
    """Wait until no other process holds this lock, then hold it."""
    handle = _open(path)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


class UseCount:
    """Says, across processes, whether anybody still uses the server.

    Every process that uses it holds a shared lock until it ends, however it ends: the system
    lets go of a killed process's lock. `lock` guards the change from "in use" to "free".
    """

    def __init__(self, path: Path, lock: Path) -> None:
        self._path, self._lock = path, lock
        self._handle: int | None = None
        self._process = 0

    def begin(self) -> None:
        """Use the server from now on. Call it while holding `lock`."""
        if self._handle is None or self._process != os.getpid():
            self._handle, self._process = _open(self._path), os.getpid()
            fcntl.flock(self._handle, fcntl.LOCK_SH)

    def end(self, when_last: Callable[[], None]) -> None:
        """Stop using it; call `when_last` where nobody else does."""
        if self._handle is None or self._process != os.getpid():
            return
        handle, self._handle = self._handle, None
        try:
            with only_one(self._lock):
                try:
                    fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    return
                when_last()
        except FileNotFoundError:
            return  # the whole home was removed
        finally:
            os.close(handle)

    def forget(self) -> None:
        """Stop using it and let it be, even where nobody else uses it."""
        if self._handle is not None and self._process == os.getpid():
            os.close(self._handle)
            self._handle = None

    def end_at_exit(self, when_last: Callable[[], None]) -> None:
        """Arrange for `end` when this process ends."""
        atexit.register(self.end, when_last)


def _open(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
