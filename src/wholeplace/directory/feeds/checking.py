"""Checking `directory/feeds.yaml` with the rest of a place folder."""

from collections.abc import Iterator

from wholeplace.directory.feeds.definitions import read_directory_definition
from wholeplace.foundation.errors import CheckFailedError, Fault
from wholeplace.partnership.draft import PlaceDraft

__all__ = ["check_directory"]

_FILE = "directory/feeds.yaml"


def check_directory(draft: PlaceDraft) -> Iterator[Fault]:
    """Return every fault of the directory's definition: a checker for `check_place`."""
    try:
        found = read_directory_definition(draft.folder, dict.fromkeys(draft.partner_ids))
    except CheckFailedError as error:
        yield from error.faults
        return
    for feed in found.feeds:
        if feed.file and not (draft.folder / "directory" / feed.file).is_file():
            yield Fault(
                _FILE,
                0,
                f"feed `{feed.id}`: there is no directory/{feed.file}",
                "a saved feed in directory/",
                "put the file there, or name the feed's `address`",
            )
