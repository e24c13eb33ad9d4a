"""How old the information is, said in days and warned of when it is stale."""

import datetime as dt

import pytest

from wholeplace.web.site.freshness import freshness_of

TODAY = dt.date(2026, 11, 22)


@pytest.mark.parametrize(
    ("as_of", "days_old", "warnings"),
    [("2026-11-22", 0, 0), ("2026-11-14", 8, 0), ("2026-11-13", 9, 1), ("2026-11-23", 0, 0)],
)
def test_age_and_warning(as_of: str, days_old: int, warnings: int) -> None:
    found = freshness_of({"as_of": as_of}, TODAY)
    assert (found.days_old, len(found.warnings)) == (days_old, warnings)
