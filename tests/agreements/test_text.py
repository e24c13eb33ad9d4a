"""The text is the agreement: everything that decides can be read in it."""

from hypothesis import given

from wholeplace.agreements import Agreement, agreement_hash, agreement_text

from .worlds import TERMS, agreement, agreements, clause


@given(agreements("a0"))
def test_everything_that_decides_can_be_read(found: Agreement) -> None:
    text = agreement_text(found, TERMS)
    assert text == agreement_text(found.model_copy(deep=True), TERMS)
    assert text.endswith(f"Signed as: {agreement_hash(found)}\n")
    for each in found.clauses:
        (part,) = [p for p in text.split("\n\n") if f"[clause {each.id}]" in p]
        low = part.lower()
        assert TERMS.partners[each.source] in part
        for role in each.roles:
            assert TERMS.roles[role].lower() in low
        assert TERMS.purposes[each.purpose].lower() in low
        for name in each.fields:
            for field in TERMS.expand(name):
                assert TERMS.fields[field].label.lower() in low
        assert f"{each.retention_days} days" in part


def test_a_clause_in_plain_words() -> None:
    text = agreement_text(
        agreement(
            "family",
            clause(
                roles=("practitioner", "coordinator"),
                fields=("identity", "crime.offence"),
                consent="required",
            ),
        ),
        TERMS,
    )
    assert (
        "1. Practitioners and coordinators at Larkbridge Council may see in summary, for "
        "whole-family support, what Larkbridge Police holds on:\n"
        "   who they are (date of birth and name); offence recorded.\n"
        "   Only while the person has agreed to this purpose. Kept here for up to 365 days. "
        "It must not be passed on. [clause c1]"
    ) in text


def test_levels_read_differently() -> None:
    texts = {
        level: agreement_text(agreement("family", clause(level=level)), TERMS)
        for level in ("existence", "summary", "detail")
    }
    assert "that Larkbridge Police knows the person, and nothing more" in texts["existence"]
    assert "may see in summary" in texts["summary"]
    assert "may see in full" in texts["detail"]
