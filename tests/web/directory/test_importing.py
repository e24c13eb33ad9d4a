"""Imports into the database: from a real peer that misbehaves, without doubles, with a trail."""

import datetime as dt
import json
from typing import Any

import pytest
from tests.directory.peer import HASTY, Feed, served, service
from tests.directory.test_confidential import at_secret_place, says

from wholeplace.directory.feeds import FeedDefinition, FeedPeer
from wholeplace.web.chain.models import Entry
from wholeplace.web.directory.importing import ImportReport, find_doubles, import_feed
from wholeplace.web.directory.models import DuplicatePair, FeedImport, SourceService
from wholeplace.web.directory.sealing import open_received
from wholeplace.web.directory.shelf import open_catalogue

pytestmark = pytest.mark.django_db(transaction=True)
NOW = dt.datetime(2026, 11, 25, 12, tzinfo=dt.UTC)
COUNCIL = FeedDefinition(id="council", title="Council", address="https://council.example")
VOLUNTARY = FeedDefinition(id="voluntary", title="Voluntary", address="https://vcs.example")


def bring_in(feed: Feed, definition: FeedDefinition = COUNCIL, hours: int = 0) -> ImportReport:
    at = NOW + dt.timedelta(hours=hours)
    with served(feed) as address:
        return import_feed(definition, FeedPeer(address, HASTY), "system", at)


def live() -> set[str]:
    return set(SourceService.objects.filter(gone_at=None).values_list("source_id", flat=True))


def test_a_second_import_makes_no_doubles(signed_town: Any) -> None:
    feed = Feed([service(1), service("b")], [service("b"), service(3)])
    first = bring_in(feed)
    before = {row.id: row.received for row in SourceService.objects.all()}
    second = bring_in(feed, hours=1)
    assert (first.counts["new"], second.counts["new"], second.counts["same"]) == (3, 0, 3)
    assert before == {row.id: row.received for row in SourceService.objects.all()}
    assert {json.loads(text)["id"] for text in before.values()} == {1, "b", 3}
    seen = [entry.event for entry in Entry.objects.filter(event__kind="directory.imported")]
    assert [each["counts"]["new"] for each in seen] == [3, 0]


def test_what_vanishes_is_taken_off_and_comes_back(signed_town: Any) -> None:
    every = [service(each) for each in "abcd"]
    bring_in(Feed(every))
    assert bring_in(Feed(every[:3]), hours=1).counts["gone"] == 1
    assert live() == {"a", "b", "c"} and len(open_catalogue().listings) == 3
    assert bring_in(Feed(every), hours=2).counts["back"] == 1
    assert live() == set("abcd")


def test_what_could_not_be_read_is_not_taken_for_gone(signed_town: Any) -> None:
    feed = Feed([service("a")], [service("b")], [service("c")])
    bring_in(feed)
    feed.always["/services?page=2"] = (502, {"Content-Type": "text/html"}, b"<html>502</html>")
    report = bring_in(feed, hours=1)
    assert report.outcome == "part" and report.counts["gone"] == 0 and live() == {"a", "b", "c"}
    feed.always = {f"/services?page={n}": (503, {}, b"") for n in (1, 2, 3)}
    assert bring_in(feed, hours=2).outcome == "failed" and live() == {"a", "b", "c"}
    assert FeedImport.objects.count() == 3


def test_a_feed_that_shrinks_suddenly_loses_nothing(signed_town: Any) -> None:
    bring_in(Feed([service(each) for each in "abcdef"]))
    report = bring_in(Feed([service("a")]), hours=1)
    assert "many-gone" in {each.code for each in report.faults} and len(live()) == 6


def test_a_change_is_kept_with_what_was_received(signed_town: Any) -> None:
    bring_in(Feed([service("a", colour="red", fees=None)]))
    bring_in(Feed([service("a", "Renamed", colour="blue", fees=None)]), hours=1)
    row = SourceService.objects.get()
    assert json.loads(row.received) == service("a", "Renamed", colour="blue", fees=None)
    assert row.document["name"] == "Renamed" and row.first_seen_at < row.changed_at


def test_nothing_is_changed_where_the_trail_cannot_be_written(
    signed_town: Any, unwritable_trail: Any
) -> None:
    from wholeplace.agreements.standing.records import AuditUnavailableError

    with unwritable_trail(), pytest.raises(AuditUnavailableError):
        bring_in(Feed([service("a")]))
    assert not SourceService.objects.exists() and not FeedImport.objects.exists()


def test_a_confidential_service_is_kept_encrypted(signed_town: Any) -> None:
    raw = at_secret_place(confidential=True)
    bring_in(Feed([raw]))
    row = SourceService.objects.get()
    assert row.received == "" and says(row.document) == []
    assert says(bytes(row.sealed_received).decode("latin-1")) == []
    assert json.loads(open_received(bytes(row.sealed_received), row.id)) == raw
    bring_in(Feed([raw]), hours=1)
    assert SourceService.objects.get().changed_at == NOW


def test_an_address_that_is_secret_in_one_feed_is_withheld_in_the_other(signed_town: Any) -> None:
    open_feed = Feed([at_secret_place("k", name="Knitting circle")])
    bring_in(open_feed, VOLUNTARY)
    assert says(SourceService.objects.get().document)
    bring_in(Feed([at_secret_place(confidential=True)]), COUNCIL, hours=1)
    rows = list(SourceService.objects.all())
    assert [says([row.document, row.received]) for row in rows] == [[], []]
    # And from then on, though its own feed still says it.
    bring_in(open_feed, VOLUNTARY, hours=2)
    assert [says([row.document, row.received]) for row in SourceService.objects.all()] == [[], []]


def test_a_pair_is_asked_about_once(stocked: Any) -> None:
    pairs = DuplicatePair.objects.count()
    assert pairs == 4
    assert find_doubles("system", NOW) == 0 and DuplicatePair.objects.count() == pairs
