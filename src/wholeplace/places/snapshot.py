"""What this room needs of a reader of the published snapshot."""

from collections.abc import Mapping
from typing import Any, Protocol

__all__ = ["ReadsSnapshot"]


class ReadsSnapshot(Protocol):
    """A reader of the published snapshot (`people.SnapshotReader`)."""

    def rows(self, sql: str, params: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
        """Return the rows of a SELECT."""
        ...
