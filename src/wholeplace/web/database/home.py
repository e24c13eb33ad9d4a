"""Where the cluster's files stand, so that its account reaches them and nobody else does.

Shape of a home:
    pgdata/   PostgreSQL's own folder, of the server's account, 0700
    run/      the socket, of the server's account, 0700
    conf/     who may connect; written by us, read by the server
    lock      held while the server is started or stopped
    using     held, shared, by every process that uses the server
    socket    where the socket stands when `run/` would make too long a path
    server.log
"""

import os
import secrets
import stat
import tempfile
from pathlib import Path

from wholeplace.foundation.errors import UnsafeActionError
from wholeplace.web.database.server_account import ServerAccount

__all__ = ["find_socket_folder", "make_home", "make_private"]

# The address of a Unix socket holds 103 bytes on the strictest system (macOS).
_LONGEST_SOCKET = 103
_SOCKET_NAME = "/.s.PGSQL.5432"
_SYSTEM_FOLDER = Path("/var/lib/wholeplace")


def make_home(wanted: Path, account: ServerAccount) -> Path:
    """Return the home of the cluster, made where it is missing.

    Where the server's account cannot reach the wanted folder (Wholeplace runs as root, and the
    data folder is closed to all others, as it should be), the home is made beside the data
    folder or in `/var/lib/wholeplace`, and the wanted path becomes a link to it. Permissions of
    folders that stand already are never changed.

    Raises:
        UnsafeActionError: if the folder belongs to somebody else, or a link leads nowhere.
    """
    if wanted.is_symlink() and not wanted.exists():
        raise UnsafeActionError(
            "The database was not started.",
            f"{wanted} is a link to a folder that is not there: the database was moved or lost.",
            "Put the folder back, or remove the link to begin with an empty database.",
        )
    if wanted.exists():
        home = wanted.resolve()
        _check_owner(home)
        return home
    if not account.is_other or account.can_enter(wanted.parent):
        return _make_root(wanted, account)
    beside = wanted.parent.with_name(f"{wanted.parent.name}-postgres")
    if account.can_enter(beside.parent) and not beside.exists():
        home = _make_root(beside, account)
    else:
        if not _SYSTEM_FOLDER.exists():
            _SYSTEM_FOLDER.mkdir(mode=0o711, parents=True)
            _SYSTEM_FOLDER.chmod(0o711)
        home = _make_root(_SYSTEM_FOLDER / secrets.token_hex(6), account)
    wanted.symlink_to(home)
    return home


def make_private(folder: Path, account: ServerAccount) -> Path:
    """Make a folder of the server's account that nobody else enters."""
    if not folder.exists():
        folder.mkdir(mode=0o700)
        folder.chmod(0o700)
        if account.is_other:
            os.chown(folder, account.uid, account.gid)
    return folder


def find_socket_folder(home: Path, account: ServerAccount) -> Path:
    """Return a private folder for the socket whose path is short and plain enough."""
    inside = home / "run"
    # A comma would separate two hosts for the client.
    is_plain = "," not in str(inside) and '"' not in str(inside)
    if is_plain and len(os.fsencode(inside)) + len(_SOCKET_NAME) <= _LONGEST_SOCKET:
        return make_private(inside, account)
    record = home / "socket"
    if record.is_file():
        named = Path(record.read_text("utf-8").strip())
        if _is_private(named, account.uid):
            return named
    # A name that nobody can foresee, so nobody can be there first.
    made = Path(tempfile.mkdtemp(prefix="wholeplace-", dir="/tmp"))
    if account.is_other:
        os.chown(made, account.uid, account.gid)
    record.write_text(f"{made}\n", "utf-8")
    return made


def _make_root(home: Path, account: ServerAccount) -> Path:
    # Open to passage where another account must come through to its own folders inside.
    mode = 0o711 if account.is_other else 0o700
    home.mkdir(mode=mode, parents=True)
    home.chmod(mode)
    return home


def _check_owner(home: Path) -> None:
    owner = home.stat().st_uid
    if owner != os.geteuid():
        raise UnsafeActionError(
            "The database was not started.",
            f"{home} belongs to account number {owner}, and you are number {os.geteuid()}.",
            "Run Wholeplace as the account that made the place's data folder.",
        )


def _is_private(folder: Path, uid: int) -> bool:
    try:
        status = folder.lstat()
    except OSError:
        return False
    return stat.S_ISDIR(status.st_mode) and status.st_uid == uid and not status.st_mode & 0o077
