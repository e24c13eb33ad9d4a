"""Plain words find help; near, for an age, with a slip of the pen."""

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wholeplace.directory import (
    Capacity,
    Catalogue,
    Wish,
    choose_services,
    offer_catalogue,
    services_for,
)
from wholeplace.directory.catalogue import Joined, KeptService, build_catalogue
from wholeplace.directory.duplicates import find_pairs
from wholeplace.directory.feeds import (
    open_feed,
    prepare_harvest,
    read_directory_definition,
    walk_feed,
)
from wholeplace.directory.finding import Origins, distance_km, read_topics
from wholeplace.directory.publishing import (
    answer_list,
    answer_one,
    validate_answer,
    validate_catalogue,
    write_package,
)
from wholeplace.directory.supply import count_supply
from wholeplace.foundation.errors import UnsafeActionError
from wholeplace.larkbridge.definitions import place_source
from wholeplace.larkbridge.listings import date_listings
from wholeplace.partnership.definitions import AreaSet

TODAY = dt.date(2026, 11, 25)
NOW = dt.datetime(2026, 11, 25, 12, tzinfo=dt.UTC)


class Ground:
    """Two areas side by side, and three postcodes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        west = [
            [[-2.062, 53.041], [-2.0, 53.041], [-2.0, 53.09], [-2.062, 53.09], [-2.062, 53.041]]
        ]
        east = [[[-2.0, 53.041], [-1.93, 53.041], [-1.93, 53.09], [-2.0, 53.09], [-2.0, 53.041]]]
        features = [
            {"type": "Feature", "properties": {"code": code, "name": name}, "geometry": {"type": "Polygon", "coordinates": shape}}
            for code, name, shape in (("W", "West Ward", west), ("E", "East Ward", east))
        ]  # fmt: skip
        (folder / "w.geojson").write_text(json.dumps({"features": features}))
        (folder / "w.csv").write_text(
            "postcode,code,latitude,longitude\nLB9 9WW,W,,\nLB9 9EE,E,53.0605,-1.9680\n"
        )
        self.area_sets = {"wards": AreaSet(id="wards", title="Wards", kind="ward", valid_from=dt.date(2020, 1, 1), source="Test", boundaries="w.geojson", lookup="w.csv")}  # fmt: skip

    def area_file(self, name: str) -> Path:
        return self.folder / name


@pytest.fixture(scope="module")
def origins(tmp_path_factory: pytest.TempPathFactory) -> Origins:
    ground = Ground(tmp_path_factory.mktemp("ground"))
    return Origins(ground, ground.area_sets.values())


def kept_of(folder: Path) -> tuple[Any, list[KeptService]]:
    definition, kept = read_directory_definition(folder), list[KeptService]()
    for feed in definition.feeds:
        harvest = walk_feed(open_feed(folder, feed))
        kept += [
            KeptService(each.id, feed.id, each.document, bool(each.why_confidential), NOW)
            for each in prepare_harvest(feed.id, harvest, feed.confidential)
        ]
    return definition, kept


@pytest.fixture(scope="module")
def larkbridge(origins: Origins) -> Catalogue:
    definition, kept = kept_of(place_source())
    return build_catalogue(kept, [], {}, definition, origins)


def named(catalogue: Catalogue, text: str) -> list[str]:
    return [each.listing.name for each in catalogue.index.find(text)]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("skint", "Debt advice"),
        ("I'm SKINT", "Benefits check-up"),
        ("bailifs at the door", "Debt and money advice"),
        ("kicked out", "Homelessness prevention"),
        ("depresed", "Talking therapies Lark Valley"),
        ("scared of my husband", "Independent domestic abuse advocates"),
        ("nappies", "Baby bank"),
        ("drinking too much", "Recovery café"),
        ("recovery cafe", "Recovery café"),
        ("my child wont go to school", "School attendance support"),
        ("englsh clases", "English classes for newcomers"),
        ("Eastgate", "Eastgate Family Hub"),
    ],
)
def test_peoples_own_words_find_help(larkbridge: Catalogue, typed: str, expected: str) -> None:
    assert expected in named(larkbridge, typed)[:8]


def test_nothing_typed_lists_everything_and_nonsense_nothing(larkbridge: Catalogue) -> None:
    assert len(named(larkbridge, "  the of  ")) == len(larkbridge.listings)
    assert named(larkbridge, "xyzzy qqqq") == []


@given(st.text(max_size=60))
def test_whatever_is_typed_is_answered(text: str) -> None:
    found = CATALOGUE.index.find(text)
    assert len({each.listing.id for each in found}) == len(found)
    assert all(0 < each.answered <= 1 for each in found)


CATALOGUE = build_catalogue(
    *(lambda definition, kept: (kept, [], {}, definition))(*kept_of(place_source())),  # type: ignore[arg-type]
    None,  # type: ignore[arg-type]
)


def test_no_search_finds_a_refuge_by_its_address(larkbridge: Catalogue) -> None:
    refuges = {each.name for each in larkbridge.listings if each.is_confidential}
    assert len(refuges) == 2
    for typed in ("27 Quiet Mews", "Quiet Mews", "Dunlin Road", "LB5 7QM"):
        assert not refuges & set(named(larkbridge, typed))


@pytest.mark.parametrize(("text", "lat", "lon"), [("lb99ee", 53.0605, -1.968), ("LB9 9WW", 53.0655, -2.031), ("east", 53.0655, -1.965), ("West ward", 53.0655, -2.031)])  # fmt: skip
def test_postcodes_and_areas_are_points(
    origins: Origins, text: str, lat: float, lon: float
) -> None:
    found = origins.find(text)
    assert found is not None
    assert distance_km(found.latitude, found.longitude, lat, lon) <= max(0.2, found.within_km)


def test_an_unknown_place_is_no_point(origins: Origins) -> None:
    assert origins.find("M1 1AA") is None and origins.find("") is None


def test_the_nearest_stands_first_and_what_has_no_place_last(
    larkbridge: Catalogue, origins: Origins
) -> None:
    found = choose_services(larkbridge.listings, Wish(origin=origins.find("LB9 9EE")), TODAY)
    away = [each.distance_km for each in found]
    known = [each for each in away if each is not None]
    assert known == sorted(known) and len(known) > 20
    assert away[: len(known)] == known


def test_distance_of_two_known_points() -> None:
    # One degree of latitude on a sphere of the Earth's mean radius.
    assert distance_km(53, -2, 54, -2) == pytest.approx(111.195, abs=0.01)


def test_age_keeps_out_what_is_not_for_it(larkbridge: Catalogue) -> None:
    young = {
        each.listing.name for each in choose_services(larkbridge.listings, Wish(age=12), TODAY)
    }
    old = {each.listing.name for each in choose_services(larkbridge.listings, Wish(age=70), TODAY)}
    assert "The Loft: youth club" in young - old
    assert "Befriending for older people" in old - young
    assert "Friday kitchen" in young & old


def test_capacity_counts_only_while_it_is_fresh() -> None:
    said = Capacity("open", "", TODAY - dt.timedelta(days=28))
    assert said.can_take(TODAY) is True
    assert said.can_take(TODAY + dt.timedelta(days=1)) is None
    assert Capacity("waiting", "", TODAY).can_take(TODAY) is False


def test_services_for_a_need_an_area_and_an_age(larkbridge: Catalogue) -> None:
    offer_catalogue(lambda: larkbridge)
    found = services_for("secure-housing", "East Ward", 17, TODAY)
    assert [each.listing.name for each in found][:1] and all(
        "housing" in each.listing.topics for each in found
    )
    assert "Night shelter" not in {each.listing.name for each in found}
    assert services_for("no-such-need") == []
    assert len(services_for()) == len(larkbridge.listings)


def test_every_headline_of_the_framework_leads_to_services(larkbridge: Catalogue) -> None:
    offer_catalogue(lambda: larkbridge)
    needs = {need for topic in read_topics() for need in topic.needs}
    assert len(needs) == 10
    assert all(services_for(each) for each in needs)


def test_planted_doubles_are_found_and_neighbours_are_not(larkbridge: Catalogue) -> None:
    names = {each.id: each.name for each in larkbridge.singles}
    found = {
        frozenset((names[each.first], names[each.second]))
        for each in find_pairs(larkbridge.singles)
    }
    assert found == {
        frozenset({"Eastgate Family Hub"}),
        frozenset({"Food Bank (Market Sq.)", "Food bank at Market Square"}),
        frozenset({"Lark Valley Haven refuge", "Women’s Refuge – Lark Valley Haven"}),
        frozenset({"Drug and alcohol treatment", "Tide House drug & alcohol service"}),
    }


def test_joined_services_are_one_listing_with_both_sources(origins: Origins) -> None:
    definition, kept = kept_of(place_source())
    singles = build_catalogue(kept, [], {}, definition, origins).singles
    pairs = find_pairs(singles)
    joined = [Joined(each.first, each.second, each.second) for each in pairs]
    said = {pairs[0].first: Capacity("open", "", TODAY)}
    catalogue = build_catalogue(kept, joined, said, definition, origins)
    assert len(catalogue.listings) == len(kept) - len(pairs)
    for each in pairs:
        found = catalogue.get(each.first)
        assert found is catalogue.get(each.second) and found is not None
        assert found.id == each.second and {s.feed for s in found.sources} == {
            "council",
            "voluntary",
        }
    first = catalogue.get(pairs[0].first)
    assert first is not None and first.capacity == said[pairs[0].first]


def test_a_listing_is_secret_where_one_of_its_feeds_says_so(origins: Origins) -> None:
    definition, kept = kept_of(place_source())
    secret = next(each for each in kept if each.is_confidential)
    other = next(each for each in kept if not each.is_confidential and each.feed != secret.feed)
    catalogue = build_catalogue(
        kept, [Joined(*sorted((secret.id, other.id)), other.id)], {}, definition, origins
    )  # type: ignore[arg-type]
    shown = catalogue.get(other.id)
    assert shown is not None and shown.is_confidential and shown.document == secret.document


def test_all_that_is_published_conforms(larkbridge: Catalogue) -> None:
    assert validate_catalogue(larkbridge) == []
    place = answer_list(larkbridge, "service_at_locations", {})["contents"][0]
    assert validate_answer("/service_at_locations/{id}", place) == []
    assert validate_answer("/services", {"contents": [{"id": "no"}]}) != []


def test_our_own_publication_comes_back_as_it_went(larkbridge: Catalogue, tmp_path: Path) -> None:
    """The round trip: what we publish, imported as a feed and published again, is the same."""
    (tmp_path / "directory").mkdir()
    rows = [answer_one(larkbridge, "services", each.id) for each in larkbridge.listings]
    (tmp_path / "directory" / "own.json").write_text(json.dumps({"contents": rows}))
    (tmp_path / "directory" / "feeds.yaml").write_text(
        "feeds: [{id: own, title: Own, file: own.json}]"
    )
    definition, kept = kept_of(tmp_path)
    again = build_catalogue(kept, [], {}, definition, larkbridge.origins)
    assert validate_catalogue(again) == []
    assert published(again) == published(larkbridge)
    assert {each.name: each.topics for each in again.listings} == {
        each.name: each.topics for each in larkbridge.listings
    }


def published(catalogue: Catalogue) -> list[str]:
    """Every service as it is published, without ids, in an order that hangs on no id."""
    rows = (plain(answer_one(catalogue, "services", each.id)) for each in catalogue.listings)
    return sorted(json.dumps(row, sort_keys=True) for row in rows)


def plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: plain(v) for k, v in value.items() if k != "id" and not k.endswith("_id")}
    return [plain(each) for each in value] if isinstance(value, list) else value


def test_a_package_is_whole_and_never_mixed_with_an_older_one(
    larkbridge: Catalogue, tmp_path: Path
) -> None:
    assert write_package(larkbridge, tmp_path / "out") == len(larkbridge.listings)
    text = "".join(each.read_text("utf-8") for each in (tmp_path / "out").rglob("*.json"))
    assert "Quiet Mews" not in text and "LB5 7QM" not in text
    with pytest.raises(UnsafeActionError):
        write_package(larkbridge, tmp_path / "out")


def test_services_are_counted_where_they_stand(larkbridge: Catalogue, origins: Origins) -> None:
    found = count_supply(larkbridge.listings, frozenset({"food"}), "wards", origins)
    listed = [each for each in larkbridge.listings if "food" in each.topics]
    assert sum(found.by_area.values()) + found.everywhere + found.outside == len(listed)
    assert set(found.by_area) <= {"W", "E"}


def test_feeds_of_an_older_town_are_as_fresh_as_at_first(tmp_path: Path) -> None:
    (tmp_path / "x-feed.json").write_text('{"assured_date": "2026-10-30", "name": "2026-10-30"}')
    date_listings(tmp_path, dt.date(2027, 11, 1))
    assert (
        tmp_path / "x-feed.json"
    ).read_text() == '{"assured_date": "2027-10-30", "name": "2026-10-30"}'
