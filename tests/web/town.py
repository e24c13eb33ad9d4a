"""Larkbridge for tests: built once, opened in the test's process, or served for real."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Town:
    """The town's folders: `larkbridge/`, `larkbridge-data/` and `truth/` in one folder."""

    folder: Path

    @property
    def place(self) -> Path:
        """The place folder."""
        return self.folder / "larkbridge"

    @property
    def data(self) -> Path:
        """The data folder."""
        return self.folder / "larkbridge-data"

    @property
    def truth(self) -> Path:
        """Who is who; for scoring alone."""
        return self.folder / "truth"


@dataclass(frozen=True)
class LiveTown:
    """A town that is being served."""

    town: Town
    url: str


def build_town(folder: Path, *, residents: int, seed: int) -> Town:
    """Build a town with the real command, in a process of its own with a database of its own."""
    town = Town(folder)
    command = ["demo", "--residents", str(residents), "--seed", str(seed), "--dir", str(folder)]
    done = run_wholeplace(*command, "--no-serve")
    assert done.returncode == 0, f"the town was not built:\n{done.stdout}\n{done.stderr}"
    return town


def open_town(town: Town) -> Any:
    """Open the town in this process on the tests' database: personas made, agreements signed."""
    from wholeplace.cli.demo import read_personas
    from wholeplace.web.gateway.demonstration import make_personas, sign_everything
    from wholeplace.web.gateway.wiring import open_place

    place = open_place(town.place)
    make_personas(place, read_personas())
    sign_everything(place)
    return place


def copy_town(town: Town, folder: Path) -> Town:
    """Copy a town without its database and keys, so that a test may change it."""
    copy = Town(folder)
    folder.mkdir(exist_ok=True)
    shutil.copytree(town.place, copy.place)
    skipped = shutil.ignore_patterns("database", "keys")
    shutil.copytree(town.data, copy.data, symlinks=True, ignore=skipped)
    copy_deletions_key(town, copy)
    # The same parameters and nothing edited, so the town is served as it is.
    shutil.copy(town.folder / "demo.json", folder)
    return copy


def copy_deletions_key(town: Town, copy: Town) -> None:
    """Copy the one key without which nobody could tell who was erased from the town."""
    key = town.data / "keys" / "deletions"
    if key.exists():
        (copy.data / "keys").mkdir(mode=0o700, exist_ok=True)
        shutil.copy(key, copy.data / "keys")


@contextmanager
def serve_town(town: Town, folder: Path) -> Iterator[LiveTown]:
    """Serve a copy of the town (so that tests may change it) until the caller is done."""
    copy = copy_town(town, folder)
    facts = json.loads((folder / "demo.json").read_text())
    command = ["demo", "--dir", str(folder), "--port", "8750"]
    command += ["--residents", str(facts["residents"]), "--seed", str(facts["seed"])]
    with served(command, folder / "server.log") as server:
        yield LiveTown(copy, server.url)


@dataclass(frozen=True)
class Server:
    """A command that serves pages."""

    process: "subprocess.Popen[bytes]"
    url: str
    log: Path


@contextmanager
def served(command: list[str], log: Path, given: dict[str, str] | None = None) -> Iterator[Server]:
    """Run a command that serves pages, until the caller is done; it is stopped by SIGTERM."""
    with log.open("wb") as out:
        # Into a file: nobody reads a pipe while the pages are served, and a full one stops it.
        server = subprocess.Popen(
            [wholeplace_program(), *command],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            env={**clean_environment(), **(given or {})},
            start_new_session=True,
        )
    try:
        yield Server(server, _wait_for_address(server, log), log)
    finally:
        if server.poll() is None:
            server.send_signal(signal.SIGTERM)
            try:
                server.wait(timeout=30)
            finally:
                if server.poll() is None:
                    os.killpg(server.pid, signal.SIGKILL)
                    server.wait()


def _wait_for_address(server: "subprocess.Popen[bytes]", log: Path) -> str:
    until = time.monotonic() + 120
    while time.monotonic() < until:
        is_over = server.poll() is not None
        said = log.read_text("utf-8", errors="replace")
        if found := re.search(r"Serving on (http://127\.0\.0\.1:\d+)", said):
            return found[1]
        if is_over:
            break
        time.sleep(0.1)
    raise AssertionError(f"the server did not start:\n{log.read_text('utf-8', errors='replace')}")


def run_wholeplace(
    *command: str, given: dict[str, str] | None = None, typed: str = ""
) -> "subprocess.CompletedProcess[str]":
    """Run the real command to its end, in a process of its own."""
    return subprocess.run(
        [wholeplace_program(), *command],
        input=typed,
        capture_output=True,
        text=True,
        check=False,
        timeout=280,
        env={**clean_environment(), **(given or {})},
    )


def wholeplace_program() -> str:
    """Return the command beside the Python that runs the tests."""
    return str(Path(sys.executable).with_name("wholeplace"))


def clean_environment() -> dict[str, str]:
    """Return the environment without whatever tests set for themselves."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("WHOLEPLACE_")}
    return {**kept, "PYTHONUNBUFFERED": "1"}
