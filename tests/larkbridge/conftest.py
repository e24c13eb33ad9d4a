"""One small town for all tests of the room."""

import datetime as dt
from pathlib import Path

import pytest

from wholeplace.larkbridge import TownReport, build_town

AS_OF = dt.date(2026, 11, 22)
RESIDENTS = 700


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory) -> TownReport:
    folder: Path = tmp_path_factory.mktemp("town")
    return build_town(folder, residents=RESIDENTS, as_of=AS_OF)
