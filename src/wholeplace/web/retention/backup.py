"""A copy of everything a deployment holds, and putting it back without whoever was erased.

A backup is a folder: `data/` (partitions, quarantine, snapshots, the deletions ledger and the
reach of flags), `place/`, `database.sql` and `backup.json`, which names every file with its
hash and every table with its rows. Keys are copied only when asked for: whoever has the backup
and the keys has everything.
"""

import datetime as dt
import json
import os
import secrets
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db import connections

from wholeplace import __version__
from wholeplace.foundation.canonical import file_hash
from wholeplace.foundation.deletions import Deletions, newer_ledger
from wholeplace.foundation.errors import NotFoundError, UnsafeActionError, WholeplaceError
from wholeplace.foundation.folders import DataFolder
from wholeplace.pipeline.lock import hold_run_lock
from wholeplace.web.chain.connection import close_trail_connection
from wholeplace.web.database.cluster import Cluster
from wholeplace.web.database.migrate import as_owner
from wholeplace.web.retention.carrying_out import apply_to_files
from wholeplace.web.retention.receipts import Verdict, verify_deletions
from wholeplace.web.retention.sweeping import sweep_erased

if TYPE_CHECKING:
    from wholeplace.web.gateway.wiring import OpenPlace

__all__ = ["make_backup", "restore_backup"]

_FOLDERS = ("partitions", "quarantine", "snapshots", "ledger")
_DUMP, _MANIFEST = "database.sql", "backup.json"


def make_backup(place: "OpenPlace", to: Path, *, with_keys: bool = False) -> dict[str, Any]:
    """Copy everything into a new folder; return its manifest.

    Raises:
        UnsafeActionError: if the folder holds something, or a run is going on.
        WholeplaceError: if the database could not be copied.
    """
    if to.exists() and any(to.iterdir()):
        raise UnsafeActionError(
            "No backup was made.", f"{to} holds something.", "Name a new folder."
        )
    to.mkdir(mode=0o700, parents=True, exist_ok=True)
    at = dt.datetime.now(dt.UTC)
    with hold_run_lock(place.data, at):
        _copy(place.data.path, to / "data", (*_FOLDERS, *(("keys",) if with_keys else ())))
        skipped = shutil.ignore_patterns(".git")
        shutil.copytree(place.folder, to / "place", ignore=skipped)
        _dump_database(place, to / _DUMP)
        manifest = {
            "made_at": at.isoformat(timespec="seconds"),
            "code_version": __version__,
            "ledger_entries": len(Deletions(place.data).entries()),
            "has_keys": with_keys,
            "rows": _count_rows(),
            "files": _hash_files(to),
        }
    text = json.dumps(manifest, indent=2, sort_keys=True) + "\n"
    (to / _MANIFEST).write_text(text, "utf-8")
    return manifest


def restore_backup(place: "OpenPlace", backup: Path) -> tuple[dict[str, Any], Verdict]:
    """Put a backup back in the place of what stands, without whoever was erased since.

    The deletions ledger counts as it stands now: the longer of the one that stands and the
    backup's. Everything is put together aside; the database in one of another name. Only when
    nothing of anybody erased is left in either do they take the place of what is served.

    Returns:
        The backup's manifest, and the proof that nothing erased came back.

    Raises:
        UnsafeActionError: if the backup was changed or is not whole, the ledgers contradict each
            other, or somebody erased would come back.
    """
    manifest = _check_backup(backup)
    at = dt.datetime.now(dt.UTC)
    aside = place.data.path / f"restoring-{secrets.token_hex(4)}"
    with hold_run_lock(place.data, at):
        for left in place.data.path.glob("restoring-*"):
            shutil.rmtree(left)
        staged = DataFolder(aside)
        try:
            _copy(backup / "data", aside, _FOLDERS)
            _take_keys(place, backup, staged)
            _take_newer_ledger(place, staged)
            _restore_database(place, backup / _DUMP, staged, manifest)
            _apply(place, staged, at)
            verdict = _verify(place, staged)
            if not verdict.is_whole:
                raise UnsafeActionError(
                    "The backup was not restored.",
                    f"Somebody erased would come back: {', '.join(sorted(verdict.left))}.",
                    "Nothing was changed. Run `wholeplace run` on the backup's folder of data.",
                )
            _publish(place, staged)
        finally:
            shutil.rmtree(aside, ignore_errors=True)
    return manifest, verdict


def _copy(source: Path, to: Path, names: tuple[str, ...]) -> None:
    to.mkdir(mode=0o700, parents=True, exist_ok=True)
    ignored = shutil.ignore_patterns("draft-*", ".aside-*", ".lock", ".*.lock")
    for name in names:
        if (source / name).exists():
            shutil.copytree(source / name, to / name, symlinks=True, ignore=ignored)


def _hash_files(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): file_hash(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.is_symlink() and path.name != _MANIFEST
    }


def _check_backup(backup: Path) -> dict[str, Any]:
    try:
        manifest: dict[str, Any] = json.loads((backup / _MANIFEST).read_text("utf-8"))
    except (FileNotFoundError, ValueError):
        raise NotFoundError(
            f"{backup} is no backup.",
            "It has no backup.json, so it was not finished.",
            "Name a folder that `wholeplace backup` made.",
        ) from None
    if _hash_files(backup) != manifest["files"]:
        raise UnsafeActionError(
            "The backup was not restored.",
            "Its files are not those that were written: some were changed, added or lost.",
            "Use another backup.",
        )
    return manifest


def _count_rows() -> dict[str, int]:
    models = list(apps.get_models(include_auto_created=True))
    return {
        each._meta.db_table: each._base_manager.count()
        for each in models
        # The trail grows while it is copied; its chain proves that it is whole.
        if each._meta.db_table not in ("chain_entry", "chain_subject_key", "django_session")
    }


def _program(place: "OpenPlace", name: str) -> tuple[str, list[str], dict[str, str]]:
    """Return a PostgreSQL program, how it reaches the database as its owner, and its environment."""
    if os.environ.get("WHOLEPLACE_DATABASE_URL"):
        from wholeplace.web.database.binaries import find_binaries

        url = (
            os.environ.get("WHOLEPLACE_DATABASE_OWNER_URL") or os.environ["WHOLEPLACE_DATABASE_URL"]
        )
        return find_binaries().path(name), [f"--dbname={url}"], dict(os.environ)
    cluster = Cluster.of(place.data.database)
    given = [
        f"--host={cluster.socket_folder}",
        f"--port={cluster.port}",
        f"--username={cluster.owner_role}",
    ]
    environment = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C"}
    return cluster.binaries.path(name), given, environment


def _dump_database(place: "OpenPlace", path: Path) -> None:
    program, given, environment = _program(place, "pg_dump")
    if not any(each.startswith("--dbname") for each in given):
        given.append(f"--dbname={Cluster.database}")
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as out:
        done = subprocess.run(  # noqa: S603
            [program, *given, "--format=plain", "--no-comments"],
            stdout=out,
            stderr=subprocess.PIPE,
            env=environment,
            check=False,
        )
        out.flush()
        os.fsync(out.fileno())
    if done.returncode != 0:
        path.unlink()
        raise WholeplaceError(
            "No backup was made.",
            "The database could not be copied: pg_dump ended with an error.",
            "See whether the programs of PostgreSQL are as new as the server.",
        )


def _take_keys(place: "OpenPlace", backup: Path, staged: DataFolder) -> None:
    keys = place.data.keys if any(place.data.keys.glob("*")) else backup / "data" / "keys"
    if keys.exists():
        shutil.copytree(keys, staged.keys)


def _take_newer_ledger(place: "OpenPlace", staged: DataFolder) -> None:
    live, kept = Deletions(place.data), Deletions(staged)
    staged.make()
    if newer_ledger(live.path, kept.path) == live.path and live.path.exists():
        kept.replace_with(live.path)


def _restore_database(
    place: "OpenPlace", dump: Path, staged: DataFolder, manifest: dict[str, Any]
) -> None:
    """Read the dump into a database of another name."""
    if os.environ.get("WHOLEPLACE_DATABASE_URL"):
        raise UnsafeActionError(
            "The backup was not restored.",
            "The database is on a server of its own, whose databases this command cannot rename.",
            "Unset WHOLEPLACE_DATABASE_URL to restore into the embedded database.",
        )
    cluster = Cluster.of(place.data.database)
    name = _scratch_name()
    with cluster.connect("wholeplace_super", "postgres") as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'.encode())
        connection.execute(f'CREATE DATABASE "{name}" OWNER wholeplace_owner'.encode())
        connection.execute(f'REVOKE ALL ON DATABASE "{name}" FROM PUBLIC'.encode())
        connection.execute(f'GRANT CONNECT ON DATABASE "{name}" TO wholeplace'.encode())
    with cluster.connect("wholeplace_super", name) as connection:
        connection.execute(b"ALTER SCHEMA public OWNER TO wholeplace_owner")
    program, given, environment = _program(place, "psql")
    done = subprocess.run(  # noqa: S603
        [program, *given, f"--dbname={name}", "--quiet", "--no-psqlrc", "--set=ON_ERROR_STOP=1",
         "--single-transaction", f"--file={dump}"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
        check=False,
    )  # fmt: skip
    if done.returncode != 0:
        raise WholeplaceError(
            "The backup was not restored.",
            "Its copy of the database could not be read back.",
            "Nothing was changed. Use another backup.",
        )
    with _InScratch():
        found = _count_rows()
    differs = sorted(key for key, rows in manifest["rows"].items() if found.get(key) != rows)
    if differs:
        raise UnsafeActionError(
            "The backup was not restored.",
            f"Tables hold other numbers of rows than were copied: {', '.join(differs)}.",
            "Nothing was changed. Use another backup.",
        )


def _scratch_name() -> str:
    return f"{Cluster.database}_restored"


class _InScratch:
    """For a while, work as the owner on the database that was read back."""

    def __enter__(self) -> None:
        self._owner = as_owner()
        self._owner.__enter__()
        wrapper = connections["default"]
        self._name = wrapper.settings_dict["NAME"]
        wrapper.close()
        close_trail_connection()
        wrapper.settings_dict["NAME"] = _scratch_name()

    def __exit__(self, *error: Any) -> None:
        wrapper = connections["default"]
        wrapper.close()
        close_trail_connection()
        wrapper.settings_dict["NAME"] = self._name
        self._owner.__exit__(*error)


class _Staged:
    """A place whose data folder stands aside."""

    def __init__(self, place: "OpenPlace", data: DataFolder) -> None:
        self.place, self.data, self.folder = place.place, data, place.folder


def _apply(place: "OpenPlace", staged: DataFolder, at: dt.datetime) -> None:
    deletions = Deletions(staged)
    apply_to_files(_Staged(place, staged), deletions, at)  # type: ignore[arg-type]
    with _InScratch():
        sweep_erased(deletions)


def _verify(place: "OpenPlace", staged: DataFolder) -> Verdict:
    with _InScratch():
        return verify_deletions(_Staged(place, staged))  # type: ignore[arg-type]


def _publish(place: "OpenPlace", staged: DataFolder) -> None:
    """Put what stands aside in its place: files first, the database last."""
    cluster = Cluster.of(place.data.database)
    connections["default"].close()
    close_trail_connection()
    for name in (*_FOLDERS, "keys"):
        live, new = place.data.path / name, staged.path / name
        if not new.exists() or (name == "keys" and any(live.glob("*"))):
            continue
        old = staged.path / f"old-{name}"
        if live.exists():
            live.rename(old)
        new.rename(live)
    served, restored = cluster.database, _scratch_name()
    with cluster.connect("wholeplace_super", "postgres") as connection:
        connection.execute(f'DROP DATABASE "{served}" WITH (FORCE)'.encode())
        connection.execute(f'ALTER DATABASE "{restored}" RENAME TO "{served}"'.encode())
