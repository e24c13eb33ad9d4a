"""What stands behind a process number that PostgreSQL left in a file."""

import os
from pathlib import Path

__all__ = ["clear_stale_pid", "is_alive", "is_server_of", "read_pid"]


def read_pid(pgdata: Path) -> int | None:
    """Return the process number in `postmaster.pid`, or None."""
    try:
        return int((pgdata / "postmaster.pid").read_text().split("\n", 1)[0])
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return None


def is_alive(pid: int) -> bool:
    """Return whether a process of this number runs (one that only waits to be buried does not)."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, IndexError):
        return Path("/proc/self").exists() is False
    return state != "Z"


def is_server_of(pid: int, pgdata: Path) -> bool:
    """Return whether the process is a PostgreSQL server of this folder.

    A server works inside its own folder. Where the system does not say (no `/proc`), the
    answer is yes, so that nothing is taken from a server that may be alive.
    """
    if not Path("/proc/self").exists():
        return True
    try:
        return Path(f"/proc/{pid}/cwd").readlink() == pgdata.resolve()
    except OSError:
        return False


def clear_stale_pid(pgdata: Path, socket_folder: Path, port: int) -> None:
    """Remove lock files that name a process which is not this cluster's server.

    PostgreSQL clears them itself when no process has the number. It would refuse to start for
    ever when another process has been given it since (common after a restart of a container), or
    while the killed server waits to be buried by a process that started it and serves pages.
    Children of the old server that are still at work keep a new one from starting all the same:
    it finds their shared memory in use.
    """
    pid = read_pid(pgdata)
    if pid is None or (is_alive(pid) and is_server_of(pid, pgdata)):
        return
    for left in (pgdata / "postmaster.pid", socket_folder / f".s.PGSQL.{port}.lock"):
        left.unlink(missing_ok=True)
