"""From what a feed gave to listings: shaped, minted, and with confidential addresses withheld."""

import json
from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any

from wholeplace.directory.confidential import address_marks, find_why_confidential, withhold
from wholeplace.directory.faults import Faults, FeedFault
from wholeplace.directory.feeds.older import read_older
from wholeplace.directory.feeds.shaping import Shaper
from wholeplace.directory.feeds.walking import Harvest, Received
from wholeplace.directory.identity import mint_id
from wholeplace.foundation.canonical import content_hash

__all__ = ["Prepared", "keep_secret", "prepare_harvest", "prepare_service"]


@dataclass(frozen=True)
class Prepared:
    """One service, ready to keep.

    Attributes:
        id: its UUID here.
        received: the JSON as received, equal in content; holds a confidential address.
        document: the service in the standard's shape; without the address where that is
            confidential.
        content_hash: of what was received; equal where nothing changed.
        why_confidential: empty where the address is public.
        marks: what its addresses are known by, to withhold them elsewhere too.
    """

    id: str
    source_id: str
    shape: str
    received: str
    document: dict[str, Any]
    content_hash: str
    why_confidential: str
    marks: frozenset[str]
    faults: tuple[FeedFault, ...]


def prepare_harvest(
    feed: str,
    harvest: Harvest,
    confidential: Collection[str] = (),
    secret_marks: Collection[str] = (),
    cleared: Collection[str] = (),
) -> list[Prepared]:
    """Return the services of a harvest, ready to keep; faults are added to the harvest's.

    An address that is confidential at one service is withheld at every other that stands there.

    Args:
        feed: id of the feed.
        harvest: what it gave.
        confidential: its own ids of services that the place folder names as confidential.
        secret_marks: `Prepared.marks` of confidential services of other feeds.
        cleared: ids of services whose words are those of confidential ones, and that are not.
    """
    found = [
        each
        for received in harvest.services.values()
        if (each := prepare_service(feed, received, confidential, cleared)) is not None
    ]
    unnamed = len(harvest.services) - len(found)
    if unnamed:
        harvest.faults.add("no-name", "service", unnamed)
    secrets = set(secret_marks).union(*(each.marks for each in found if each.why_confidential))
    found = [keep_secret(each) if each.marks & secrets else each for each in found]
    for each in found:
        harvest.faults.add_all(each.faults)
        if each.why_confidential and each.marks:
            harvest.faults.add("confidential-published", "service")
    return found


def keep_secret(prepared: Prepared) -> Prepared:
    """Return a service with its address withheld because a confidential one stands there too."""
    if prepared.why_confidential:
        return prepared
    return replace(
        prepared,
        document=withhold(prepared.document),
        why_confidential="It stands at a confidential address.",
    )


def prepare_service(
    feed: str,
    received: Received,
    confidential: Collection[str] = (),
    cleared: Collection[str] = (),
) -> Prepared | None:
    """Return one service ready to keep; None where it has no name."""
    faults = Faults()
    raw = read_older(received.raw) if received.shape == "v1" else dict(received.raw)
    document = Shaper(feed, faults).shape("service", raw)
    if not document.get("name"):
        return None
    marks = address_marks(document)
    why = find_why_confidential(document, received.raw, received.source_id, confidential, cleared)
    return Prepared(
        mint_id(feed, "service", received.source_id),
        received.source_id,
        received.shape,
        json.dumps(received.raw, ensure_ascii=False, separators=(",", ":")),
        withhold(document) if why else document,
        content_hash({"raw": _plain(received.raw), "why": why}),
        why,
        marks,
        faults.listed(),
    )


def _plain(value: Any) -> Any:
    """Return JSON with its floats as text: a hash of floats would hang on how they are written."""
    if isinstance(value, dict):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return repr(value) if isinstance(value, float) else value
