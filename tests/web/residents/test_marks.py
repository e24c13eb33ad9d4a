"""What is left out: at once, by two people, never told apart; and what residents ask."""

import datetime as dt
import itertools
import json
from collections.abc import Callable
from typing import Any

import pytest
from click.testing import CliRunner
from django.test import Client
from fhir.resources.R4B.bundle import Bundle
from tests.web.residents.conftest import viewer_as, words_of

from wholeplace.agreements.account.withholding import Mark, withholding_rules
from wholeplace.foundation.errors import UnsafeActionError
from wholeplace.web.chain.models import Entry
from wholeplace.web.residents import asking, marks
from wholeplace.web.residents.models import ResidentRequest, WithholdingMark
from wholeplace.web.residents.reading import read_account

pytestmark = pytest.mark.django_db(transaction=True)

WHY = "Her former partner reads her post and would learn that we were told"
NOW = dt.datetime.now(dt.UTC)


def propose(leanne: str, mark: Mark, persona: str = "dean-walsh", **given: Any) -> WithholdingMark:
    review_on = given.get("review_on", NOW.date() + dt.timedelta(days=30))
    return marks.propose_mark(
        viewer_as(persona), leanne, mark, given.get("why", WHY), review_on, NOW
    )


def test_a_mark_works_at_once_and_the_page_reads_as_if_nothing_had_been(
    leanne: str, look: Callable[..., str], open_account: Callable[..., Client]
) -> None:
    browser = open_account(leanne)
    browser.get("/my-record/")
    look("rosa-finch", leanne, "homelessness-prevention")
    told = read_account(leanne).sightings
    propose(leanne, Mark("organisation", "housing-association"))
    after = read_account(leanne).sightings
    assert after == tuple(each for each in told if each.organisation != "housing-association")
    for address in ("/my-record/", "/my-record/print/"):
        html = browser.get(address).content.decode()
        assert "Swanhall" not in html
        assert "Some things may be left out" in html
    assert "housing-association" not in browser.post("/my-record/file/").content.decode()


def test_the_words_are_the_same_whether_or_not_something_is_left_out(
    leanne: str, look: Callable[..., str], open_account: Callable[..., Client]
) -> None:
    """Nothing on the page differs from the one of somebody at whom nobody looked."""
    import re

    def page() -> str:
        return re.sub(r"\d\d:\d\d", "", words_of(browser.get("/my-record/print/").content.decode()))

    browser = open_account(leanne)
    propose(leanne, Mark("everything"))
    quiet = page()
    look("rosa-finch", leanne, "homelessness-prevention")
    hidden = page()
    assert hidden.count("You looked at this list") == quiet.count("You looked at this list") + 1
    assert hidden.replace("You looked at this list", "").split() == quiet.replace("You looked at this list", "").split()  # fmt: skip


def test_every_step_from_every_state_does_what_the_table_says(
    signed_town: Any, leanne: str
) -> None:
    for state, step, is_own in itertools.product(marks.STATES, marks.STEPS, (True, False)):
        mark = propose(leanne, Mark("purpose", "safeguarding"))
        WithholdingMark.objects.filter(pk=mark.pk).update(state=state)
        mark.refresh_from_db()
        before, after, by_another = marks.STEPS[step]
        viewer = viewer_as("dean-walsh" if is_own else "sign-police")
        is_allowed = state in before and not (is_own and by_another)
        review_on = NOW.date() + dt.timedelta(days=9)
        try:
            marks.step_mark(viewer, mark, step, mark.version, NOW, review_on)
        except UnsafeActionError:
            assert not is_allowed, (state, step, is_own)
            mark.refresh_from_db()
            assert mark.state == state
        else:
            assert is_allowed, (state, step, is_own)
            mark.refresh_from_db()
            assert mark.state == after
        mark.delete()


def test_a_mark_says_what_why_and_until_when(signed_town: Any, leanne: str) -> None:
    today, latest = NOW.date(), withholding_rules().longest_review_days
    for given in (
        {"why": "because"},
        {"review_on": today},
        {"review_on": today + dt.timedelta(days=latest + 1)},
    ):
        with pytest.raises(UnsafeActionError):
            propose(leanne, Mark("everything"), **given)
    for kind, value in (("everything", "x"), ("purpose", ""), ("nonsense", "x")):
        with pytest.raises(UnsafeActionError):
            propose(leanne, Mark(kind, value))  # type: ignore[arg-type]
    assert not WithholdingMark.objects.exists()


def test_another_organisation_decides_nothing_and_the_second_editor_is_told(
    sign_in: Any, leanne: str
) -> None:
    mark = propose(leanne, Mark("purpose", "safeguarding"))
    address = f"/my-record/left-out/{mark.pk}/"
    assert sign_in("sign-nhs").get(address).status_code == 404
    assert sign_in("priya-nair").post(address, {"step": "refuse", "version": 1}).status_code == 404
    second = sign_in("sign-police")
    assert WHY in second.get(address).content.decode()
    assert second.post(address, {"step": "agree", "version": "1"}).status_code == 302
    late = second.post(address, {"step": "end", "version": "1"})
    assert late.status_code == 422 and "Somebody else changed it" in late.content.decode()
    kinds = [each.event["kind"] for each in Entry.objects.order_by("position")]
    assert "withholding.proposed" in kinds and "withholding.agree" in kinds
    assert WHY not in json.dumps([each.event for each in Entry.objects.all()])


def test_marking_stands_in_no_account(leanne: str, signed_town: Any) -> None:
    mark = propose(leanne, Mark("purpose", "safeguarding"))
    marks.step_mark(viewer_as("sign-police"), mark, "agree", 1, NOW)
    assert not any("withholding" in each.kind for each in read_account(leanne).sightings)


def test_a_mark_is_made_through_the_page(sign_in: Any, leanne: str, client: Client) -> None:
    officer = sign_in("priya-nair")
    day = NOW.date() + dt.timedelta(days=20)
    given = {
        "what": "purpose:safeguarding", "why": WHY, "review_on_day": str(day.day),
        "review_on_month": str(day.month), "review_on_year": str(day.year),
    }  # fmt: skip
    assert officer.post(f"/my-record/left-out/new/{leanne}/", {**given, "what": "x:y"}).status_code == 422  # fmt: skip
    assert officer.post(f"/my-record/left-out/new/{leanne}/", given).status_code == 302
    mark = WithholdingMark.objects.get()
    assert (mark.kind, mark.value, mark.organisation) == ("purpose", "safeguarding", "council-children")  # fmt: skip
    assert "Everything that was done for one purpose" in officer.get("/my-record/left-out/").content.decode()  # fmt: skip


def test_every_step_of_a_request_does_what_the_table_says(signed_town: Any, leanne: str) -> None:
    from wholeplace.web.accounts.models import User

    officer = User.objects.get(persona="priya-nair")
    resident = User.objects.get(persona="leanne-harlow")
    for state, step in itertools.product(asking.STATES, asking.STEPS):
        asked = asking.ask(resident, leanne, "question", "Why?", NOW)
        ResidentRequest.objects.filter(pk=asked.pk).update(state=state)
        asked.refresh_from_db()
        before, after = asking.STEPS[step]
        try:
            asking.step_request(officer, asked, step, 1, NOW, "Because you asked for help.")
        except UnsafeActionError:
            assert state not in before
        else:
            assert state in before
            asked.refresh_from_db()
            assert (asked.state, asked.version) == (after, 2)
            with pytest.raises(UnsafeActionError):
                asking.step_request(officer, asked, step, 1, NOW, "Again.")


def test_a_resident_asks_and_an_officer_answers(
    leanne: str, open_account: Callable[..., Client], sign_in: Any
) -> None:
    browser = open_account(leanne)
    assert browser.post("/my-record/ask/", {"kind": "question"}).status_code == 422
    browser.post("/my-record/ask/", {"kind": "who", "text": "Who was it on Monday?"})
    asked, officer = ResidentRequest.objects.get(), sign_in("priya-nair")
    assert (
        "Who was it on Monday?" in officer.get(f"/my-record/requests/{asked.pk}/").content.decode()
    )
    officer.post(f"/my-record/requests/{asked.pk}/", {"step": "take", "version": "1"})
    stale = officer.post(f"/my-record/requests/{asked.pk}/", {"version": "1", "answer": "It was Rosa."})  # fmt: skip
    assert "Somebody else changed it" in stale.content.decode()
    officer.post(f"/my-record/requests/{asked.pk}/", {"version": "2", "answer": "It was Rosa."})
    page = words_of(browser.get("/my-record/ask/").content.decode())
    assert "Answered" in page and "It was Rosa." in page
    assert "Monday" not in json.dumps([each.event for each in Entry.objects.all()])


def test_the_file_and_the_command_tell_what_the_account_tells(
    signed_town: Any, leanne: str, look: Callable[..., str], open_account: Callable[..., Client]
) -> None:
    from wholeplace.cli.audit import audit
    from wholeplace.web.accounts.models import User

    look("rosa-finch", leanne, "homelessness-prevention")
    look("dean-walsh", leanne, "safeguarding")
    propose(leanne, Mark("organisation", "police"))
    given = open_account(leanne).post("/my-record/file/")
    assert given["Content-Type"] == "application/fhir+json"
    made = json.loads(given.content)
    Bundle.model_validate_json(given.content)
    events = [e["resource"] for e in made["entry"] if e["resource"]["resourceType"] == "AuditEvent"]
    sights = [each for each in read_account(leanne).sightings if each.kind == "sight"]
    assert len(events) == len(sights) > 0
    assert "police" not in {e["agent"][0]["who"]["identifier"]["value"] for e in events}
    assert any(e["resource"]["resourceType"] == "Consent" for e in made["entry"])
    for words in ("Leanne", "Harlow", "Rosa", leanne, "1992"):
        assert words not in given.content.decode()
    email = User.objects.get(persona="priya-nair").email
    command = ["export", "--place", str(signed_town.folder), "--person", leanne, "--officer", email, "--reference", "SAR-2026-7"]  # fmt: skip
    result = CliRunner().invoke(audit, command)
    assert result.exit_code == 0, result.output
    printed = json.loads(result.output)
    assert [e["resource"]["id"] for e in printed["entry"] if e["resource"]["resourceType"] == "AuditEvent"] == [e["id"] for e in events]  # fmt: skip
    before = CliRunner().invoke(audit, [*command, "--to", "2020-01-01"])
    assert "AuditEvent" not in before.output
    assert Entry.objects.filter(event__kind="my-record.exported").count() == 2


@pytest.mark.parametrize(
    ("officer", "person"), [("dean-walsh", ""), ("priya-nair", "no-such-person")]
)
def test_the_command_is_for_officers_and_about_people_alone(
    signed_town: Any, leanne: str, officer: str, person: str
) -> None:
    from wholeplace.foundation.errors import WholeplaceError
    from wholeplace.web.accounts.models import User
    from wholeplace.web.residents.exporting import export_for_officer

    email = User.objects.get(persona=officer).email
    with pytest.raises(WholeplaceError):
        export_for_officer(email, person or leanne, "SAR-1")
