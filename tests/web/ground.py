"""Folders for tests that start servers: reachable by every account, and gone afterwards.

A folder of pytest's own is closed to other accounts. Run by root, a database server works as
another account and would have to stand elsewhere, where nobody removes it.
"""

import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_PREFIX = "wholeplace-tests-"


@contextmanager
def made_ground() -> Iterator[Path]:
    """Make a folder; afterwards remove it with every database that stands in it."""
    folder = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-"))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        remove_ground(folder)


def remove_ground(folder: Path) -> None:
    """Stop what serves from a folder, remove every database in it, then the folder."""
    _end_servers_of(folder)
    remove_databases(folder)
    shutil.rmtree(folder, ignore_errors=True)


def remove_databases(folder: Path) -> None:
    """Stop and remove every database of the data folders in a folder."""
    from wholeplace.web.database.cluster import Cluster

    for wanted in [path for path in folder.rglob("database") if path.exists()]:
        # One that another account made is that account's to stop, which its test has done.
        is_ours = wanted.stat().st_uid == os.geteuid()
        if is_ours and (wanted / "pgdata").is_dir():
            Cluster.of(wanted).remove()


def sweep_grounds() -> None:
    """Remove what runs that were killed left behind."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*-*"):
        number = folder.name.removeprefix(_PREFIX).split("-")[0]
        is_mine = folder.stat().st_uid == os.geteuid()
        if is_mine and number.isdigit() and not _is_alive(int(number)):
            remove_ground(folder)


def _end_servers_of(folder: Path) -> None:
    """End `wholeplace` commands that were given this folder and outlived a killed run."""
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            given = entry.read_bytes().decode("utf-8", "replace").split("\0")
        except OSError:
            continue
        is_ours = len(given) > 1 and Path(given[1]).name == "wholeplace"
        if is_ours and any(each.startswith(f"{folder}/") for each in given):
            with suppress(ProcessLookupError):
                os.kill(int(entry.parent.name), signal.SIGKILL)


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
