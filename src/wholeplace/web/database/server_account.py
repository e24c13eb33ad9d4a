"""Which account of the system the database server runs as.

PostgreSQL refuses to run as root. Started by root, the server therefore runs as an account
that owns nothing but the cluster's folder. That account is never let into the database: only
root is. Started by anybody else, the server runs as that person.
"""

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from wholeplace.foundation.errors import WholeplaceError

__all__ = ["ServerAccount", "find_account"]

# An account made for the purpose is best; `nobody` is shared by other services and comes last.
_CANDIDATES = ("wholeplace", "postgres", "nobody")


@dataclass(frozen=True)
class ServerAccount:
    """The account.

    Attributes:
        client: the account that may connect: the one that runs Wholeplace.
        is_other: True where the server does not run as the client.
    """

    name: str
    uid: int
    gid: int
    client: str
    is_other: bool

    @property
    def as_process(self) -> dict[str, Any]:
        """Arguments of `subprocess` that make a program run as this account."""
        if not self.is_other:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def can_enter(self, folder: Path) -> bool:
        """Return whether the account may go through every folder down to this one."""
        return self._can("-x", folder)

    def can_run(self, program: Path) -> bool:
        """Return whether the account may run a program where it stands."""
        return self._can("-x", program)

    def _can(self, test: str, path: Path) -> bool:
        if not self.is_other:
            return os.access(path, os.X_OK)
        command = ["/bin/sh", "-c", f'test {test} "$1"', "sh", str(path)]
        done = subprocess.run(command, cwd="/", check=False, capture_output=True, **self.as_process)  # noqa: S603
        return done.returncode == 0


def find_account() -> ServerAccount:
    """Return the account for the server.

    Raises:
        WholeplaceError: if we run as root and the system has no account to fall back on.
    """
    uid = os.geteuid()
    try:
        client = pwd.getpwuid(uid).pw_name
    except KeyError:
        raise WholeplaceError(
            "The database cannot be started.",
            f"The account number {uid} that runs Wholeplace has no name on this system, and PostgreSQL needs one.",
            "Run it as a named account, or name a server in WHOLEPLACE_DATABASE_URL.",
        ) from None
    if uid != 0:
        return ServerAccount(client, uid, os.getegid(), client, is_other=False)
    for name in _CANDIDATES:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return ServerAccount(name, entry.pw_uid, entry.pw_gid, client, is_other=True)
    raise WholeplaceError(
        "The database cannot be started.",
        "PostgreSQL refuses to run as root, and there is no account named wholeplace, postgres or nobody.",
        "Make an account named wholeplace, or run as an ordinary user.",
    )
