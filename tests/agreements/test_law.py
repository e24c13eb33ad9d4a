"""Every refusal of the law: what is written, at which line it is refused, in which words."""

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wholeplace.agreements import check_agreement
from wholeplace.agreements.law import Gateway, load_law
from wholeplace.agreements.law.page import law_page
from wholeplace.agreements.texts.terms import Terms, terms_of
from wholeplace.partnership.definitions import Partner
from wholeplace.partnership.texts import parse_yaml
from wholeplace.partnership.vocabulary import load_vocabulary

TEXT = """\
id: family
version: "1.0"
vocabulary: 1
title: Family support
purposes: [whole-family-support, homelessness-prevention, safeguarding, matching]
why: So that a family tells its story once.
dpia: DPIA-1
starts_on: 2026-04-01
ends_on: 2027-03-31
review_on: 2026-11-01
contact: governance@council.example
parties:
  - partner: council
    lawful_basis: 6(1)(e)
    legal_power: Children Act 2004 s10
    gateways: [children-act-2004-s10]
  - partner: jobcentre
    lawful_basis: 6(1)(e)
    legal_power: Digital Economy Act 2017 s35
    gateways: [digital-economy-act-2017-s35]
  - partner: charity
    lawful_basis: 6(1)(f)
    legal_power: its own objects
    gateways: [own-objects]
clauses:
  - id: c1
    source: jobcentre
    recipient: council
    roles: [practitioner]
    purpose: whole-family-support
    fields: [work]
    level: summary
    needs_factors: 2
    retention_days: 365
"""
DEA = "legal_power: Digital Economy Act 2017 s35\n    gateways: [digital-economy-act-2017-s35]"
CHARITY = "legal_power: its own objects\n    gateways: [own-objects]"
REFER = "legal_power: Housing Act 1996 s213B\n    gateways: [housing-act-1996-s213b]"
CLAUSE = (
    "purpose: whole-family-support\n    fields: [work]\n    level: summary\n    needs_factors: 2"
)


def partner(name: str, kind: str) -> Partner:
    return Partner.model_validate(
        {
            "id": name,
            "name": name.title(),
            "kind": kind,
            "controller": name,
            "registration": "Z1",
            "roles": ["practitioner"],
            "signatory": "Chief",
            "contact": "x@example.test",
        }
    )


KINDS = {"council": "council", "jobcentre": "jobcentre", "charity": "charity", "clinic": "nhs"}
TERMS = terms_of(load_vocabulary(), [partner(*each) for each in KINDS.items()])


def faults(text: str, terms: Terms = TERMS) -> list[str]:
    marked, unreadable = parse_yaml(text, "agreements/family.yaml")
    assert not unreadable
    assert marked is not None
    return [str(fault) for fault in check_agreement(marked, terms)]


def test_an_agreement_whose_parties_can_use_their_powers_has_no_faults() -> None:
    assert faults(TEXT) == []


REFUSALS = [
    ("no gateway", f"\n    {DEA}", "\n    legal_power: Digital Economy Act 2017 s35", 17, "jobcentre is a public body and names no legal gateway"),
    ("unknown gateway", "[digital-economy-act-2017-s35]", "[digital-economy-act-2017-s53]", 20, "no legal gateway “digital-economy-act-2017-s53”"),
    ("other words", "power: Digital Economy Act 2017 s35", "power: Crime and Disorder Act 1998", 20, "legal_power does not name the Digital Economy Act 2017"),
    ("wrong kind of body", CHARITY, f"{DEA}\n    acting_for: clinic", 24, "charity is not a body that may rely on Digital Economy Act 2017"),
    ("purpose outside", CLAUSE, CLAUSE.replace("whole-family-support", "safeguarding"), 30, "jobcentre cannot share it for safeguarding: that is outside Digital Economy Act 2017"),
    ("recipient outside", "recipient: council", "recipient: charity", 28, "does not let it be shared with charity"),
    ("no factors asked for", "    needs_factors: 2\n", "", 26, "reaches only households with 2 or more of the thirteen factors"),
    ("too few factors", "needs_factors: 2", "needs_factors: 1", 33, "write `needs_factors: 2`"),
    ("more factors than there are", "needs_factors: 2", "needs_factors: 14", 33, "`needs_factors` is out of range"),
    ("not yet in force", "2026-04-01\nends_on: 2027", "2017-04-01\nends_on: 2027", 20, "is not in force while this agreement runs: it is in force from 2018-07-19"),
    ("never commenced", "legal_power: Children Act 2004 s10\n    gateways: [children-act-2004-s10]", "legal_power: Children Act 2004 s16LA\n    gateways: [children-act-2004-s16la]", 16, "it is not known to be in force"),
    ("basis does not fit", "6(1)(e)\n    legal_power: Dig", "6(1)(c)\n    legal_power: Dig", 18, "6(1)(c) does not fit Digital Economy Act 2017"),
    ("public body's interests", "6(1)(e)\n    legal_power: Chi", "6(1)(f)\n    legal_power: Chi", 14, "council is a public body, so 6(1)(f) does not fit its tasks"),
    ("acts for nobody here", CHARITY, f"{CHARITY}\n    acting_for: clinic", 25, "charity acts for clinic, which is not a party"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [each[1:] for each in REFUSALS],
    ids=[each[0] for each in REFUSALS],
)
def test_each_refusal_stands_at_its_line_and_says_how_to_mend_it(
    old: str, new: str, line: int, words: str
) -> None:
    assert TEXT.count(old) == 1
    found = [each for each in faults(TEXT.replace(old, new)) if words in each]
    assert found, faults(TEXT.replace(old, new))
    assert [int(each.split(":")[1]) for each in found] == [line], found
    assert "to mend it" in found[0]


def test_a_duty_that_needs_consent_is_refused_without_it() -> None:
    text = TEXT.replace(DEA, REFER).replace(
        CLAUSE, CLAUSE.replace("whole-family-support", "homelessness-prevention")
    )
    text = text.replace(
        "[children-act-2004-s10]", "[children-act-2004-s10, housing-act-1996-s213b]"
    )
    text = text.replace(
        "power: Children Act 2004 s10", "power: Children Act 2004 s10; Housing Act 1996"
    )
    (found,) = faults(text)
    assert "may be used only with the person's consent" in found
    assert faults(text.replace("level: summary", "level: summary\n    consent: required")) == []


def test_who_provides_a_service_has_the_power_of_whom_it_acts_for() -> None:
    acting = TEXT.replace(CHARITY, f"{DEA}\n    acting_for: council").replace("6(1)(f)", "6(1)(e)")
    acting = acting.replace("source: jobcentre", "source: charity")
    assert faults(acting) == []
    refused = faults(acting.replace("    acting_for: council\n", ""))
    mend = "name the body that it provides a service to as `acting_for`"
    assert any(mend in each for each in refused), refused


def test_finding_who_is_meant_needs_no_factors() -> None:
    text = TEXT.replace(CLAUSE, CLAUSE.replace("whole-family-support", "matching"))
    assert faults(text.replace("    needs_factors: 2\n", "")) == []


def test_a_power_that_somebody_must_arrange_needs_them_as_a_party() -> None:
    # The same text in a place where the council is a charity: nobody can make the arrangement.
    found = faults(TEXT, replace(TERMS, kinds={**TERMS.kinds, "council": "other"}))
    assert any("needs an arrangement or request of a body that is no party" in f for f in found)


def test_a_recipient_without_a_power_to_use_it_is_refused() -> None:
    text = TEXT.replace(
        "legal_power: Children Act 2004 s10\n    gateways: [children-act-2004-s10]",
        "legal_power: Children Act 2004 s16H\n    gateways: [children-act-2004-s16h]",
    )
    (found,) = faults(text)
    assert "council cannot use it for whole-family support" in found


def test_ones_own_use_needs_no_power_to_share() -> None:
    assert faults(TEXT.replace("recipient: council", "recipient: jobcentre")) == []


def test_recognised_interests_are_for_private_bodies_from_their_day() -> None:
    private = TEXT.replace("6(1)(f)", "6(1)(ea)")
    assert faults(private) == []
    (early,) = faults(private.replace("starts_on: 2026-04-01", "starts_on: 2026-02-04"))
    assert "6(1)(ea) is in force from 2026-02-05" in early
    public = TEXT.replace("6(1)(e)\n    legal_power: Chi", "6(1)(ea)\n    legal_power: Chi")
    assert any("public body" in each for each in faults(public))


def test_what_was_not_checked_refuses_nothing() -> None:
    """Whatever its words say, an unverified power gives no fault of its own."""
    unverified = [each for each in load_law().gateways.values() if not each.is_verified]
    assert unverified
    for each in unverified:
        text = TEXT.replace("power: Digital Economy Act 2017 s35", f"power: {each.statute}")
        text = text.replace("[digital-economy-act-2017-s35]", f"[{each.id}]")
        assert faults(text) == []


def test_every_gateway_is_dated_sourced_and_in_words_of_this_system() -> None:
    law, words = load_law(), load_vocabulary()
    known = set(Partner.model_fields["kind"].annotation.__args__)  # type: ignore[union-attr]
    assert law.public_kinds <= known
    for each in law.gateways.values():
        assert set(each.may_disclose or ()) | set(each.may_receive or ()) <= known
        assert set(each.arranged_by) <= known
        assert set(each.identifying) <= set(each.purposes) <= set(words.purposes)
        assert each.source.strip() and each.says.strip()
        assert each.checked_on <= law.reviewed_on
        assert each.confidence != "unverified" or each.in_force_from is None


@given(
    st.sampled_from(sorted(load_law().gateways)),
    st.dates(dt.date(1990, 1, 1), dt.date(2040, 1, 1)),
    st.integers(0, 4000),
    st.integers(0, 400),
)
def test_a_shorter_agreement_is_never_less_in_force(
    name: str, first: dt.date, days: int, later: int
) -> None:
    gateway: Gateway = load_law().gateways[name]
    last = first + dt.timedelta(days)
    inside = min(first + dt.timedelta(later), last)
    if gateway.is_in_force(first, last):
        assert gateway.is_in_force(inside, last)
        assert gateway.is_in_force(first, inside)


def test_the_reference_page_is_what_the_data_says() -> None:
    page = Path(__file__).parents[2] / "docs" / "reference" / "legal-gateways.md"
    assert page.read_text("utf-8") == law_page(load_law())
