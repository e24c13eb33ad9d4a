"""Words for the age of an extract."""

import datetime as dt

import pytest

from wholeplace.web.intake.wording import freshness_words

TODAY = dt.date(2026, 11, 22)


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (None, "nothing loaded yet"),
        (-3, "dated in the future"),
        (0, "from today"),
        (1, "from yesterday"),
        (13, "13 days old"),
        (30, "4 weeks old"),
        (100, "3 months old"),
        (400, "more than a year old"),
        (800, "2 years old"),
    ],
)
def test_age_in_words(days: int | None, words: str) -> None:
    extract_on = None if days is None else TODAY - dt.timedelta(days=days)
    assert freshness_words(extract_on, TODAY) == words
