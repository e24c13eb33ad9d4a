"""What is sealed stays sealed in the record of who looked."""

import re
from typing import Any

import pytest

from wholeplace.web.audit import views
from wholeplace.web.audit.finding import Wanted, find_entries
from wholeplace.web.chain.trail import record, subject_pseudonym

pytestmark = pytest.mark.django_db

# Priya Nair is the officer of council-children.
OWN, OTHER = "council-children", "police"
TAG = "A sealed record was asked for"


def look_at_sealed(person: str, *sealed_by: str, page: str = "page-sealed") -> str:
    """Write the entry of a look that a seal refused, beside one person who was seen."""
    pseudonym = subject_pseudonym(person)
    record(
        "sight",
        actor="1",
        organisation="nhs-community",
        role="practitioner",
        page=page,
        purpose="direct-support",
        subjects=[
            {
                "subject": pseudonym,
                "seen": {},
                "refused": {"charity": {"identity.name": {"items": 1, "blocks": ["sealed"]}}},
            },
            {
                "subject": subject_pseudonym("open-person"),
                "seen": {"police": {"identity.name": {"detail": {"items": 1, "clauses": []}}}},
                "refused": {},
            },
        ],
        alerts=[{"kind": "sealed", "subject": pseudonym, "partners": list(sealed_by)}],
    )
    return pseudonym


def test_the_sealing_organisations_officer_sees_the_alert(sign_in: Any) -> None:
    look_at_sealed("hers", OWN, OTHER)
    html = sign_in("priya-nair").get("/audit/").content.decode()
    assert TAG in html
    assert "about 2 people" in html
    assert "Not shown:" not in html, "what the charity holds is not for the council to learn here"
    assert "page-sealed" in sign_in("priya-nair").get("/audit/person/hers/").content.decode()


def test_to_any_other_officer_it_reads_as_a_look_that_met_nobody(sign_in: Any) -> None:
    look_at_sealed("theirs", OTHER)
    html = sign_in("priya-nair").get("/audit/").content.decode()
    assert "page-sealed" in html
    assert TAG not in html
    assert "about 2 people" not in html
    assert "Not shown:" not in html
    assert "Lark Valley Police, in detail: Name" in html


def test_their_own_page_reads_as_that_of_somebody_nobody_looked_at(sign_in: Any) -> None:
    look_at_sealed("theirs", OTHER)
    client = sign_in("priya-nair")
    sealed = client.get("/audit/person/theirs/").content.decode()
    unheard = client.get("/audit/person/nobody/").content.decode()
    for html in (sealed, unheard):
        assert "There is no entry" in html
    pages = [re.sub(r'value="\w{64}"|theirs|nobody', "X", html) for html in (sealed, unheard)]
    assert pages[0] == pages[1]


def test_a_block_without_an_alert_is_hidden_from_everybody(sign_in: Any) -> None:
    record(
        "sight", actor="1", organisation="police", page="page-old", alerts=[],
        subjects=[{"subject": "s", "refused": {"charity": {"identity.name": {"items": 1, "blocks": ["sealed"]}}}}],
    )  # fmt: skip
    assert "Not shown:" not in sign_in("priya-nair").get("/audit/").content.decode()


def test_a_seal_set_later_hides_what_was_looked_at_before(
    sign_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    record(
        "sight", actor="1", page="page-before", subjects=[{"subject": subject_pseudonym("later")}]
    )
    client = sign_in("priya-nair")
    assert "page-before" in client.get("/audit/person/later/").content.decode()
    monkeypatch.setattr(views, "is_sealed_from", lambda person_id, user: person_id == "later")
    assert "page-before" not in client.get("/audit/person/later/").content.decode()


def test_a_person_sealed_in_the_snapshot_is_hidden_from_others(
    signed_town: Any, sign_in: Any
) -> None:
    """The town's own sealed woman: her sealing partner's officer finds her, no other does."""
    from wholeplace.people import read_subjects
    from wholeplace.web.accounts.models import User
    from wholeplace.web.audit.seals import is_sealed_from

    rows = signed_town.snapshot_reader.rows(
        "SELECT DISTINCT person_id FROM subject_flags WHERE flag = 'sealed' AND value <> 'no'"
    )
    assert rows
    for row in rows:
        subject = read_subjects(signed_town.snapshot_reader, [row["person_id"]])[row["person_id"]]
        sealer = User(organisation=subject.sealing_partners[0], pk=1)
        assert not is_sealed_from(row["person_id"], sealer)
        assert is_sealed_from(row["person_id"], User(organisation="nobody-at-all", pk=2))


def test_counts_do_not_tell_of_a_seal() -> None:
    pseudonym = look_at_sealed("counted", OTHER)
    for viewer, count in ((OWN, 0), (OTHER, 1), ("", 1)):
        wanted = Wanted(subject=pseudonym, viewer=viewer)
        assert find_entries(wanted, "Europe/London").count() == count
