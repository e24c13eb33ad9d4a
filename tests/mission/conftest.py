"""The twenty rows of the mission: one journey a row, named by row.

The rows stand in `src/wholeplace/web/site/mission.yaml`, which the tour page reads too, so
that the page and these tests cannot disagree on what is built. A row that is not built yet
is marked so there; its file here says the same, and `make test` counts it.
"""

import os
from collections import Counter
from pathlib import Path

import pytest
from ruamel.yaml import YAML

MISSION = Path(__file__).parents[2] / "src" / "wholeplace" / "web" / "site" / "mission.yaml"


def mission_rows() -> dict[str, dict[str, object]]:
    """Every row of the mission by its id."""
    listed = YAML(typ="safe").load(MISSION.read_text("utf-8"))["rows"]
    return {str(row["id"]): row for row in listed}


@pytest.fixture(scope="session")
def rows() -> dict[str, dict[str, object]]:
    return mission_rows()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Count the rows that work and those that are not yet built."""
    if not MISSION.exists():
        return
    states = Counter("built" if row.get("built") else "not yet built" for row in mission_rows().values())
    terminalreporter.write_line(
        f"mission: {states['built']} rows built, {states['not yet built']} not yet built"
        + (" (CI)" if os.environ.get("CI") else "")
    )
