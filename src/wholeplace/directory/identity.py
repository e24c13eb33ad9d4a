"""Ids: whatever a feed calls a thing, here it has one UUID that never changes.

A UUID is minted (RFC 9562, version 5) from the feed, the kind of thing and the id that the feed
gave it, so that the same service has the same id at every import, whoever imports it, and no
feed can take the id of another's service.
"""

import uuid
from typing import Any

__all__ = ["mint_id", "read_source_id"]

_SPACE = uuid.uuid5(uuid.NAMESPACE_URL, "https://wholeplace.example/directory")


def mint_id(feed: str, kind: str, source_id: str) -> str:
    """Return the UUID of a thing that a feed calls `source_id`."""
    return str(uuid.uuid5(_SPACE, "\x1f".join((feed, kind, source_id))))


def read_source_id(value: Any) -> str | None:
    """Return an id as text, whatever was sent: text or a whole number; None where it is no id."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else None
    if isinstance(value, int | str):
        return " ".join(str(value).split()) or None
    return None
