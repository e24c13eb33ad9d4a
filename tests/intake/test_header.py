"""The header against the contract."""

import pytest
from tests.intake.contracts import HEADER, claims

from wholeplace.intake.header import HeaderRefusedError, match_header

NAMES = HEADER.split(",")


def test_columns_may_stand_in_any_order_with_spaces_around_them() -> None:
    header = match_header(claims(), [f" {name} " for name in reversed(NAMES)], ",")
    assert header.positions == tuple(reversed(range(len(NAMES))))


def test_doubled_columns_matter_only_where_the_contract_reads_them() -> None:
    assert match_header(claims(), [*NAMES, "x", "x", ""], ",").extra == (
        "x",
        "x",
        "(no name, column 18)",
    )
    with pytest.raises(HeaderRefusedError, match="dob stands in the header more than once"):
        match_header(claims(), [*NAMES, "dob"], ",")


@pytest.mark.parametrize("name", ["claim_id", "customer", "forename", "action", "from"])
def test_a_needed_column_is_never_done_without(name: str) -> None:
    with pytest.raises(HeaderRefusedError, match=f"lacks {name}"):
        match_header(claims(), [each for each in NAMES if each != name], ",")


@pytest.mark.parametrize(
    ("mark", "word"), [(";", "semicolons"), ("\t", "tabs"), ("|", "upright bars")]
)
def test_another_delimiter_is_named(mark: str, word: str) -> None:
    with pytest.raises(HeaderRefusedError) as refused:
        match_header(claims(), [mark.join(NAMES)], ",")
    assert f"separated by {word}, and the contract says commas" in refused.value.why


@pytest.mark.parametrize("renamed", ["Fore name", "FORENAME", "forenames"])
def test_a_renamed_column_is_recognised(renamed: str) -> None:
    names = [renamed if name == "forename" else name for name in NAMES]
    with pytest.raises(HeaderRefusedError) as refused:
        match_header(claims(), names, ",")
    assert refused.value.why == f"{renamed} may be forename renamed."
