"""One fault at a time, each named at its line; and a sound file has none."""

import pytest

from wholeplace.agreements import agreement_hash, check_agreement, read_agreement
from wholeplace.agreements.texts.terms import terms_of
from wholeplace.foundation.errors import CheckFailedError
from wholeplace.partnership.definitions import Partner
from wholeplace.partnership.texts import parse_yaml
from wholeplace.partnership.vocabulary import load_vocabulary

TEXT = """\
id: family
version: "1.0"
vocabulary: 1
title: Family support
purposes: [whole-family-support]
why: So that a family tells its story once.
dpia: DPIA-1
starts_on: 2026-01-01
ends_on: 2026-12-31
review_on: 2026-11-01
contact: governance@council.example
parties:
  - partner: council
    lawful_basis: 6(1)(e)
    legal_power: Children Act 2004 s10
    special_condition: 9(2)(g)
    schedule_1: paragraph 6
  - partner: police
    lawful_basis: 6(1)(e)
    legal_power: Crime and Disorder Act 1998 s115
    special_condition: 9(2)(g)
    schedule_1: paragraph 6
clauses:
  - id: c1
    source: police
    recipient: council
    roles: [practitioner]
    purpose: whole-family-support
    fields: [identity, crime.offence]
    level: summary
    retention_days: 365
  - id: c2
    source: council
    recipient: all-parties
    roles: [practitioner]
    purpose: whole-family-support
    fields: [contact.address]
    level: detail
    consent: required
    retention_days: 30
"""


def partner(name: str) -> Partner:
    return Partner.model_validate(
        {
            "id": name,
            "name": name.title(),
            "kind": "other",
            "controller": name,
            "registration": "Z1",
            "roles": ["practitioner"],
            "signatory": "Chief",
            "contact": "x@example.test",
        }
    )


TERMS = terms_of(load_vocabulary(), [partner("council"), partner("police")])


def faults(text: str, file: str = "agreements/family.yaml") -> list[str]:
    marked, unreadable = parse_yaml(text, file)
    assert not unreadable
    assert marked is not None
    return [str(fault) for fault in check_agreement(marked, TERMS)]


def test_a_sound_agreement_has_no_faults() -> None:
    assert faults(TEXT) == []


CASES = [
    ("id: family", "id: families", 1, "the id is not the file's name"),
    ("title: Family support", "title: ' '", 4, "`title` is blank"),
    ("purposes: [whole-family-support]", "purposes: [whole-family-suport]", 5, "no purpose “whole-family-suport”"),
    ("ends_on: 2026-12-31", "ends_on: 2025-12-31", 9, "ends before it starts"),
    ("review_on: 2026-11-01", "review_on: 2027-11-01", 10, "the review is not while it runs"),
    ("review_on: 2026-11-01", "review_on: tomorrow", 10, "`review_on` is not a day"),
    ("partner: council", "partner: counsel", 13, "there is no partner “counsel”"),
    ("partner: council", "partner: police", 18, "police is a party twice"),
    ("lawful_basis: 6(1)(e)\n    legal_power: Ch", "lawful_basis: 6(e)\n    legal_power: Ch", 14, "not a lawful basis"),
    ("legal_power: Children Act 2004 s10", "legal_power: ''", 15, "`legal_power` is blank"),
    ("special_condition: 9(2)(g)\n    schedule_1: paragraph 6\n  - p", "special_condition: 9g\n    schedule_1: paragraph 6\n  - p", 16, "not a condition for special category data"),
    ("    schedule_1: paragraph 6\n  - partner: police", "  - partner: police", 13, "needs a condition of Schedule 1"),
    ("    special_condition: 9(2)(g)\n    schedule_1: paragraph 6\n  - partner: police", "  - partner: police", 27, "crime.offence is special category or criminal offence data"),
    ("id: c2", "id: c1", 32, "clause id “c1” is used twice"),
    ("id: c2", "id: Clause 2", 32, "not a clause id"),
    ("source: council", "source: clinic", 33, "the source clinic is not a party"),
    ("recipient: council", "recipient: clinic", 26, "the recipient clinic is not a party"),
    ("roles: [practitioner]\n    purpose: whole-family-support\n    fields: [i", "roles: []\n    purpose: whole-family-support\n    fields: [i", 27, "no role is named"),
    ("roles: [practitioner]\n    purpose: whole-family-support\n    fields: [i", "roles: [practitoner]\n    purpose: whole-family-support\n    fields: [i", 27, "no role “practitoner”"),
    ("purpose: whole-family-support\n    fields: [i", "purpose: safeguarding\n    fields: [i", 28, "safeguarding is not a purpose of this agreement"),
    ("fields: [identity, crime.offence]", "fields: [identity, crime.ofence]", 29, "no field or field group “crime.ofence”"),
    ("fields: [contact.address]", "fields: []", 37, "no field is named"),
    ("level: summary", "level: nothing", 30, "gives no sight"),
    ("level: summary", "level: everything", 30, "`level`"),
    ("consent: required", "consent: maybe", 39, "`consent` has a value that is not on its list"),
    ("retention_days: 365", "retention_days: 0", 31, "`retention_days` is out of range"),
    ("lawful_basis: 6(1)(e)\n    legal_power: Crime", "lawful_basis: 6(1)(a)\n    legal_power: Crime", 24, "relies on consent, but the clause does not require it"),
    ("version: \"1.0\"\n", "", 1, "`version` is missing"),
    ("dpia: DPIA-1", "dpai: DPIA-1", 7, "`dpai` is not a key that stands here"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "line", "words"), CASES, ids=[c[3] for c in CASES])
def test_each_fault_is_named_at_its_line(old: str, new: str, line: int, words: str) -> None:
    assert TEXT.count(old) >= 1
    found = faults(TEXT.replace(old, new, 1))
    assert any(words in each for each in found), found
    lines = [int(each.split(":")[1]) for each in found if words in each]
    assert line in lines, found


def test_all_faults_are_named_at_once() -> None:
    text = TEXT.replace("id: c2", "id: c1").replace("source: council", "source: clinic")
    text = text.replace("ends_on: 2026-12-31", "ends_on: 2025-12-31")
    assert len(faults(text)) >= 3


def test_reading_gives_the_agreement_or_every_fault_of_shape() -> None:
    marked, _ = parse_yaml(TEXT, "agreements/family.yaml")
    assert marked is not None
    agreement = read_agreement(marked.data, marked.file)
    assert [each.level.name for each in agreement.clauses] == ["SUMMARY", "DETAIL"]
    with pytest.raises(CheckFailedError, match=r"agreements/family\.yaml"):
        read_agreement({"id": "family"}, "agreements/family.yaml")


def test_layout_and_comments_do_not_change_the_hash_and_any_word_does() -> None:
    def hash_of(text: str) -> str:
        marked, _ = parse_yaml(text, "agreements/family.yaml")
        assert marked is not None
        return agreement_hash(read_agreement(marked.data, marked.file))

    same = "# reviewed in May\n" + TEXT.replace("[practitioner]", "\n      - practitioner")
    assert hash_of(same) == hash_of(TEXT)
    changes = [
        ("365", "366"),
        ("level: summary", "level: detail"),
        ("consent: required", "consent: unless-refused"),
        ("2026-12-31", "2026-12-30"),
        ("crime.offence", "crime.antisocial-behaviour"),
        ("once.", "once"),
        ("s115", "s17"),
    ]
    hashes = {hash_of(TEXT.replace(old, new, 1)) for old, new in changes}
    assert len(hashes | {hash_of(TEXT)}) == len(changes) + 1
