"""Larkbridge for tests: built once, opened in the test's process, or served for real."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
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
    done = subprocess.run(
        [_wholeplace(), *command, "--no-serve"],
        capture_output=True,
        text=True,
        check=False,
        timeout=280,
        env=_environment(),
    )
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


@contextmanager
def serve_town(town: Town, folder: Path) -> Iterator[LiveTown]:
    """Serve a copy of the town (so that tests may change it) until the caller is done."""
    copy = Town(folder)
    shutil.copytree(town.place, copy.place)
    shutil.copytree(
        town.data, copy.data, symlinks=True, ignore=shutil.ignore_patterns("database", "keys")
    )
    # The same parameters and nothing edited, so the town is served as it is.
    shutil.copy(town.folder / "demo.json", folder)
    facts = json.loads((folder / "demo.json").read_text())
    command = ["demo", "--dir", str(folder), "--port", "8750"]
    command += ["--residents", str(facts["residents"]), "--seed", str(facts["seed"])]
    server = subprocess.Popen(
        [_wholeplace(), *command],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=_environment(),
    )
    try:
        assert server.stdout is not None
        said = []
        for line in server.stdout:
            said.append(line)
            if found := re.search(r"(http://127\.0\.0\.1:\d+)", line):
                yield LiveTown(copy, found[1])
                break
        else:
            raise AssertionError("the server did not start:\n" + "".join(said))
    finally:
        server.send_signal(signal.SIGTERM)
        server.communicate(timeout=30)


def _wholeplace() -> str:
    return str(Path(sys.executable).with_name("wholeplace"))


def _environment() -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith("WHOLEPLACE_")}
    return {**kept, "PYTHONUNBUFFERED": "1"}
