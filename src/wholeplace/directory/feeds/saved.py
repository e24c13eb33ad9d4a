"""A feed that was saved as a file: one page, a list of services, or one service."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from wholeplace.directory.feeds.peer import FeedAnswerError
from wholeplace.directory.identity import read_source_id
from wholeplace.foundation.errors import NotFoundError, WholeplaceError

__all__ = ["SavedFeed"]


class SavedFeed:
    """Answers for a feed from a file of the place folder, as the feed itself would.

    Raises:
        NotFoundError: if there is no such file.
        WholeplaceError: if it is no JSON.
    """

    def __init__(self, file: Path) -> None:
        self.waited = 0
        self.asked_again = 0
        try:
            held = json.loads(file.read_text("utf-8-sig"))
        except OSError:
            raise NotFoundError(
                f"The feed {file.name} could not be read.",
                "There is no such file in the place folder.",
                "Put it there, or mend directory/feeds.yaml.",
            ) from None
        except ValueError:
            raise WholeplaceError(
                f"The feed {file.name} could not be read.",
                "It is not JSON.",
                "Save the feed again.",
            ) from None
        self._page = _page_of(held)

    def get(self, path: str, asked: Mapping[str, Any]) -> Any:
        """Return the one page, or a service of it.

        Raises:
            FeedAnswerError: if it has no such page or service.
        """
        if path == "/services":
            if asked.get("page", 1) != 1:
                raise FeedAnswerError("gone")
            return self._page
        wanted = path.rpartition("/")[2]
        from urllib.parse import unquote

        rows = self._page.get("contents", self._page.get("content", ()))
        for row in rows:
            if isinstance(row, Mapping) and read_source_id(row.get("id")) == unquote(wanted):
                return row
        raise FeedAnswerError("gone")


def _page_of(held: Any) -> Mapping[str, Any]:
    if isinstance(held, list):
        return {"contents": held}
    if isinstance(held, Mapping) and ("contents" in held or "content" in held):
        return held
    return {"contents": [held]}
