"""Laws of shaping, ids and plans: whatever a feed sends, what comes out conforms and is stable."""

import json
import uuid
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wholeplace.directory.faults import Faults
from wholeplace.directory.feeds import Known, Received, plan_import, prepare_service
from wholeplace.directory.feeds.shaping import Shaper
from wholeplace.directory.identity import mint_id, read_source_id
from wholeplace.directory.publishing import validate_service
from wholeplace.directory.standard import TABLES, read_table

SAMPLE = Path(__file__).parent / "data" / "service_full.json"
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)  # fmt: skip


def any_service() -> Any:
    """Services whose every field holds anything at all, and often what it should."""

    def rows(table: str, depth: int) -> Any:
        fields = {}
        for name, schema in read_table(table)["properties"].items():
            reference = schema.get("$ref") or (schema.get("items") or {}).get("$ref")
            if reference and depth:
                inner = rows(reference.rpartition("/")[2].removesuffix(".json"), depth - 1)
                fields[name] = inner if "$ref" in schema else st.lists(inner, max_size=2)
            else:
                fields[name] = JSON | st.sampled_from(["2026-02-30", "09:30", "www.example.org", "a@b.c", 5])  # fmt: skip
        return st.fixed_dictionaries({}, optional=fields)

    return rows("service", 1)


@given(any_service(), st.text(min_size=1, max_size=20).filter(str.strip))
def test_whatever_is_sent_conforms_or_is_left_out(raw: dict[str, Any], name: str) -> None:
    raw = {**raw, "id": "x", "name": name}
    prepared = prepare_service("f", Received("x", raw, "v3"))
    assert prepared is not None
    assert validate_service(prepared.document) == []


@given(any_service())
def test_shaping_twice_changes_only_ids(raw: dict[str, Any]) -> None:
    once = Shaper("f", Faults()).shape("service", {**raw, "id": "x", "name": "A"})
    faults = Faults()
    again = Shaper("g", faults).shape("service", once)
    assert without_ids(once) == without_ids(again)
    assert not [each for each in faults.listed() if each.code in ("mended", "filled")]


def without_ids(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: without_ids(v) for k, v in value.items() if k != "id" and not k.endswith("_id")}
    if isinstance(value, list):
        return [without_ids(each) for each in value]
    return value


def test_the_standards_own_example_comes_through_whole() -> None:
    raw = json.loads(SAMPLE.read_text("utf-8"))
    prepared = prepare_service("f", Received(raw["id"], raw, "v3"))
    assert prepared is not None and json.loads(prepared.received) == raw
    lost = {(each.code, each.where) for each in prepared.faults}
    # Its latitude is 100 degrees, which no place on Earth has.
    assert lost == {("dropped", "location.latitude")}
    expected = without_ids(raw)
    del expected["service_at_locations"][0]["location"]["latitude"]
    assert without_ids(prepared.document) == stripped(expected)
    assert validate_service(prepared.document) == []


def stripped(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: stripped(v) for k, v in value.items()}
    if isinstance(value, list):
        return [stripped(each) for each in value]
    return value.strip() if isinstance(value, str) else value


@given(st.text(max_size=9), st.text(max_size=9), st.text(max_size=9), st.text(max_size=9))
def test_ids_are_uuids_and_differ_where_feed_or_id_differs(a: str, b: str, x: str, y: str) -> None:
    one, other = mint_id(a, "service", x), mint_id(b, "service", y)
    assert uuid.UUID(one).version == 5 and one == mint_id(a, "service", x)
    assert (one == other) == ((a, x) == (b, y)) or "\x1f" in a + b + x + y


@pytest.mark.parametrize(
    ("value", "text"),
    [(7, "7"), (7.0, "7"), (" a  b ", "a b"), (True, None), (None, None), ("", None), (7.5, None), ([], None)],
)  # fmt: skip
def test_ids_as_they_come(value: Any, text: str | None) -> None:
    assert read_source_id(value) == text


HASHES = st.dictionaries(st.sampled_from("abcdef"), st.sampled_from("12"), max_size=6)


@given(HASHES, HASHES, st.booleans())
def test_a_second_import_of_the_same_changes_nothing(
    held: dict[str, str], received: dict[str, str], is_whole: bool
) -> None:
    known = {each: Known(content, False) for each, content in held.items()}
    plan = plan_import(known, received, is_whole=is_whole)
    after = known | {each: Known(content, False) for each, content in received.items()}
    after |= {each: Known(known[each].content_hash, True) for each in plan.gone}
    again = plan_import(after, received, is_whole=is_whole)
    assert not (again.new or again.changed or again.back)
    assert set(again.same) == set(received)
    assert set(plan.new) | set(plan.changed) | set(plan.same) | set(plan.back) == set(received)
    assert not set(plan.gone) & set(received)


def test_nothing_is_gone_where_something_could_not_be_read() -> None:
    known = {each: Known("1", False) for each in "abcd"}
    assert plan_import(known, {"a": "1", "b": "1"}, is_whole=False).gone == ()
    assert plan_import(known, {"a": "1", "b": "1"}, is_whole=True).gone == ("c", "d")


def test_a_feed_that_loses_most_of_its_services_is_doubted() -> None:
    plan = plan_import({each: Known("1", False) for each in "abcd"}, {"a": "1"}, is_whole=True)
    assert plan.is_doubtful and plan.gone == ()


def test_every_table_of_the_standard_is_held() -> None:
    assert all(read_table(each)["properties"]["id"]["format"] == "uuid" for each in TABLES)
