"""Kill the process at random moments: nothing was ever shown without standing in the trail."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from wholeplace.web.chain.models import Entry
from wholeplace.web.chain.verifying import verify_trail

pytestmark = pytest.mark.django_db
PROJECT = Path(__file__).parents[3]


def kill(cluster: Any, tmp_path: Path, kills: int, order: str = "right") -> list[list[str]]:
    """Run and kill; return, for each kill, the marks of what was shown."""
    socket = str(cluster.socket_folder).replace("/", "%2F")
    environment = {
        **{key: value for key, value in os.environ.items() if not key.startswith("WHOLEPLACE_")},
        "WHOLEPLACE_DATABASE_URL": f"postgresql://{cluster.app_role}@{socket}:{cluster.port}/{cluster.database}",
        "PYTHONPATH": str(PROJECT),
    }
    script = Path(__file__).with_name("killed_reveals.py")
    done = subprocess.run(
        [sys.executable, str(script), str(kills), "7", order],
        capture_output=True, text=True, check=False, timeout=280, env=environment, cwd=tmp_path,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found: list[list[str]] = json.loads(done.stdout)
    assert len(found) == kills
    return found


def unrecorded(shown: list[list[str]]) -> set[str]:
    recorded = set(Entry.objects.filter(event__kind="sight").values_list("event__page", flat=True))
    return {mark for each in shown for mark in each} - recorded


def check(shown: list[list[str]]) -> None:
    assert sum(map(len, shown)) > len(shown), "too little was shown for the kills to mean much"
    assert unrecorded(shown) == set()
    assert verify_trail().is_whole


def test_twenty_kills(cluster: Any, tmp_path: Path) -> None:
    check(kill(cluster, tmp_path, 20))


@pytest.mark.heavy
def test_two_hundred_kills(cluster: Any, tmp_path: Path) -> None:
    check(kill(cluster, tmp_path, 200))


def test_the_same_kills_find_a_reveal_that_is_recorded_afterwards(
    cluster: Any, tmp_path: Path
) -> None:
    assert unrecorded(kill(cluster, tmp_path, 8, order="wrong"))
