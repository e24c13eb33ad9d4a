"""Assessments: a sound one has no faults; each fault stands at its line; sign-off is held whole."""

import datetime as dt

import pytest

from wholeplace.agreements.law.dpia import (
    Dpia,
    check_dpia,
    dpia_faults,
    dpia_state,
    residual_of,
    risk_rating,
)
from wholeplace.partnership.texts import parse_yaml
from wholeplace.partnership.wording import read_definition

from .worlds import agreement

TEXT = """\
ref: DPIA-1
version: "1.0"
title: Family support
controller: Council
need: Vulnerable people.
describe:
  nature: Workers look.
  scope: Families.
  context: They seldom choose it.
  purposes: One plan.
consultation: Parents were asked.
necessity: Less would not do.
risks:
  - id: curiosity
    risk: A worker looks at a neighbour
    likelihood: possible
    severity: severe
    overall: high
measures:
  - risk: curiosity
    measure: Each look has a reason and is recorded
    effect: reduced
    residual: medium
    approved: true
sign_off:
  measures_approved_by: {name: Ann, position: Lead, on: 2026-02-01}
  residual_risk_approved_by: {name: Bob, position: Director, on: 2026-02-02}
  advice_by: {name: Cat, position: Data protection officer, on: 2026-01-30}
  advice: Proceed.
  advice_taken: accepted
  consultation_reviewed_by: {name: Dan, position: Engagement, on: 2026-01-20}
  kept_under_review_by: The group
review_on: 2027-02-01
"""
AGREED = agreement("family").model_copy(update={"dpia": "DPIA-1"})
TODAY = dt.date(2026, 6, 1)


def read(text: str) -> Dpia:
    marked, unreadable = parse_yaml(text, "dpias/DPIA-1.yaml")
    assert not unreadable
    assert marked is not None
    dpia, faults = read_definition(Dpia, marked)
    assert dpia is not None, faults
    return dpia


def faults(text: str) -> list[str]:
    marked, unreadable = parse_yaml(text, "dpias/DPIA-1.yaml")
    assert not unreadable
    assert marked is not None
    return [str(each) for each in check_dpia(marked)]


def test_a_sound_assessment_has_no_faults_and_lets_an_agreement_be_signed() -> None:
    assert faults(TEXT) == []
    assert dpia_faults(AGREED, {"DPIA-1": read(TEXT)}, TODAY) == ()
    assert dpia_state(read(TEXT), TODAY) == "signed-off"


FAULTS = [
    ("ref: DPIA-1", "ref: DPIA-2", 1, "the ref is not the file's name"),
    ("need: Vulnerable people.", "need: ' '", 5, "`need` is blank"),
    ("nature: Workers look.", "natur: Workers look.", 7, "`natur` is not a key"),
    ("overall: high", "overall: medium", 18, "possible and severe is high at least"),
    ("likelihood: possible", "likelihood: often", 16, "`likelihood`"),
    ("- risk: curiosity\n", "- risk: envy\n", 20, "there is no risk “envy”"),
    ("- risk: curiosity\n", "- risk: envy\n", 14, "the high risk “curiosity” has no measure"),
    ("effect: reduced", "effect: accepted", 23, "a risk that is accepted stays what it was"),
    ("review_on: 2027-02-01", "review_on: 2026-02-01", 33, "the review is not after this was signed"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "line", "words"), FAULTS, ids=[each[3] for each in FAULTS])
def test_each_fault_is_named_at_its_line(old: str, new: str, line: int, words: str) -> None:
    assert TEXT.count(old) == 1
    found = [each for each in faults(TEXT.replace(old, new)) if words in each]
    assert found, faults(TEXT.replace(old, new))
    assert [int(each.split(":")[1]) for each in found] == [line], found


NOT_SIGNED_OFF = [
    ("  measures_approved_by: {name: Ann, position: Lead, on: 2026-02-01}\n", "", "nobody has approved the measures"),
    ("  residual_risk_approved_by: {name: Bob, position: Director, on: 2026-02-02}\n", "", "nobody has approved the risk that is left"),
    ("  advice_by: {name: Cat, position: Data protection officer, on: 2026-01-30}\n", "", "officer has not advised"),
    ("  advice: Proceed.\n", "", "advice is not summed up"),
    ("  advice_taken: accepted\n", "", "whether the advice was taken"),
    ("advice_taken: accepted", "advice_taken: overruled", "overruled and no reason is given"),
    ("  consultation_reviewed_by: {name: Dan, position: Engagement, on: 2026-01-20}\n", "", "nobody has reviewed what people said"),
    ("  kept_under_review_by: The group\n", "", "nobody keeps it under review"),
    ("    approved: true\n", "", "a measure against the risk “curiosity” is not approved"),
    ("residual: medium", "residual: high", "consult the Information Commissioner"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "words"), NOT_SIGNED_OFF, ids=[each[2] for each in NOT_SIGNED_OFF]
)
def test_what_keeps_an_agreement_from_being_signed(old: str, new: str, words: str) -> None:
    assert TEXT.count(old) == 1
    changed = TEXT.replace(old, new)
    assert faults(changed) == [], "a draft is no fault of the file"
    dpia = read(changed)
    assert any(words in each for each in dpia_faults(AGREED, {"DPIA-1": dpia}))
    assert dpia_state(dpia, TODAY) != "signed-off"


def test_the_commissioners_answer_lets_a_high_risk_go_ahead() -> None:
    high = TEXT.replace("residual: medium", "residual: high")
    assert dpia_state(read(high), TODAY) == "consult"
    answered = high.replace("  advice: P", "  commissioner_consulted_on: 2026-03-01\n  advice: P")
    assert dpia_faults(AGREED, {"DPIA-1": read(answered)}) == ()


def test_an_assessment_that_is_not_there_or_overdue() -> None:
    (missing,) = dpia_faults(AGREED, {})
    assert "write dpias/DPIA-1.yaml" in missing
    late = dt.date(2027, 2, 2)
    (overdue,) = dpia_faults(AGREED, {"DPIA-1": read(TEXT)}, late)
    assert "was to be reviewed by 1 February 2027" in overdue
    assert dpia_state(read(TEXT), late) == "overdue"


def test_a_measure_that_nobody_approved_lowers_nothing() -> None:
    dpia = read(TEXT.replace("    approved: true\n", ""))
    assert residual_of(dpia, dpia.risks[0]) == "high"


def test_more_likely_or_more_severe_is_never_rated_lower() -> None:
    order = {"low": 0, "medium": 1, "high": 2}
    likely, severe = ("remote", "possible", "probable"), ("minimal", "significant", "severe")
    for one in range(3):
        for two in range(3):
            here = order[risk_rating(likely[one], severe[two])]
            assert here <= order[risk_rating(likely[min(one + 1, 2)], severe[two])]
            assert here <= order[risk_rating(likely[one], severe[min(two + 1, 2)])]
