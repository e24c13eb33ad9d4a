"""A town in which people worked is not thrown away without asking."""

import json
import subprocess
from pathlib import Path

from tests.web.town import Town


def test_a_served_town_is_not_built_again_without_being_asked(town: Town, tmp_path: Path) -> None:
    import shutil
    import sys

    shutil.copytree(town.place, tmp_path / "larkbridge")
    shutil.copytree(town.data / "inbox", tmp_path / "larkbridge-data" / "inbox")
    facts = json.loads((town.folder / "demo.json").read_text("utf-8"))
    (tmp_path / "demo.json").write_text(json.dumps({**facts, "is_served": True}), "utf-8")
    program = str(Path(sys.executable).with_name("wholeplace"))
    done = subprocess.run(
        [program, "demo", "--dir", str(tmp_path), "--residents", "200", "--no-serve"],
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        timeout=120,
        check=False,
    )
    assert done.returncode == 4, done.stderr
    assert "was served" in done.stderr and "--reset" in done.stderr
    assert json.loads((tmp_path / "demo.json").read_text("utf-8")) == {**facts, "is_served": True}
