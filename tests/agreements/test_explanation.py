import datetime as dt

import pytest
from hypothesis import given

from wholeplace.agreements import (
    Flag,
    Request,
    Viewer,
    explain,
    open_duty_reason,
    sharing_matrix,
)
from wholeplace.foundation.errors import NotFoundError, WholeplaceError

from .worlds import (
    ANA,
    FIELDS,
    NOON,
    PARTNERS,
    SIGNED_AT,
    TERMS,
    TODAY,
    World,
    agreement,
    clause,
    person,
    request,
    requests,
    rules_of,
    signed,
    suspended,
    worlds,
)


@given(worlds(), requests())
def test_every_decision_can_be_said_in_words(world: World, asked: Request) -> None:
    rules = world.rules()
    for source in PARTNERS:
        for field in FIELDS:
            if asked.is_sealed:
                with pytest.raises(NotFoundError):
                    explain(rules, asked, source, field)
                continue
            found = explain(rules, asked, source, field)
            assert all(each.endswith((".", "”.")) and "{" not in each for each in found.sentences)
            assert found.ask or found.decision.level == 3


def sentences(*clauses: object, asked: Request | None = None, **changes: object) -> str:
    rules = rules_of(agreement("family", *clauses, **changes))  # type: ignore[arg-type]
    return " ".join(
        explain(rules, asked or request(subject=person()), "police", "crime.offence").sentences
    )


def test_the_clause_that_decides_is_named() -> None:
    assert sentences(clause()) == (
        "You may see “Offence recorded” from Larkbridge Police in summary. "
        "This is by clause c1 of “The family agreement”."
    )


def test_near_misses_are_said() -> None:
    assert "With the role of coordinator you would have “summary”" in sentences(
        clause(roles=("coordinator",))
    )
    assert "For safeguarding you would have “summary”" in sentences(clause(purpose="safeguarding"))
    assert "With the person's consent you would have “summary”" in sentences(
        clause(consent="required")
    )
    assert "With a live reason about this person you would have “summary”" in sentences(
        clause(), asked=request(subject=person(), has_reason=False)
    )
    ended = sentences(clause(), ends_on=TODAY - dt.timedelta(days=1))
    assert "would give “summary”, but is not in force. It ended on 14 June 2026." in ended
    none = sentences(clause(recipient="clinic"))
    assert none.endswith("No agreement gives your organisation this.")


def test_a_suspension_is_said_with_whom_to_ask() -> None:
    from wholeplace.agreements import compile_rules

    records = signed(agreement())
    records.suspend(suspended("family", "clinic", SIGNED_AT))
    rules = compile_rules([agreement()], records, TODAY, TERMS)
    found = explain(rules, request(subject=person()), "police", "crime.offence")
    assert "The Clinic has suspended it." in found.sentences[-1]
    assert found.ask == "Ask the agreement's contact: governance@council.example."


def test_what_holds_whatever_the_clauses_say_is_said() -> None:
    restricted = request(subject=person(Flag("restricted", "yes")))
    assert "only that they are known may be shown" in sentences(clause(), asked=restricted)
    objects = request(subject=person(Flag("objection", "yes")))
    assert "objected to whole-family support" in sentences(clause(), asked=objects)


def test_a_duty_reason_is_limited_and_reviewed() -> None:
    reason = open_duty_reason(
        "r", ANA, "  A call about\n a child alone ", ["p1"], "safeguarding", NOON
    )
    assert reason.text == "A call about a child alone"
    assert reason.needs_review
    assert reason.is_live(NOON)
    assert reason.expires_at is not None
    assert not reason.is_live(reason.expires_at)
    assert reason.is_for(ANA, "safeguarding")
    assert not reason.is_for(ANA, "service-planning")
    assert not reason.is_for(Viewer("ben", "council", "practitioner"), "safeguarding")
    for text, people in (
        ("checking", ["p1"]),
        (" " * 50, ["p1"]),
        ("A call about a child alone", []),
    ):
        with pytest.raises(WholeplaceError):
            open_duty_reason("r", ANA, text, people, "safeguarding", NOON)


@given(worlds())
def test_the_matrix_says_the_most_that_the_index_holds(world: World) -> None:
    rules = world.rules()
    cells = sharing_matrix(rules)
    best: dict[tuple[str, str, str], int] = {}
    for (recipient, _, _, source, field), found in rules.index.items():
        key = (source, recipient, field.split(".")[0])
        best[key] = max(best.get(key, 0), *(each.level for each in found))
    assert {key: cell.level for key, cell in cells.items()} == {k: v for k, v in best.items() if v}
    for purpose in TERMS.purposes:
        for key, cell in sharing_matrix(rules, purpose).items():
            assert cell.level <= cells[key].level
