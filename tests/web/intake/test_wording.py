"""Words for the age of an extract."""

import datetime as dt

import pytest

from wholeplace.intake import DatasetReport, FileReport
from wholeplace.web.intake.wording import attention_of, freshness_words, line_of_dataset

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


def extract(day: dt.date, **more: object) -> FileReport:
    given = {"dataset": "d", "partner": "p", "file": f"{day}.csv", "extract_on": day}
    hashes = {"file_hash": "", "fingerprint": "", "status": "loaded"}
    return FileReport.model_validate(given | hashes | more)


def test_a_short_extract_comes_first_and_says_what_to_do() -> None:
    short = extract(TODAY, rows_read=5, short_of=12, notes=("Ask the partner.",))
    refused = extract(TODAY, status="refused", why_refused="It is empty.")
    lines = [
        line_of_dataset(
            DatasetReport(dataset="d", title=title, partner="p", files=files), "P", TODAY
        )
        for title, files in (("Refused", (refused,)), ("Short", (extract(TODAY), short)))
    ]
    assert [(line.files[0].state, line.files[0].colour) for line in lines] == [
        ("Refused", "red"),
        ("May be cut short", "red"),
    ]
    first, second = attention_of(lines)
    assert first.line.report.title == "Short"
    assert first.what == "the extract is far shorter than expected. Ask the partner."
    assert second.line.report.title == "Refused"
