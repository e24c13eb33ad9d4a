"""The directory's saved feeds: their dates of checking, as far back as when they were written."""

import datetime as dt
import re
from pathlib import Path

__all__ = ["date_listings"]

# The day on which the feeds in `place/directory/` were written.
_WRITTEN_ON = dt.date(2026, 11, 1)
_CHECKED = re.compile(r'("assured_date": ")(\d{4}-\d\d-\d\d)(")')


def date_listings(folder: Path, as_of: dt.date) -> None:
    """Move every day of checking in a place's saved feeds, so that they are as old as at first."""
    moved = as_of - _WRITTEN_ON
    for file in sorted(folder.glob("*-feed.json")):
        text = _CHECKED.sub(
            lambda found: f"{found[1]}{dt.date.fromisoformat(found[2]) + moved}{found[3]}",
            file.read_text("utf-8"),
        )
        file.write_text(text, "utf-8")
