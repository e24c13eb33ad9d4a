"""Serving for real: ports, signals, a database that is killed, a run beside the pages."""

import concurrent.futures
import json
import os
import pty
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.web.town import (
    Server,
    Town,
    clean_environment,
    copy_town,
    run_wholeplace,
    served,
    wholeplace_program,
)

from wholeplace.web.database.cluster import Cluster
from wholeplace.web.database.processes import is_alive, read_pid

pytestmark = pytest.mark.enable_socket


def parameters(town: Town) -> list[str]:
    facts = json.loads((town.folder / "demo.json").read_text())
    given = ["--residents", str(facts["residents"]), "--seed", str(facts["seed"])]
    return ["demo", "--dir", str(town.folder), *given]


def status_of(url: str) -> int:
    with urllib.request.urlopen(url, timeout=60) as answer:
        return int(answer.status)


def cluster_of(town: Town) -> Cluster:
    return Cluster.of(town.data / "database")


def count(town: Town, select: str) -> int:
    cluster = cluster_of(town)
    cluster.ensure_running()
    with cluster.connect("wholeplace") as connection:
        row = connection.execute(select.encode()).fetchone()
    cluster.leave()
    assert row is not None
    return int(row[0])


def processes_of(leader: int) -> set[int]:
    """Every process of a session, by the system's list."""
    found = set()
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = entry.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[3]) == leader and fields[0] != "Z":
            found.add(int(entry.parent.name))
    return found


@pytest.fixture(scope="module")
def own(town: Town, ground: Path) -> Town:
    """A copy of the town with a database of its own, loaded and not served."""
    copy = copy_town(town, ground / "own")
    done = run_wholeplace(*parameters(copy), "--no-serve")
    assert done.returncode == 0, done.stderr
    assert "The town is built already." in done.stderr
    return copy


@pytest.fixture
def taken() -> Iterator[int]:
    """A port on which somebody else listens."""
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield int(other.getsockname()[1])


@pytest.fixture
def site(own: Town, taken: int) -> Iterator[Server]:
    command = ["serve", "--place", str(own.place), "--port", str(taken)]
    with served(command, own.folder / "serve.log") as server:
        yield server


def test_a_taken_port_gets_the_next_free_one_and_sigterm_ends_cleanly(
    own: Town, taken: int, site: Server
) -> None:
    port = int(site.url.rpartition(":")[2])
    assert taken < port < taken + 50
    assert f"Port {taken} is taken; using {port}." in site.log.read_text()
    assert status_of(site.url) == 200
    assert cluster_of(own).is_running()
    workers = processes_of(site.process.pid)
    assert len(workers) >= 2

    site.process.send_signal(signal.SIGTERM)
    assert site.process.wait(timeout=30) == 0
    assert not {pid for pid in workers if is_alive(pid)}
    assert not cluster_of(own).is_running(), "the last one out stops the database"
    assert "Traceback" not in site.log.read_text()
    with socket.socket() as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        trial.bind(("127.0.0.1", port))


def status_when_healed(url: str) -> int:
    """Return the status of a page; one that met the dying database is asked for once more."""
    try:
        return status_of(url)
    except urllib.error.HTTPError:
        time.sleep(1)
        return status_of(url)


def test_the_site_heals_when_its_database_is_killed(own: Town, site: Server) -> None:
    assert status_of(site.url + "/sign-in/") == 200
    for _ in range(2):
        pid = read_pid(cluster_of(own).pgdata)
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        began = time.monotonic()
        with concurrent.futures.ThreadPoolExecutor(6) as pool:
            # The tour's people are read from the database; several pages at once.
            answers = list(pool.map(status_when_healed, [site.url + "/tour/"] * 12))
        assert answers == [200] * 12
        assert time.monotonic() - began < 60
        assert read_pid(cluster_of(own).pgdata) != pid


def test_a_run_beside_the_pages_brings_caseloads_up_to_date(own: Town, site: Server) -> None:
    cases = "SELECT count(*) FROM gateway_caseload"
    before = count(own, cases)
    assert before > 0
    cluster = cluster_of(own)
    with cluster.connect("wholeplace_owner") as connection:
        connection.execute("DELETE FROM gateway_caseload")
    done = run_wholeplace("run", "--place", str(own.place), "--as-of", "2030-01-01", "--json")
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    current = (own.data / "snapshots" / "current").readlink().name
    assert current in json.dumps(report)
    assert count(own, cases) == before
    with cluster.connect("wholeplace") as connection:
        row = connection.execute("SELECT snapshot_id FROM gateway_caseloadsource").fetchone()
    assert row == (current,)
    assert status_of(site.url) == 200

    listed = json.loads(
        run_wholeplace("snapshots", "list", "--place", str(own.place), "--json").stdout
    )
    oldest = listed[-1]["id"]
    restored = run_wholeplace("snapshots", "restore", oldest, "--place", str(own.place))
    assert restored.returncode == 0, restored.stderr
    with cluster.connect("wholeplace") as connection:
        row = connection.execute("SELECT snapshot_id FROM gateway_caseloadsource").fetchone()
    assert row is not None and row[0] in restored.stdout


@pytest.fixture
def edited(town: Town, tmp_path: Path) -> Town:
    """A town in which somebody wrote something; never loaded, so it has no database."""
    copy = copy_town(town, tmp_path / "edited")
    place = copy.place / "place.yaml"
    place.write_text(place.read_text() + "\n# Ours.\n")
    return copy


def is_edited(town: Town) -> bool:
    return (town.place / "place.yaml").read_text().endswith("# Ours.\n")


def test_an_edited_town_is_not_built_again_without_being_asked(edited: Town) -> None:
    done = run_wholeplace("demo", "--dir", str(edited.folder), "--residents", "200", "--no-serve")
    assert done.returncode not in (0, -9)
    assert "was edited since it was built" in done.stderr
    assert "--reset" in done.stderr
    assert is_edited(edited)


def on_a_terminal(command: list[str], answer: str) -> tuple[int, str]:
    """Run a command whose standard input is a terminal, and type an answer."""
    ours, theirs = pty.openpty()
    try:
        os.write(ours, f"{answer}\n".encode())
        done = subprocess.run(
            [wholeplace_program(), *command], stdin=theirs, capture_output=True, text=True,
            timeout=120, env=clean_environment(), check=False,
        )  # fmt: skip
    finally:
        os.close(ours)
        os.close(theirs)
    return done.returncode, done.stderr


def test_on_a_terminal_it_asks_and_no_keeps_the_town(edited: Town) -> None:
    command = ["demo", "--dir", str(edited.folder), "--residents", "200", "--no-serve"]
    code, said = on_a_terminal(command, "n")
    assert code != 0
    assert "Build it again and lose the changes?" in said
    assert is_edited(edited)


def test_an_edited_town_is_kept_by_the_same_command_and_lost_by_reset(own: Town) -> None:
    place = own.place / "place.yaml"
    place.write_text(place.read_text() + "\n# Ours.\n")
    kept = run_wholeplace(*parameters(own), "--no-serve")
    assert kept.returncode == 0, kept.stderr
    assert "it is kept as it is" in kept.stderr
    assert is_edited(own)

    home = cluster_of(own).home
    reset = run_wholeplace(
        "demo", "--dir", str(own.folder), "--residents", "200", "--no-serve", "--reset"
    )
    assert reset.returncode == 0, reset.stderr
    assert not is_edited(own)
    assert json.loads((own.folder / "demo.json").read_text())["residents"] == 200
    # The old database went with the town; the new one holds the new town's people alone.
    assert cluster_of(own).home == home or not home.exists()
    assert count(own, "SELECT count(*) FROM accounts_user WHERE persona = ''") == 0


def test_a_faulty_agreement_never_serves(town: Town, tmp_path: Path) -> None:
    copy = copy_town(town, tmp_path / "faulty")
    agreement = sorted((copy.place / "agreements").glob("*.yaml"))[0]
    agreement.write_text(agreement.read_text().replace("purpose: ", "purpose: x-", 1))
    done = run_wholeplace("serve", "--place", str(copy.place))
    assert done.returncode == 2, done.stderr
    assert agreement.name in done.stderr
    assert not (copy.data / "database").exists(), "nothing was started"


def test_wrong_addresses_are_told_in_plain_words(own: Town) -> None:
    done = run_wholeplace("serve", "--place", str(own.place), "--host", "203.0.113.9")
    assert done.returncode not in (0, -9)
    assert "The pages cannot be served." in done.stderr
    nowhere = run_wholeplace("serve", "--place", str(own.folder / "nothing"))
    assert "is not a place folder" in nowhere.stderr
