"""What a reviewer is told of a comparison never says more than agreements let them see."""

from hypothesis import given
from hypothesis import strategies as st

from wholeplace.agreements import Level
from wholeplace.linkage import read_model
from wholeplace.linkage.review.charts import Bar, draw_bars, draw_columns, draw_waterfall
from wholeplace.linkage.review.fields import EVERY_FIELD, compared_fields
from wholeplace.linkage.review.telling import levelled_fields, tell_comparisons

MODEL = read_model()
COMPARED = {each.name: compared_fields(MODEL, each) for each in MODEL.comparisons}
OUTCOMES = st.lists(
    st.tuples(
        st.sampled_from(sorted(COMPARED)),
        st.sampled_from(["same", "one digit differs", "different"]),
        st.floats(-20, 20, allow_nan=False),
    ),
    unique_by=lambda each: each[0],
)
LEVELS = st.fixed_dictionaries({field: st.sampled_from(list(Level)) for field in EVERY_FIELD})


def test_every_comparison_of_the_model_is_known_to_be_of_fields() -> None:
    assert COMPARED["birth_date"] == ("identity.birth-date",)
    assert set(COMPARED["home"]) == {"identity.name", "contact.address", "contact.phone"}
    assert COMPARED["given_name"] == COMPARED["middle_names"] == ("identity.name",)
    assert COMPARED["source"] == ()
    assert {field for fields in COMPARED.values() for field in fields} == set(EVERY_FIELD)


def test_a_column_that_nobody_knows_is_taken_for_every_field() -> None:
    comparison = MODEL.comparisons[3]
    level = comparison.levels[0].model_copy(update={"when": "shoe_size_l = shoe_size_r"})
    odd = comparison.model_copy(update={"levels": (level, *comparison.levels[1:])})
    assert compared_fields(MODEL, odd) == EVERY_FIELD


@given(OUTCOMES, LEVELS)
def test_bits_are_told_at_detail_alone_and_nothing_at_nothing(outcomes, levels):
    told = {each.label: each for each in tell_comparisons(outcomes, MODEL, levels.__getitem__)}
    assert len(told) == len(outcomes)
    for name, words, bits in outcomes:
        label = next(each.label for each in MODEL.comparisons if each.name == name)
        lowest = min((levels[field] for field in COMPARED[name]), default=Level.DETAIL)
        found = told[label]
        assert found.level == lowest
        assert found.bits == (bits if lowest == Level.DETAIL else None)
        if lowest == Level.NOTHING:
            assert found.words == found.direction == ""
        if lowest == Level.EXISTENCE:
            assert words not in found.words


@given(OUTCOMES, LEVELS)
def test_a_field_that_an_outcome_tells_of_is_shown_of_neither_record_beyond_the_other(
    outcomes, levels
):
    levelled = levelled_fields(outcomes, MODEL, levels.__getitem__)
    told = tell_comparisons(outcomes, MODEL, levels.__getitem__)
    for each in told:
        if each.words and each.level < Level.DETAIL:
            name = next(one.name for one in MODEL.comparisons if one.label == each.label)
            below = {field for field in COMPARED[name] if levels[field] < Level.DETAIL}
            assert below <= levelled
    assert all(levels[field] < Level.DETAIL for field in levelled)


@given(OUTCOMES, LEVELS)
def test_the_order_of_what_is_not_told_in_full_tells_no_strength(outcomes, levels):
    told = [
        each.label
        for each in tell_comparisons(outcomes, MODEL, levels.__getitem__)
        if each.bits is None
    ]
    doubled = [(name, words, -3 * bits) for name, words, bits in outcomes]
    again = [
        each.label
        for each in tell_comparisons(doubled, MODEL, levels.__getitem__)
        if each.bits is None
    ]
    assert told == again


def test_charts_escape_what_they_are_given_and_can_be_read_without_colour() -> None:
    bars = [Bar("<b>same</b>", 3.0), Bar("other", -2.0)]
    for svg in (
        draw_bars(bars, title="A & B", name="one"),
        draw_waterfall(-9.2, bars, title="A & B", name="two"),
        draw_columns([("0 to 5", (0.4, 0.6))], ("linked", "not"), title="A & B", name="three"),
    ):
        assert "<b>" not in svg and "A &amp; B" in svg
        assert "style=" not in svg and "<script" not in svg
    assert "-hatch)" in draw_bars(bars, title="", name="one")
    assert "-8.2" in draw_waterfall(-9.2, bars, title="", name="two")
