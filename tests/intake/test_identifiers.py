"""Identifiers: laws first, then spec tables, then python-stdnum as the oracle."""

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum.gb import nhs, upn

from wholeplace.foundation.store import Store
from wholeplace.intake.identifier_sql import IDENTIFIER_SQL, bare_sql
from wholeplace.intake.identifiers import (
    NORMALISE,
    normalise_nhs_number,
    normalise_uln,
    normalise_upn,
)

LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"
TEXTS = st.one_of(
    st.from_regex(r"[0-9]{10}", fullmatch=True),
    st.from_regex(r"[0-9]{3} [0-9]{3} [0-9]{4}", fullmatch=True),
    st.from_regex(r"[A-Z]{2}[0-9]{6}[A-E]", fullmatch=True),
    st.from_regex(r"[A-Z][0-9]{11}[0-9A-Z]", fullmatch=True),
    st.from_regex(r"[A-Z]{1,2}[0-9][0-9A-Z]? ?[0-9][A-Z]{2}", fullmatch=True),
    st.from_regex(r"0{0,8}[0-9]{1,8}", fullmatch=True),
    st.text("0123456789ABab -é", max_size=14),
)


@settings(max_examples=15, deadline=None, database=None)
@given(st.lists(TEXTS, min_size=20, max_size=60))
def test_the_sql_and_the_functions_agree(texts: list[str]) -> None:
    trimmed = [text.strip() for text in texts]
    with Store(threads=1) as store:
        store.register(
            "given", pa.table({"n": range(len(texts)), "t": pa.array(trimmed, pa.string())})
        )
        source = (
            f"(SELECT n, {bare_sql('t')} AS b, try_cast({bare_sql('t')} AS BIGINT) AS d FROM given)"
        )
        for name, normalise in NORMALISE.items():
            rows = store.rows(
                f"SELECT {IDENTIFIER_SQL[name]('b', 'd')} AS v FROM {source} ORDER BY n"
            )
            assert [row["v"] for row in rows] == [normalise(text) for text in trimmed], name


@settings(max_examples=300, database=None)
@given(st.from_regex(r"[0-9]{9}", fullmatch=True))
def test_nhs_numbers_agree_with_stdnum_but_for_equal_digits(nine: str) -> None:
    for last in "0123456789":
        text = nine + last
        expected = text if nhs.is_valid(text) and len(set(text)) > 1 else None
        assert normalise_nhs_number(text) == expected


@settings(max_examples=100, database=None)
@given(
    st.sampled_from(["801", "202", "938"]),
    st.from_regex(r"[0-9]{8}", fullmatch=True),
    st.sampled_from("5AZ"),
)
def test_pupil_numbers_agree_with_stdnum(authority: str, middle: str, last: str) -> None:
    for letter in LETTERS:
        text = letter + authority + middle + last
        assert (normalise_upn(text) is not None) == upn.is_valid(text)


@settings(max_examples=300, database=None)
@given(st.from_regex(r"[1-9][0-9]{9}", fullmatch=True))
def test_no_learner_number_is_an_nhs_number(text: str) -> None:
    assert normalise_uln(text) is None or normalise_nhs_number(text) is None


@pytest.mark.parametrize("digit", "0123456789")
def test_ten_equal_digits_are_never_an_nhs_number(digit: str) -> None:
    assert normalise_nhs_number(digit * 10) is None


@pytest.mark.parametrize(
    ("name", "text", "kept"),
    [
        ("nhs-number", "943 476 5919", "9434765919"),
        ("nhs-number", "9434765918", None),
        ("nino", "ab 12 34 56 c", "AB123456C"),
        ("nino", "QQ123456C", None),
        ("nino", "BG123456A", None),
        ("nino", "TN123456A", None),
        ("nino", "AO123456A", None),
        ("nino", "AB123456E", None),
        ("upn", "B801200005001", "B801200005001"),
        ("upn", "A801200005001", None),
        ("uprn", "000012345", 12345),
        ("uprn", "100012345678", 100012345678),
        ("uprn", "0", None),
        ("uprn", "1234567890123", None),
        ("postcode", "lb14qt", "LB1 4QT"),
        ("postcode", "SW1A 1AA", "SW1A 1AA"),
        ("postcode", "EC1Y8SY", "EC1Y 8SY"),
        ("postcode", "ZZ99 3VZ", "ZZ99 3VZ"),
        ("postcode", "LB1 4CT", None),
        ("postcode", "LB1", None),
    ],
)
def test_each_identifier_is_kept_in_one_form(name: str, text: str, kept: str | int | None) -> None:
    assert NORMALISE[name](text) == kept
