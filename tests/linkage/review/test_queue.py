"""The queue: by the value of an answer, and nothing that was decided."""

import json

import pyarrow as pa
import pytest

from wholeplace.foundation.store import Store
from wholeplace.linkage import read_model
from wholeplace.linkage.decisions import DECIDED_APART, DECIDED_TOGETHER
from wholeplace.linkage.review.card import card_charts, card_markdown, make_card
from wholeplace.linkage.review.figures import band_of
from wholeplace.linkage.review.life import (
    MATCH_REVIEW_LIFE,
    Given,
    answer_event,
    review_actors,
    undo_event,
)
from wholeplace.linkage.review.queue import find_doubts, read_pair

RECORDS = {
    # By record: whose it is, and in which dataset under which number.
    "a1": ("ann", "gp", "1"), "a2": ("ann", "homes", "7"), "a3": ("ann", "police", "4"),
    "b1": ("ben", "gp", "2"), "b2": ("ben", "gp", "2"),
    "c1": ("cat", "gp", "3"), "c2": ("cat", "homes", "8"),
    "d1": ("dan", "police", "5"), "e1": ("eve", "police", "6"), "e2": ("eve", "police", "9"),
}  # fmt: skip


def held(*edges):
    """Return a store with people and (left, right, weight, outcome, reason) as edges."""
    store = Store(threads=1)
    people = [
        {"record_id": record, "person_id": person, "dataset": dataset, "partner": f"of-{dataset}", "source_id": number}
        for record, (person, dataset, number) in RECORDS.items()
    ]  # fmt: skip
    rows = [
        {
            "record_id_l": min(left, right), "record_id_r": max(left, right), "weight": float(weight),
            "probability": 1 / (1 + 2.0**-weight), "outcome": outcome, "reason": reason,
            "levels": json.dumps({"sex": {"level": "same", "weight": 1.0}}),
        }
        for left, right, weight, outcome, reason in edges
    ]  # fmt: skip
    schema = pa.schema(
        [("record_id_l", pa.string()), ("record_id_r", pa.string()), ("weight", pa.float64()),
         ("probability", pa.float64()), ("outcome", pa.string()), ("reason", pa.string()),
         ("levels", pa.string())]
    )  # fmt: skip
    for name, table in (
        ("person_records", pa.Table.from_pylist(people)),
        ("link_edges", pa.Table.from_pylist(rows, schema=schema)),
    ):
        store.register(f"given_{name}", table)
        store.run(f"CREATE TABLE {name} AS FROM given_{name}")
    return store


def test_a_join_is_worth_the_pairs_that_it_would_join() -> None:
    with held(
        ("a1", "c1", 2, "possible", None),
        ("a2", "c2", 1, "possible", None),
        ("d1", "e1", 2, "possible", None),
    ) as store:
        found = find_doubts(store)
    assert [each.people for each in found] == [("ann", "cat"), ("dan", "eve")]
    assert (found[0].kind, found[0].sides) == ("join", (3, 2))
    assert found[0].value == pytest.approx(0.8 * 6)
    assert found[0].weight == 2, "asked about by the pair that speaks most strongly"
    assert found[0].datasets == "gp | gp"


def test_a_veto_against_the_evidence_counts_as_even() -> None:
    with held(("a1", "c1", 20, "refused", "twins"), ("b1", "d1", 0.5, "possible", None)) as store:
        found = find_doubts(store)
    assert found[0].value == pytest.approx(0.5 * 6)
    assert found[0].reason == "twins"


def test_a_person_who_hangs_together_by_a_weak_link_is_asked_about() -> None:
    with held(
        ("a1", "a2", 20, "linked", None),
        ("a2", "a3", 1, "linked", None),
        ("a1", "a3", 2, "linked", None),
        ("c1", "c2", 15, "linked", None),
    ) as store:
        (found,) = find_doubts(store)
    assert (found.kind, found.people, sorted(found.sides)) == ("split", ("ann",), [1, 2])
    assert {found.record_l, found.record_r} == {"a1", "a3"}
    assert found.value == pytest.approx(0.2 * 2)


def test_what_people_decided_is_asked_no_more() -> None:
    with held(
        ("a1", "c1", 3, "refused", DECIDED_APART),
        ("a2", "c2", 1, "possible", None),
        ("e1", "e2", 1, "linked", DECIDED_TOGETHER),
    ) as store:
        assert find_doubts(store) == []


def test_one_number_of_one_system_is_for_its_partner_to_say() -> None:
    with held(("b1", "b2", 3, "possible", None)) as store:
        assert find_doubts(store) == []


def test_a_pair_is_read_with_its_evidence_or_without() -> None:
    with held(("a1", "c1", 2, "possible", None)) as store:
        known = read_pair(store, ("gp", "1"), ("gp", "3"))
        bare = read_pair(store, ("gp", "1"), ("police", "5"))
        assert read_pair(store, ("gp", "1"), ("gp", "99")) is None
    assert known is not None and json.loads(known.levels) and known.kind == "join"
    assert bare is not None and bare.levels == "{}" and bare.people == ("ann", "dan")


def test_bands_run_from_sure_to_doubtful() -> None:
    assert band_of(1.0) == "almost certain"
    assert band_of(0.95) == "likely"
    assert band_of(0.1) == "less likely than not"


def take(state, user, answer, given, *, asks=False):
    """Return the state after an answer, or raise."""
    event = answer_event(state, answer, given, asks_second=asks)
    return MATCH_REVIEW_LIFE.take(state, event, review_actors(user, given))


def test_two_reviewers_bind_where_they_agree_and_a_third_settles_where_not() -> None:
    first = [Given("sam", "same")]
    assert take("open", "sam", "same", [], asks=True) == "second"
    assert take("second", "ivy", "same", first) == "same"
    assert take("second", "ivy", "different", first) == "disputed"
    both = [*first, Given("ivy", "different")]
    assert take("disputed", "lee", "different", both) == "different"
    for user in ("sam", "ivy"):
        with pytest.raises(Exception, match="Nothing was changed"):
            take("disputed", user, "same", both)
    with pytest.raises(Exception, match="Nothing was changed"):
        take("second", "sam", "same", first)


def test_an_answer_is_taken_back_by_whoever_gave_it() -> None:
    one = [Given("sam", "same")]
    both = [*one, Given("ivy", "same")]
    settled = [Given("sam", "same"), Given("ivy", "different"), Given("lee", "same")]
    assert undo_event("same", one) == "undo"
    assert undo_event("same", both) == "undo-one"
    assert undo_event("same", settled) == "undo-settling"
    assert "answerer" in review_actors("lee", settled)
    assert review_actors("sam", settled) == frozenset()
    assert MATCH_REVIEW_LIFE.take("same", "undo-one", review_actors("sam", both)) == "second"


def test_the_card_says_what_the_model_says() -> None:
    model = read_model()
    card = make_card(model, is_own=False)
    assert [each.label for each in card.comparisons] == [each.label for each in model.comparisons]
    text = card_markdown(card, card_charts(card), folder="charts")
    for comparison in model.comparisons:
        assert f"### {comparison.label}" in text
        for level in comparison.levels:
            assert level.missing or f"| {level.label}" in text
    assert "has not learnt" in text and "twins" in text
    born = next(each for each in card.comparisons if each.label == "Date of birth")
    same = next(each for each in born.levels if each.words == "same")
    assert same.bits == pytest.approx(14.43, abs=0.01)
