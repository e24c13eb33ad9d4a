"""Tests leave nothing behind, not even those that were killed."""

import signal
import subprocess
import sys
import tempfile
import textwrap
from pathlib import Path

from tests.web.ground import made_ground, sweep_grounds

from wholeplace.web.database.processes import is_alive, read_pid

KILLED = """
    import os, signal
    from tests.web.ground import made_ground
    from wholeplace.web.database.cluster import Cluster
    with made_ground() as folder:
        (folder / "town-data").mkdir(mode=0o700)
        Cluster.of(folder / "town-data" / "database").ensure_running()
        print(folder, flush=True)
        os.kill(os.getpid(), signal.SIGKILL)
"""


def test_what_a_killed_run_left_is_swept_up() -> None:
    command = [sys.executable, "-c", textwrap.dedent(KILLED)]
    root = Path(__file__).parents[3]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr
    folder = Path(done.stdout.strip())
    pid = read_pid((folder / "town-data" / "database").resolve() / "pgdata")
    assert pid is not None and is_alive(pid)
    with made_ground() as ours:
        sweep_grounds()
        assert ours.exists(), "a run that goes on keeps its own"
    assert not ours.exists()
    assert not folder.exists()
    assert not is_alive(pid)
    assert not list(Path(tempfile.gettempdir()).glob(f"{folder.name}*"))
