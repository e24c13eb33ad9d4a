"""The twenty rows of the mission: one file a row, named by row.

The rows stand in `src/wholeplace/web/site/mission.yaml`, which the tour reads too, so that the
page and these tests cannot disagree on what is built. A row that is built, wholly or in part,
has its journey here, in a real browser where a person is served. A row that is not yet built
is held to saying so: its test fails on the day the tour calls it built while no journey stands
here. `make test` ends by counting the rows.
"""

from collections import Counter
from collections.abc import Callable

import pytest

from wholeplace.web.site.mission import Row, mission_rows


@pytest.fixture
def row_of() -> Callable[[str], Row]:
    """One row of the mission by its id."""
    found = {row.id: row for row in mission_rows()}
    return found.__getitem__


@pytest.fixture
def is_honestly_not_built(row_of: Callable[[str], Row]) -> Callable[[str], None]:
    """Check that a row without a journey is called not yet built, and offers nothing to open."""

    def check(row_id: str) -> None:
        row = row_of(row_id)
        assert row.state == "later", (
            f"the tour says that {row_id} works: write its journey in this file"
        )
        assert row.later, "the tour says what will be built"
        assert not row.persona and not row.opens

    return check


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Count the rows that work, work in part, and are not yet built."""
    states = Counter(row.state for row in mission_rows())
    terminalreporter.write_line(
        f"mission: of {sum(states.values())} rows {states['built']} are built, "
        f"{states['part']} in part, {states['later']} not yet"
    )
