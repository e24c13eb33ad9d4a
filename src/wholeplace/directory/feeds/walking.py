"""Reading a whole feed: page after page, then each service, whatever the feed says of itself."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from wholeplace.directory.faults import Faults
from wholeplace.directory.feeds.older import is_older
from wholeplace.directory.feeds.peer import FeedAnswerError, ReadsFeed
from wholeplace.directory.figures import figures
from wholeplace.directory.identity import read_source_id

__all__ = ["Harvest", "Received", "walk_feed"]

_UNREADABLE_IN_A_ROW = 3


@dataclass(frozen=True)
class Received:
    """One service as a feed gave it.

    Attributes:
        source_id: what the feed calls it, as text.
        raw: the JSON as received, nothing left out.
        shape: `v3` or `v1`.
    """

    source_id: str
    raw: Mapping[str, Any]
    shape: str


@dataclass
class Harvest:
    """All that one reading of a feed gave.

    Attributes:
        services: by source id, in the order listed.
        faults: what was wrong.
        is_whole: whether every page could be read, so that what is missing is gone.
        pages: pages read.
        said_total: how many services the feed says it holds; None where it says nothing.
    """

    services: dict[str, Received] = field(default_factory=dict)
    faults: Faults = field(default_factory=Faults)
    is_whole: bool = True
    pages: int = 0
    said_total: int | None = None


def walk_feed(feed: ReadsFeed, *, with_details: bool = True) -> Harvest:
    """Return everything a feed gives; what cannot be read is counted, and the rest goes on.

    Args:
        feed: what to ask.
        with_details: ask each service's own page too, where the list gives only a line of it.
    """
    harvest = Harvest()
    for page in _pages(feed, harvest):
        _take_page(harvest, page)
    if harvest.said_total is not None and harvest.is_whole and harvest.said_total != len(harvest.services):  # fmt: skip
        harvest.faults.add("wrong-total", "services")
    if with_details:
        for source_id, each in list(harvest.services.items()):
            harvest.services[source_id] = _with_details(feed, harvest, each)
    if feed.waited:
        harvest.faults.add("waited", "", feed.waited)
    if feed.asked_again:
        harvest.faults.add("asked-again", "", feed.asked_again)
    return harvest


def _pages(feed: ReadsFeed, harvest: Harvest) -> Iterator[Mapping[str, Any]]:
    """Give each page until the feed ends, by what is on the pages and not by what they say."""
    said, before, unreadable = 0, list[Any](), 0
    for number in range(1, figures().pages_most + 1):
        page, why = _ask_page(feed, number)
        if page is None:
            if why == "gone" and number > max(said, 1):
                return
            harvest.is_whole = False
            harvest.faults.add("page-unreadable", f"page {number}")
            unreadable += 1
            if unreadable >= _UNREADABLE_IN_A_ROW or (said and number >= said):
                return
            continue
        rows, unreadable = _listed(page) or [], 0
        said = _whole(page.get("total_pages", page.get("totalPages"))) or said
        if not rows or rows == before:
            # Nothing, or the same page again: it ends here, whatever it said.
            if 1 < number <= said:
                harvest.faults.add("wrong-pages", "services")
            return
        harvest.pages += 1
        yield page
        before = rows
        is_last = page.get("last_page", page.get("last"))
        if number >= said and (is_last is True or (said and is_last is None)):
            return
    harvest.is_whole = False
    harvest.faults.add("no-end", "services")


def _ask_page(feed: ReadsFeed, number: int) -> tuple[Mapping[str, Any] | None, str]:
    try:
        page = feed.get("/services", {"page": number})
    except FeedAnswerError as error:
        return None, error.kind
    if not isinstance(page, Mapping) or _listed(page) is None:
        return None, "not-json"
    return page, ""


def _take_page(harvest: Harvest, page: Mapping[str, Any]) -> None:
    said = _whole(page.get("total_items", page.get("totalElements")))
    harvest.said_total = said if said is not None else harvest.said_total
    page_shape = "v1" if "content" in page and "contents" not in page else "v3"
    for row in _listed(page) or []:
        raw = row if isinstance(row, Mapping) else {}
        source_id = read_source_id(raw.get("id"))
        if source_id is None:
            harvest.faults.add("no-id", "service")
        elif source_id in harvest.services:
            same = harvest.services[source_id].raw == raw
            harvest.faults.add("repeated-id" if same else "repeated-id-differs", "service")
        else:
            shape = "v1" if is_older(raw) else page_shape
            harvest.services[source_id] = Received(source_id, dict(raw), shape)


def _with_details(feed: ReadsFeed, harvest: Harvest, listed: Received) -> Received:
    try:
        whole = feed.get(f"/services/{_in_address(listed.source_id)}", {})
    except FeedAnswerError as error:
        gone = error.kind == "gone"
        harvest.faults.add("details-gone" if gone else "details-unreadable", "service")
        return listed
    if not isinstance(whole, Mapping) or read_source_id(whole.get("id")) != listed.source_id:
        harvest.faults.add("details-unreadable", "service")
        return listed
    shape = "v1" if is_older(whole) else listed.shape
    return Received(listed.source_id, dict(whole), shape)


def _in_address(text: str) -> str:
    from urllib.parse import quote

    return quote(text, safe="")


def _listed(page: Mapping[str, Any]) -> list[Any] | None:
    for name in ("contents", "content"):
        if isinstance(page.get(name), list):
            return list(page[name])
    return None


def _whole(value: Any) -> int | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value if value >= 0 else None
    return int(value) if isinstance(value, str) and value.strip().isdigit() else None
