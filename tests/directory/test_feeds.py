"""Feeds that misbehave, one way after another: each is reported, and the rest is read."""

import json
from typing import Any

import pytest
from tests.directory.peer import HASTY, Feed, served, service

from wholeplace.directory.feeds import FeedPeer, Harvest, Patience, prepare_harvest, walk_feed

HTML = {"Content-Type": "text/html"}


def walk(feed: Feed, **given: Any) -> Harvest:
    with served(feed) as address:
        return walk_feed(FeedPeer(address, HASTY), **given)


def codes(harvest: Harvest) -> dict[str, int]:
    found: dict[str, int] = {}
    for each in harvest.faults.listed():
        found[each.code] = found.get(each.code, 0) + each.count
    return found


def test_a_sound_feed_is_read_to_its_end_without_a_fault() -> None:
    harvest = walk(Feed([service("a"), service("b")], [service("c")]))
    assert list(harvest.services) == ["a", "b", "c"]
    assert harvest.is_whole and harvest.pages == 2 and not harvest.faults.listed()


def test_each_service_is_asked_for_its_own_page() -> None:
    feed = Feed([service("a")])
    whole = service("a", description="All of it")
    feed.always["/services/a"] = (200, {}, json.dumps(whole).encode())
    assert walk(feed).services["a"].raw == whole


def test_integer_ids_are_read_as_text() -> None:
    harvest = walk(Feed([service(7), service(8.0), service("9")]))
    assert list(harvest.services) == ["7", "8", "9"]
    prepared = prepare_harvest("f", harvest)
    assert codes(harvest)["number-for-id"] == 2
    assert len({each.id for each in prepared}) == 3


def test_services_without_an_id_are_counted_and_left_out() -> None:
    harvest = walk(Feed([service(None), service(True), service(""), service("a"), {"id": {}}]))
    assert list(harvest.services) == ["a"]
    assert codes(harvest)["no-id"] == 4


def test_repeated_ids_are_read_once() -> None:
    feed = Feed([service("a"), service("b")], [service("b"), service("a", "Other"), service("c")])
    harvest = walk(feed, with_details=False)
    assert list(harvest.services) == ["a", "b", "c"]
    assert harvest.services["a"].raw["name"] == "Service a"
    found = codes(harvest)
    assert found["repeated-id"] == 1 and found["repeated-id-differs"] == 1


@pytest.mark.parametrize("said", [1, 99])
def test_a_wrong_total_is_told_and_everything_is_read(said: int) -> None:
    feed = Feed([service("a"), service("b")], [service("c")])
    feed.page = lambda number, rows: feed.envelope(number, rows) | {"total_items": said}
    harvest = walk(feed)
    assert len(harvest.services) == 3 and codes(harvest) == {"wrong-total": 1}


def test_more_pages_than_were_said_are_read() -> None:
    feed = Feed([service("a")], [service("b")], [service("c")])
    feed.page = lambda number, rows: feed.envelope(number, rows) | {
        "total_pages": 1, "last_page": number == 3,
    }  # fmt: skip
    assert len(walk(feed).services) == 3


def test_fewer_pages_than_were_said_end_the_walk() -> None:
    feed = Feed([service("a")])
    feed.page = lambda number, rows: feed.envelope(number, rows) | {
        "total_pages": 5, "last_page": False,
    }  # fmt: skip
    harvest = walk(feed)
    assert list(harvest.services) == ["a"] and codes(harvest)["wrong-pages"] == 1


def test_a_feed_that_gives_the_same_page_for_ever_ends() -> None:
    feed = Feed([service("a"), service("b")])
    feed.page = lambda number, rows: {"contents": feed.pages[0]}
    harvest = walk(feed)
    assert list(harvest.services) == ["a", "b"] and harvest.is_whole
    assert "repeated-id" not in codes(harvest)


def test_429_is_waited_for_as_long_as_it_asks() -> None:
    feed = Feed([service("a")], [service("b")])
    feed.troubles["/services?page=2"] = [(429, {"Retry-After": "2"}, b"")]
    waits: list[float] = []
    patience = Patience(3, 0.5, 60.0, 2.0)
    with served(feed) as address:
        harvest = walk_feed(FeedPeer(address, patience, waits.append))
    assert waits == [2.0]
    assert len(harvest.services) == 2 and harvest.is_whole
    assert codes(harvest) == {"waited": 1, "asked-again": 1}


def test_429_without_end_leaves_that_page_unknown() -> None:
    feed = Feed([service("a")], [service("b")], [service("c")])
    feed.always["/services?page=2"] = (429, {"Retry-After": "1"}, b"")
    harvest = walk(feed)
    assert list(harvest.services) == ["a", "c"] and not harvest.is_whole
    assert codes(harvest)["page-unreadable"] == 1 and codes(harvest)["waited"] == 3
    assert feed.asked["/services?page=2"] == HASTY.tries


@pytest.mark.parametrize(
    "trouble",
    [
        (502, HTML, b"<html><h1>502 Bad Gateway</h1></html>"),
        503,
        (200, HTML, b"<html>Sorry</html>"),
    ],
)
def test_a_failure_for_the_moment_is_asked_again(trouble: Any) -> None:
    feed = Feed([service("a")], [service("b")])
    feed.troubles["/services?page=2"] = [trouble]
    harvest = walk(feed)
    assert len(harvest.services) == 2 and harvest.is_whole
    assert codes(harvest) == {"asked-again": 1}


def test_html_502_without_end_is_reported_and_the_rest_goes_on() -> None:
    feed = Feed([service("a")], [service("b")], [service("c")])
    feed.always["/services?page=1"] = (502, HTML, b"<html>Bad Gateway</html>")
    harvest = walk(feed)
    assert not harvest.is_whole and codes(harvest)["page-unreadable"] >= 1
    assert list(harvest.services) == ["b", "c"]


def test_details_that_fail_leave_the_line_of_the_list() -> None:
    feed = Feed([service("a"), service("b"), service("c")])
    feed.always["/services/a"] = (502, HTML, b"<html>Bad Gateway</html>")
    feed.always["/services/b"] = (404, HTML, b"<html>Gone</html>")
    harvest = walk(feed)
    assert {each.raw["name"] for each in harvest.services.values()} == {"Service a", "Service b", "Service c"}  # fmt: skip
    assert codes(harvest) == {"details-unreadable": 1, "details-gone": 1}


def test_a_feed_that_leads_elsewhere_is_not_followed() -> None:
    elsewhere, feed = Feed([service("secret")]), Feed([service("a")])
    with served(elsewhere) as there:
        feed.always["/services?page=1"] = (302, {"Location": f"{there}/services?page=1"}, b"")
        harvest = walk(feed)
    assert not harvest.services and not harvest.is_whole and not elsewhere.asked


def test_an_answer_without_end_is_not_read() -> None:
    feed = Feed([service("a")])
    feed.always["/services?page=1"] = (200, {}, b" " * 20_000_001)
    harvest = walk(feed)
    assert not harvest.services and codes(harvest)["page-unreadable"] == 1
    assert feed.asked["/services?page=1"] == 1


def test_nobody_at_the_address() -> None:
    with served(Feed()) as address:
        pass
    harvest = walk_feed(FeedPeer(address, HASTY))
    assert not harvest.is_whole and harvest.pages == 0


def test_the_older_shape_is_read() -> None:
    older = {
        "id": 12, "name": "Debt advice", "status": "active", "url": "www.example.org/help", "email": None,
        "organization": {"id": 3, "name": "Advice", "description": "Free advice", "url": "https://example.org"},
        "eligibilitys": [{"id": 1, "minimum_age": 18, "maximum_age": None, "eligibility": "Adults"}],
        "regular_schedules": [{"id": 5, "weekday": "Tuesday", "opens_at": "09:30", "closes_at": "16:00:00"}],
        "service_at_locations": [{"id": 6, "location": {
            "id": 7, "latitude": "53.1", "longitude": -2.2,
            "physical_addresses": [{"id": 8, "address_1": "1 High Street", "city": "Town", "postal_code": "ZZ1 1ZZ", "state_province": None, "country": "GB"}],
        }}],
        "contacts": [{"id": 9, "phones": [{"id": 10, "number": "01632 960000"}]}],
        "service_taxonomys": [{"id": 11, "taxonomy": {"id": "debt", "name": "Debt advice", "vocabulary": "Ours"}}],
    }  # fmt: skip
    feed = Feed([older])
    feed.page = lambda number, rows: {
        "totalElements": 1, "totalPages": 1, "number": number, "size": 1, "first": True, "last": True,
        "content": rows,
    }  # fmt: skip
    harvest = walk(feed)
    (prepared,) = prepare_harvest("f", harvest)
    document = prepared.document
    assert prepared.shape == "v1" and json.loads(prepared.received) == older
    assert document["minimum_age"] == 18 and "maximum_age" not in document
    assert document["url"] == "https://www.example.org/help" and "email" not in document
    assert document["organization"]["website"] == "https://example.org"
    (times,) = document["schedules"]
    assert (times["byday"], times["opens_at"]) == ("TU", "09:30:00")
    location = document["service_at_locations"][0]["location"]
    assert location["latitude"] == 53.1
    assert location["addresses"][0]["state_province"] == "Town"
    assert document["attributes"][0]["taxonomy_term"]["taxonomy"] == "Ours"
    assert document["contacts"][0]["phones"][0]["number"] == "01632 960000"
