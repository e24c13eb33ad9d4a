"""A PostgreSQL server that somebody else runs: over TCP, with a password, with or without an owner."""

import json
import os
import secrets
import socket
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql
from tests.web.ground import made_ground
from tests.web.town import Town, copy_town, run_wholeplace

from wholeplace.web.database.binaries import Binaries, find_binaries
from wholeplace.web.database.server_account import find_account

pytestmark = pytest.mark.enable_socket


@dataclass(frozen=True)
class RealServer:
    """A server of its own, with one superuser."""

    port: int
    password: str

    def url(self, database: str, user: str, password: str) -> str:
        return f"postgresql://{user}:{password}@127.0.0.1:{self.port}/{database}"

    def run(self, statement: str, database: str = "postgres") -> None:
        with psycopg.connect(self.url(database, "chief", self.password), autocommit=True) as chief:
            chief.execute(statement.encode())


@pytest.fixture(scope="module")
def server() -> Iterator[RealServer]:
    """PostgreSQL on a TCP port of this machine; every connection needs a password."""
    account = find_account()
    with made_ground() as folder:
        data, password = folder / "pgdata", secrets.token_hex(12)
        data.mkdir(mode=0o700)
        secret = folder / "password"
        secret.write_text(password)
        if account.is_other:
            for each in (data, secret):
                os.chown(each, account.uid, account.gid)
        programs = find_binaries()
        run(programs, "initdb", account, f"--pgdata={data}", "--username=chief", "--auth=scram-sha-256", f"--pwfile={secret}")  # fmt: skip
        port = free_port()
        given = (
            f"-c listen_addresses=127.0.0.1 -c unix_socket_directories= -c port={port} -c fsync=off"
        )
        log = f"--log={data}/log"
        run(programs, "pg_ctl", account, f"--pgdata={data}", "-w", log, "-o", given, "start")
        try:
            yield RealServer(port, password)
        finally:
            run(programs, "pg_ctl", account, f"--pgdata={data}", "-m", "immediate", "stop")


def run(programs: Binaries, program: str, account: Any, *given: str) -> None:
    done = subprocess.run(
        [programs.path(program), *given], cwd="/", stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **account.as_process,
    )  # fmt: skip
    assert done.returncode == 0, program


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


@pytest.fixture(scope="module")
def theirs(town: Town, ground: Path) -> Town:
    return copy_town(town, ground / "on-a-server")


def demo(town: Town, given: dict[str, str]) -> "subprocess.CompletedProcess[str]":
    facts = json.loads((town.folder / "demo.json").read_text())
    return run_wholeplace(
        "demo", "--dir", str(town.folder), "--residents", str(facts["residents"]),
        "--seed", str(facts["seed"]), "--no-serve", given=given,
    )  # fmt: skip


def check_works(town: Town, given: dict[str, str]) -> None:
    """Everything that the database is needed for: tables, people, signatures, trail, caseloads."""
    done = demo(town, given)
    assert done.returncode == 0, done.stderr
    assert not (town.data / "database").exists(), "no cluster of our own was made"
    listed = run_wholeplace("agreements", "list", "--place", str(town.place), given=given)
    assert listed.returncode == 0, listed.stderr
    verified = run_wholeplace("audit", "verify", "--json", "--place", str(town.place), given=given)
    assert verified.returncode == 0, verified.stderr[-2000:]
    assert json.loads(verified.stdout)["entries"] > 10, "signatures stand in the trail"
    with psycopg.connect(given["WHOLEPLACE_DATABASE_URL"]) as site:
        for table in ("gateway_caseload", "gateway_recordedsignoff", "accounts_user"):
            found = site.execute(
                sql.SQL("SELECT count(*) > 0 FROM {}").format(sql.Identifier(table))
            )
            assert found.fetchone() == (True,), table


def refused(url: str, statement: str) -> type[psycopg.Error]:
    with psycopg.connect(url) as connection, pytest.raises(psycopg.Error) as caught:
        connection.execute(statement.encode())
    return caught.type


def test_one_role_owns_everything_and_still_cannot_rewrite_the_trail(
    server: RealServer, theirs: Town
) -> None:
    server.run("CREATE ROLE alone LOGIN PASSWORD 'pass word/1'")
    server.run("CREATE DATABASE alone OWNER alone")
    url = server.url("alone", "alone", "pass%20word%2F1")
    check_works(theirs, {"WHOLEPLACE_DATABASE_URL": url})
    for statement in ("UPDATE chain_entry SET hash = hash", "DELETE FROM chain_entry"):
        assert refused(url, statement) is psycopg.errors.InsufficientPrivilege


def test_with_an_owner_the_site_may_add_to_the_trail_and_no_more(
    server: RealServer, theirs: Town
) -> None:
    server.run("CREATE ROLE keeper LOGIN PASSWORD 'k'")
    server.run("CREATE ROLE \"the-site\" LOGIN PASSWORD 's'")
    server.run("CREATE DATABASE two OWNER keeper")
    url = server.url("two", "the-site", "s")
    owner = server.url("two", "keeper", "k")
    given = {"WHOLEPLACE_DATABASE_URL": url, "WHOLEPLACE_DATABASE_OWNER_URL": owner}
    check_works(theirs, given)
    for statement in (
        "UPDATE chain_entry SET hash = hash",
        "DELETE FROM chain_entry",
        "TRUNCATE chain_entry",
        "ALTER TABLE chain_entry DISABLE TRIGGER ALL",
        "UPDATE chain_subject_key SET key = key",
        "CREATE TABLE mine (one int)",
        "DROP TABLE accounts_user",
    ):
        assert refused(url, statement) is psycopg.errors.InsufficientPrivilege, statement


@pytest.mark.parametrize("part", ["password", "port", "database"])
def test_a_server_that_does_not_answer_is_told_in_plain_words(
    server: RealServer, theirs: Town, part: str
) -> None:
    password = "wrong-one" if part == "password" else server.password
    url = server.url("nowhere" if part == "database" else "postgres", "chief", password)
    if part == "port":
        url = url.replace(str(server.port), str(free_port()))
    done = demo(theirs, {"WHOLEPLACE_DATABASE_URL": url})
    assert done.returncode not in (0, -9)
    assert "The database does not answer." in done.stderr
    assert "Traceback" not in done.stderr
    assert password not in done.stderr


def test_an_address_that_is_none_is_refused_without_quoting_it(theirs: Town) -> None:
    done = demo(theirs, {"WHOLEPLACE_DATABASE_URL": "postgres//me:hush@host"})
    assert "is not an address of a PostgreSQL database" in done.stderr
    assert "hush" not in done.stderr
