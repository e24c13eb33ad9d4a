"""Flags stated on screen: recorded, working from the next request on, never lost, told to whom they may."""

import datetime as dt
import json
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from wholeplace.agreements import Viewer
from wholeplace.foundation.errors import UnsafeActionError
from wholeplace.people import read_subjects
from wholeplace.web.accounts.models import User
from wholeplace.web.chain.models import Entry
from wholeplace.web.gateway.flags import stated_flags, statements_about
from wholeplace.web.gateway.models import Caseload, FlagAnchor, FlagStatement
from wholeplace.web.gateway.reasons import open_reason
from wholeplace.web.gateway.statements import FlagChangedError, Saying, state_flag

pytestmark = pytest.mark.django_db(transaction=True)

SUPPORT = "whole-family-support"
WHY = "A duty call that a test makes about them"
TODAY = dt.datetime.now(dt.UTC).date()
MENTAL_HEALTH = "Referred for mental health support"
LONG_WHY = "Their former partner works at the council"


@pytest.fixture
def leanne(signed_town: Any) -> str:
    """The id of Leanne Harlow, of whom Amira's own organisation and seven more hold records."""
    rows = signed_town.snapshot_reader.rows(
        "SELECT person_id FROM person_identity WHERE field = 'identity.name' "
        "AND value LIKE '%Leanne%Harlow%' GROUP BY 1 ORDER BY count(*) DESC LIMIT 1"
    )
    return str(rows[0]["person_id"])


def viewer_for(persona: str) -> Viewer:
    user = User.objects.get(persona=persona)
    return Viewer(str(user.pk), user.organisation, user.roles[0])


def look(client: Any, persona: str, person_id: str) -> str:
    """Return the person's page as a persona with a live reason sees it now."""
    client.force_login(
        User.objects.get(persona=persona), "django.contrib.auth.backends.ModelBackend"
    )
    open_reason(viewer_for(persona), person_id, SUPPORT, WHY, dt.datetime.now(dt.UTC))
    page = client.get(f"/people/{person_id}/?for={SUPPORT}")
    return page.content.decode() if page.status_code == 200 else ""


def consent_given(**more: Any) -> dict[str, Any]:
    day = TODAY + dt.timedelta(days=100)
    said = TODAY
    return {
        "purpose": SUPPORT, "answer": "yes", "how": "in-person", "consenter": "self",
        "words": "They may know that I was referred for my nerves.",
        "said_on_day": said.day, "said_on_month": said.month, "said_on_year": said.year,
        "review_on_day": day.day, "review_on_month": day.month, "review_on_year": day.year,
    } | more  # fmt: skip


def dates(name: str, days: int = 60) -> dict[str, int]:
    day = TODAY + dt.timedelta(days=days)
    return {f"{name}_day": day.day, f"{name}_month": day.month, f"{name}_year": day.year}


def record_consent(client: Any, about: str, /, **more: Any) -> Any:
    address = f"/flags/person/{about}/consent/?for={SUPPORT}"
    page = client.get(address)
    seen = page.context["form"]["seen"].value()
    return client.post(address, consent_given(**{"seen": seen, **more}))


def line(client: Any, persona: str, person_id: str) -> bool:
    """Whether the timeline on the page shows the referral for mental health."""
    html = look(client, persona, person_id)
    assert html
    return f'moj-timeline__title">{MENTAL_HEALTH}' in html


def test_withdrawing_closes_the_line_at_the_next_page_and_agreeing_opens_it(
    sign_in: Any, client: Any, leanne: str
) -> None:
    assert line(client, "amira-khan", leanne), "her extract says that she agrees"
    assert record_consent(client, leanne).status_code == 302
    assert line(client, "amira-khan", leanne)
    (made,) = FlagStatement.objects.all()
    answer = client.post(
        f"/flags/person/{leanne}/{made.ref}/?for={SUPPORT}", {"choice": "withdraw", "how": "phone"}
    )
    assert answer.status_code == 302
    assert not line(client, "amira-khan", leanne)
    assert record_consent(client, leanne).status_code == 302
    assert line(client, "amira-khan", leanne)
    assert [each.act for each in FlagStatement.objects.all()] == ["set", "withdrawn", "set"]


def test_anyone_who_works_with_them_may_withdraw_what_another_partner_recorded(
    sign_in: Any, client: Any, leanne: str
) -> None:
    look(client, "joan-obi", leanne)
    assert record_consent(client, leanne).status_code == 302
    (made,) = FlagStatement.objects.all()
    assert made.organisation == "nhs-community"
    look(client, "amira-khan", leanne)
    answer = client.post(
        f"/flags/person/{leanne}/{made.ref}/?for={SUPPORT}", {"choice": "withdraw", "how": "phone"}
    )
    assert answer.status_code == 302
    assert not line(client, "amira-khan", leanne)


def test_an_objection_stops_the_purpose_for_everybody_at_once(
    sign_in: Any, client: Any, leanne: str
) -> None:
    look(client, "amira-khan", leanne)
    address = f"/flags/person/{leanne}/objection/?for={SUPPORT}"
    given = {"purpose": SUPPORT, "how": "phone", "words": "Leave me alone", **dates("said_on", 0)}
    assert client.post(address, given).status_code == 302
    assert look(client, "amira-khan", leanne) == ""
    assert look(client, "helen-marsh", leanne) == ""


def test_a_restriction_cuts_every_page_to_existence(sign_in: Any, client: Any, leanne: str) -> None:
    priya = sign_in("priya-nair")
    given = {"why": LONG_WHY, **dates("review_on")}
    assert priya.post(f"/flags/person/{leanne}/restriction/", given).status_code == 302
    html = look(client, "amira-khan", leanne)
    assert "This person’s record is restricted" in html
    assert "Leanne" not in html.split("<main")[1].split('id="refused"')[0]


def test_a_statement_is_anchored_to_the_records_of_whoever_made_it(
    sign_in: Any, client: Any, signed_town: Any, leanne: str
) -> None:
    look(client, "joan-obi", leanne)
    record_consent(client, leanne)
    chosen = set(FlagAnchor.objects.filter(is_chosen=True).values_list("dataset", "source_id"))
    every = set(FlagAnchor.objects.values_list("dataset", "source_id"))
    rows = signed_town.snapshot_reader.rows(
        "SELECT DISTINCT dataset, source_id, partner FROM person_records WHERE person_id = $p",
        {"p": leanne},
    )
    assert chosen == {(r["dataset"], r["source_id"]) for r in rows if r["partner"] == "nhs-community"}  # fmt: skip
    assert every == {(row["dataset"], row["source_id"]) for row in rows}
    assert {each.person_id for each in FlagAnchor.objects.all()} == {leanne}


def test_a_partner_without_a_record_anchors_to_every_partners(leanne: str) -> None:
    stranger = Viewer("9", "nobody-at-all", "data-protection-officer")
    state_flag(stranger, leanne, Saying("restricted", "yes", "set"), dt.datetime.now(dt.UTC))
    assert not FlagAnchor.objects.filter(is_chosen=False).exists()


def test_the_second_editor_is_told_what_changed_and_records_nothing(
    sign_in: Any, client: Any, leanne: str
) -> None:
    look(client, "amira-khan", leanne)
    address = f"/flags/person/{leanne}/consent/?for={SUPPORT}"
    seen = client.get(address).context["form"]["seen"].value()
    state_flag(
        viewer_for("joan-obi"), leanne, Saying("consent", "no", "set", SUPPORT, words="No"),
        dt.datetime.now(dt.UTC),
    )  # fmt: skip
    page = client.post(address, consent_given(seen=seen))
    html = page.content.decode()
    assert page.status_code == 409
    assert "Somebody else recorded something since you opened this page" in html
    assert "Consent to whole-family support: Refused" in html
    assert FlagStatement.objects.count() == 1
    again = client.post(address, consent_given(seen=page.context["form"]["seen"].value()))
    assert again.status_code == 302
    assert FlagStatement.objects.count() == 2


def test_two_who_state_at_once_never_both_replace_the_same(leanne: str) -> None:
    at, amira = dt.datetime.now(dt.UTC), viewer_for("amira-khan")
    first = state_flag(amira, leanne, Saying("consent", "yes", "set", SUPPORT), at)
    state_flag(amira, leanne, Saying("consent", "no", "set", SUPPORT), at, replaces=[first.ref])
    with pytest.raises(FlagChangedError):
        state_flag(
            amira, leanne, Saying("consent", "yes", "set", SUPPORT), at, replaces=[first.ref]
        )


def test_a_statement_can_neither_be_changed_nor_quietly_replaced(leanne: str) -> None:
    at, amira = dt.datetime.now(dt.UTC), viewer_for("amira-khan")
    made = state_flag(amira, leanne, Saying("consent", "no", "set", SUPPORT), at)
    for table in (FlagStatement, FlagAnchor):
        with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
            table.objects.update(person_id="somebody-else")
    made.value = "yes"
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        made.save()
    assert stated_flags([leanne])[leanne][0].value == "no"


def test_what_the_trail_holds_of_a_statement_tells_neither_flag_nor_words(
    sign_in: Any, client: Any, leanne: str
) -> None:
    look(client, "amira-khan", leanne)
    record_consent(client, leanne)
    (event,) = [each.event for each in Entry.objects.all() if each.event["kind"] == "flag.stated"]
    made = FlagStatement.objects.get()
    assert event["statement"] == made.ref
    written = json.dumps([each.event for each in Entry.objects.all()])
    assert "nerves" not in written and "consent to" not in written and leanne not in written
    assert set(event) == {"kind", "at", "actor", "organisation", "role", "statement", "subjects"}


def test_nothing_is_stated_where_the_trail_cannot_be_written(
    sign_in: Any, client: Any, leanne: str, unwritable_trail: Any
) -> None:
    look(client, "amira-khan", leanne)
    with unwritable_trail():
        page = client.post(f"/flags/person/{leanne}/consent/?for={SUPPORT}", consent_given())
    assert page.status_code == 503
    assert not FlagStatement.objects.exists()


def test_a_mistake_is_corrected_by_a_further_statement(
    sign_in: Any, client: Any, leanne: str
) -> None:
    look(client, "amira-khan", leanne)
    record_consent(client, leanne, answer="no")
    assert not line(client, "amira-khan", leanne)
    (made,) = FlagStatement.objects.all()
    given = {"choice": "correct", "why": "Recorded on the wrong person's page"}
    address = f"/flags/person/{leanne}/{made.ref}/?for={SUPPORT}"
    assert client.post(address, given).status_code == 302
    assert line(client, "amira-khan", leanne)
    acts = [(each.made.act, each.is_standing) for each in statements_about(leanne)]
    assert acts == [("set", False), ("corrected", False)]
    page = client.get(f"/flags/person/{leanne}/?for={SUPPORT}").content.decode()
    assert "Corrected an entry that was a mistake" in page


def test_a_correction_never_drops_what_another_partner_recorded(
    sign_in: Any, client: Any, leanne: str
) -> None:
    """Two statements stand after a merge; taking ours back leaves theirs."""
    at = dt.datetime.now(dt.UTC)
    look(client, "amira-khan", leanne)
    record_consent(client, leanne)
    ours = FlagStatement.objects.get()
    theirs = FlagStatement.objects.create(
        ref="theirs", flag="consent", purpose=SUPPORT, value="no", act="set", person_id=leanne,
        organisation="nhs-community", stated_by="1", stated_at=at,
    )  # fmt: skip
    anchor = FlagAnchor.objects.first()
    FlagAnchor.objects.create(
        statement=theirs.ref, person_id=leanne, dataset=anchor.dataset,
        source_id=anchor.source_id, is_chosen=True,
    )  # fmt: skip
    given = {"choice": "correct", "why": "Recorded on the wrong person's page"}
    client.post(f"/flags/person/{leanne}/{ours.ref}/?for={SUPPORT}", given)
    assert stated_flags([leanne])[leanne][0].value == "no"


@pytest.mark.parametrize("persona", ["dean-walsh", "amira-khan", "helen-marsh"])
def test_nobody_but_an_officer_or_a_guardian_restricts_or_seals(
    sign_in: Any, client: Any, leanne: str, persona: str
) -> None:
    look(client, persona, leanne)
    for page in ("restriction", "seal"):
        given = {"why": LONG_WHY, "guardians": ["1"], **dates("review_on")}
        answer = client.post(f"/flags/person/{leanne}/{page}/?for={SUPPORT}", given)
        assert "data protection officer does this" in answer.content.decode()
    assert not FlagStatement.objects.exists()


def test_what_another_partner_set_is_not_lifted(sign_in: Any, leanne: str) -> None:
    officer = Viewer("9", "police", "data-protection-officer")
    made = state_flag(
        officer, leanne, Saying("restricted", "yes", "set", why=LONG_WHY), dt.datetime.now(dt.UTC)
    )
    priya = sign_in("priya-nair")
    given = {"choice": "lift", "why": "It is time to lift it now"}
    page = priya.post(f"/flags/person/{leanne}/{made.ref}/", given)
    assert "not yours to change" in page.content.decode()
    assert LONG_WHY not in page.content.decode()
    assert stated_flags([leanne])[leanne][0].value == "yes"


def test_fields_that_are_not_asked_for_change_nothing(
    sign_in: Any, client: Any, leanne: str
) -> None:
    """Mass assignment: every column of the tables, sent beside the form."""
    look(client, "amira-khan", leanne)
    forced = {
        "organisation": "police", "stated_by": "1", "act": "lifted", "person_id": "other",
        "flag": "sealed", "value": "no", "ref": "forced", "holds_until": "2099-01-01",
        "guardians": "1", "replaces": "x", "role": "x", "stated_at": "2001-01-01",
    }  # fmt: skip
    record_consent(client, leanne, **forced)
    made = FlagStatement.objects.get()
    assert (made.organisation, made.flag, made.value, made.act) == (
        "council-children", "consent", "yes", "set",
    )  # fmt: skip
    assert made.person_id == leanne and made.guardians == [] and made.ref != "forced"
    assert made.stated_by == viewer_for("amira-khan").user_id
    assert made.holds_until == made.review_on


def test_without_a_reason_nobody_sees_or_states_a_flag(
    sign_in: Any, signed_town: Any, leanne: str
) -> None:
    client = sign_in("marcus-bell")
    signed_town.refresh_caseloads()
    Caseload.objects.all().delete()
    for page in ("", "consent/", "objection/", "restriction/", "seal/"):
        answer = client.get(f"/flags/person/{leanne}/{page}")
        assert answer.status_code == 302 and "/reason/" in answer["Location"]
    client.post(f"/flags/person/{leanne}/consent/", consent_given())
    assert not FlagStatement.objects.exists()


def test_an_officer_finds_own_people_by_own_reference_alone(
    sign_in: Any, signed_town: Any, leanne: str
) -> None:
    client = sign_in("priya-nair")
    rows = signed_town.snapshot_reader.rows(
        "SELECT DISTINCT dataset, source_id, partner FROM person_records WHERE person_id = $p",
        {"p": leanne},
    )
    for row in rows:
        given = {"dataset": row["dataset"], "reference": row["source_id"]}
        page = client.post("/flags/", given)
        if row["partner"] == "council-children":
            assert page["Location"] == f"/flags/person/{leanne}/"
        else:
            assert page.status_code == 422
    page = client.get(f"/flags/person/{leanne}/").content.decode()
    assert "Leanne" not in page and "does not show who they are" in page
    missed = client.post("/flags/", {"dataset": "early-help", "reference": "nobody"})
    assert "There is no record of yours under that reference" in missed.content.decode()


def test_a_receipt_says_what_was_agreed_and_how_to_withdraw(
    sign_in: Any, client: Any, leanne: str
) -> None:
    look(client, "amira-khan", leanne)
    record_consent(client, leanne)
    made = FlagStatement.objects.get()
    html = client.get(f"/flags/person/{leanne}/{made.ref}/receipt/?for={SUPPORT}").content.decode()
    assert "They may know that I was referred for my nerves." in html
    assert "You can withdraw at any time" in html and MENTAL_HEALTH in html
    refused = client.get(f"/flags/person/{leanne}/no-such-ref/receipt/?for={SUPPORT}")
    assert refused.status_code == 404


def test_what_is_due_is_listed_for_the_officer_of_the_partner_that_set_it(
    sign_in: Any, leanne: str
) -> None:
    client = sign_in("priya-nair")
    client.post(f"/flags/person/{leanne}/restriction/", {"why": LONG_WHY, **dates("review_on", 10)})
    assert "Due for review" in client.get("/flags/").content.decode()
    made = FlagStatement.objects.get()
    kept = {"choice": "keep", "why": "Nothing has changed for them", **dates("review_on", 200)}
    assert client.post(f"/flags/person/{leanne}/{made.ref}/", kept).status_code == 302
    assert "Nothing to look at" in client.get("/flags/").content.decode()
    assert stated_flags([leanne])[leanne][0].value == "yes"


def test_a_check_of_the_opt_out_changes_no_flag(
    sign_in: Any, signed_town: Any, leanne: str
) -> None:
    before = read_subjects(signed_town.snapshot_reader, [leanne])[leanne]
    client = sign_in("priya-nair")
    given = {"result": "differs", **dates("said_on", 0)}
    assert client.post(f"/flags/person/{leanne}/opt-out-check/", given).status_code == 302
    assert read_subjects(signed_town.snapshot_reader, [leanne])[leanne].flags == before.flags
    assert "it differs" in client.get(f"/flags/person/{leanne}/").content.decode()


@pytest.mark.parametrize(
    ("field", "typed", "error"),
    [
        ("words", "", "Write exactly what they agreed to or refused"),
        ("answer", "", "Choose whether they agree"),
        ("how", "", "Choose how you asked"),
        ("consenter", "parent", "Enter the name of whoever said so for the child"),
        ("said_on_year", 2099, "The day must be today or in the past"),
        ("review_on_year", 2001, "The day must be in the future"),
        ("review_on_year", 2099, "Ask again within 365 days"),
        ("purpose", "no-such-purpose", "Choose what it is about"),
    ],
)
def test_what_is_missing_is_said(
    sign_in: Any, client: Any, leanne: str, field: str, typed: Any, error: str
) -> None:
    look(client, "amira-khan", leanne)
    page = record_consent(client, leanne, **{field: typed})
    assert page.status_code == 422
    assert error in page.content.decode()
    assert not FlagStatement.objects.exists()


def test_lifting_a_seal_takes_a_second_person(signed_town: Any, leanne: str) -> None:
    from wholeplace.web.flags import ending
    from wholeplace.web.flags.access import Opened

    at, place = dt.datetime.now(dt.UTC), signed_town
    one, other = viewer_for("priya-nair"), Viewer("77", "council-children", "data-protection-officer")  # fmt: skip
    made = state_flag(one, leanne, Saying("sealed", "yes", "set", guardians=("5",)), at)

    def opened_by(viewer: Viewer) -> Opened:
        subject = read_subjects(place.snapshot_reader, [leanne])[leanne]
        rules = place.rules(place.today)
        return Opened(viewer, rules, at, subject, "", frozenset({viewer.organisation}), "")

    ending._state(opened_by(one), made, "ask-lift", {"why": "She moved away last month"})
    asked = FlagStatement.objects.last()
    assert stated_flags([leanne])[leanne][0].value == "yes"
    assert opened_by(one).subject.guardians == {"5"}
    with pytest.raises(UnsafeActionError):
        ending._state(opened_by(one), asked, "lift", {"why": "She moved away last month"})
    ending._state(opened_by(other), asked, "lift", {"why": "She told me so herself"})
    assert stated_flags([leanne])[leanne][0].value == "no"


def test_what_was_erased_is_gone_at_the_next_read(leanne: str) -> None:
    at, amira = dt.datetime.now(dt.UTC), viewer_for("amira-khan")
    state_flag(amira, leanne, Saying("consent", "no", "set", SUPPORT), at)
    assert stated_flags([leanne])[leanne]
    with connection.cursor() as cursor:
        for table in ("gateway_flagstatement", "gateway_flaganchor"):
            cursor.execute(f"DELETE FROM {table} WHERE person_id = %s", [leanne])
    assert stated_flags([leanne])[leanne] == ()
    assert statements_about(leanne) == []
