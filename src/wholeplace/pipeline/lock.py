"""One run at a time for each data folder.

The operating system holds the lock, so it is let go when its process dies in any way.
"""

import datetime as dt
import fcntl
import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager

from wholeplace.foundation.errors import UnsafeActionError
from wholeplace.foundation.folders import DataFolder

__all__ = ["hold_run_lock"]

_LOCK = "run.lock"


@contextmanager
def hold_run_lock(data: DataFolder, at: dt.datetime) -> Iterator[None]:
    """Hold the lock of a data folder for as long as the block runs.

    Raises:
        UnsafeActionError: if another run holds it; the message says who, where and since when.
    """
    data.make()
    handle = os.open(data.path / _LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise UnsafeActionError(
                "Another run is going on for this data folder.",
                _say_who(os.pread(handle, 4096, 0)),
                "Wait until it has ended, or stop it, and run again.",
            ) from None
        holder = {"process": os.getpid(), "host": socket.gethostname(), "since": at.isoformat()}
        os.ftruncate(handle, 0)
        os.pwrite(handle, json.dumps(holder).encode("utf-8"), 0)
        yield
        os.ftruncate(handle, 0)
    finally:
        os.close(handle)


def _say_who(text: bytes) -> str:
    try:
        holder = json.loads(text)
        return f"Process {holder['process']} on {holder['host']} holds it since {holder['since']}."
    except (ValueError, KeyError, TypeError):
        return "It has only just begun."
