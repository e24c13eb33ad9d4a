"""Signing, suspending and ending: by whom, for which text, and what holds when two act at once."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from tests.web.agreements.lives import (
    ID,
    SIGNATORIES,
    begin,
    confirm,
    fix,
    person,
    sign_all,
    standing_of,
)

from wholeplace.foundation.errors import UnsafeActionError
from wholeplace.web.agreements.drafts import fixed_path
from wholeplace.web.agreements.standing import (
    MovedTextError,
    give_notice,
    lift_suspension,
    sign_agreement,
    suspend_agreement,
    take_back_notice,
)
from wholeplace.web.gateway.models import RecordedSignOff

pytestmark = pytest.mark.django_db

WHY = "A breach is being looked into"


@pytest.fixture
def fixed(cast: Any, larkbridge: Any) -> str:
    begin(larkbridge)
    return fix(larkbridge)


def signatures() -> int:
    return RecordedSignOff.objects.filter(agreement_id=ID).count()


def test_signing_asks_again_who_one_is_and_signs_this_text_alone(
    cast: Any, larkbridge: Any, fixed: str
) -> None:
    nurse, here = cast("sign-nhs"), f"/agreements/{ID}/sign/"
    assert "Continue to sign" in nurse.get(here).content.decode()
    asked = nurse.post(here, {"hash": fixed})
    assert signatures() == 0, "nothing is signed before they prove who they are"
    back = confirm(nurse, asked)
    assert back["Location"] == here
    assert signatures() == 0, "and nothing by proving it"
    assert "Sign for Lark Valley Community NHS Trust" in nurse.get(here).content.decode()
    done = nurse.post(here, {"hash": fixed}, follow=True)
    assert signatures() == 1
    assert "You have signed. It comes into force once every party has." in done.content.decode()
    (signed,) = standing_of(larkbridge).signed
    assert (signed.partner, signed.hash) == ("nhs-community", fixed)
    assert "has signed this text already" in nurse.get(here).content.decode()


def test_a_confirmation_for_one_act_signs_no_other(cast: Any, larkbridge: Any, fixed: str) -> None:
    nurse = cast("sign-nhs")
    confirm(nurse, nurse.post(f"/agreements/{ID}/sign/", {"hash": fixed}))
    begin(larkbridge, id="another")
    other = fix(larkbridge, "another")
    answer = nurse.post("/agreements/another/sign/", {"hash": other})
    assert "/account/confirm/" in answer["Location"]
    assert RecordedSignOff.objects.filter(agreement_id="another").count() == 0


def test_the_last_signature_brings_it_into_force(cast: Any, larkbridge: Any, fixed: str) -> None:
    for persona in SIGNATORIES.values():
        assert not standing_of(larkbridge).is_in_force
        client = cast(persona)
        confirm(client, client.post(f"/agreements/{ID}/sign/", {"hash": fixed}))
        done = client.post(f"/agreements/{ID}/sign/", {"hash": fixed}, follow=True)
    assert "the agreement is in force" in done.content.decode()
    assert standing_of(larkbridge).is_in_force


def test_a_text_that_moved_is_not_signed(cast: Any, larkbridge: Any, fixed: str) -> None:
    nurse, here = cast("sign-nhs"), f"/agreements/{ID}/sign/"
    confirm(nurse, nurse.post(here, {"hash": fixed}))
    path = fixed_path(larkbridge, ID)
    path.write_text(path.read_text("utf-8").replace("level: summary", "level: detail"), "utf-8")
    page = nurse.post(here, {"hash": fixed}, follow=True).content.decode()
    assert "Nothing was signed." in page and "changed since" in page
    assert signatures() == 0
    with pytest.raises(MovedTextError):
        sign_agreement(larkbridge, person("sign-nhs"), ID, fixed)
    assert "Continue to sign" in nurse.get(here).content.decode(), (
        "the confirmation was for the old"
    )


@pytest.mark.parametrize("persona", ["sign-police", "priya-nair", "amira-khan", "fiona-clark"])
def test_nobody_else_signs(cast: Any, larkbridge: Any, fixed: str, persona: str) -> None:
    with pytest.raises(UnsafeActionError):
        sign_agreement(larkbridge, person(persona), ID, fixed)
    client = cast(persona)
    client.post(f"/agreements/{ID}/sign/", {"hash": fixed, "partner": "nhs-community"})
    assert signatures() == 0


def test_signing_twice_leaves_one_signature(cast: Any, larkbridge: Any, fixed: str) -> None:
    sign_agreement(larkbridge, person("sign-nhs"), ID, fixed)
    with pytest.raises(UnsafeActionError, match="signed this text already"):
        sign_agreement(larkbridge, person("sign-nhs"), ID, fixed)
    assert signatures() == 1


def test_a_signature_cannot_be_typed_for_another_organisation(
    cast: Any, larkbridge: Any, fixed: str
) -> None:
    nurse, here = cast("sign-nhs"), f"/agreements/{ID}/sign/"
    confirm(nurse, nurse.post(here, {"hash": fixed}))
    nurse.post(here, {"hash": fixed, "partner": "council-housing", "organisation": "police"})
    assert RecordedSignOff.objects.filter(agreement_id=ID).get().partner == "nhs-community"


def test_no_signature_without_its_event(
    cast: Any, larkbridge: Any, fixed: str, unwritable_trail: Any
) -> None:
    from wholeplace.agreements import AuditUnavailableError

    with unwritable_trail(), pytest.raises(AuditUnavailableError):
        sign_agreement(larkbridge, person("sign-nhs"), ID, fixed)
    assert signatures() == 0


@pytest.mark.django_db(transaction=True)
def test_two_at_once_of_two_parties_leave_two_and_of_one_party_one(
    cast: Any, larkbridge: Any, fixed: str
) -> None:
    from django.db import connection

    def sign(persona: str) -> str:
        try:
            sign_agreement(larkbridge, who[persona], ID, fixed)
        except UnsafeActionError as error:
            return error.why
        finally:
            connection.close()
        return "signed"

    who = {each: person(each) for each in SIGNATORIES.values()}
    wanted = [each for each in who for _ in range(3)]
    with ThreadPoolExecutor(len(wanted)) as pool:
        outcomes = list(pool.map(sign, wanted))
    assert outcomes.count("signed") == len(who)
    assert signatures() == len(who)
    assert standing_of(larkbridge).is_in_force


def test_any_party_suspends_alone_and_only_it_lifts(cast: Any, larkbridge: Any, fixed: str) -> None:
    sign_all(larkbridge, fixed)
    with pytest.raises(UnsafeActionError, match="too short"):
        suspend_agreement(larkbridge, person("sign-housing"), ID, "no")
    page = cast("sign-housing").post(f"/agreements/{ID}/suspend/", {"reason": WHY}, follow=True)
    assert "The agreement is suspended" in page.content.decode()
    assert WHY in cast("sign-nhs").get(f"/agreements/{ID}/").content.decode()
    for persona in ("sign-nhs", "sign-children", "priya-nair", "sign-police"):
        with pytest.raises(UnsafeActionError):
            lift_suspension(larkbridge, person(persona), ID)
    suspend_agreement(larkbridge, person("priya-nair"), ID, WHY)
    lift_suspension(larkbridge, person("sign-housing"), ID)
    assert standing_of(larkbridge).suspended_by == ("council-children",)
    cast("sign-children").post(f"/agreements/{ID}/act/", {"act": "lift"})
    assert standing_of(larkbridge).is_in_force


def test_a_notice_ends_it_after_its_last_day_and_can_be_taken_back(
    cast: Any, larkbridge: Any, fixed: str
) -> None:
    sign_all(larkbridge, fixed)
    today, nurse = larkbridge.today, person("sign-nhs")
    last_on = today + dt.timedelta(days=20)
    for wrong in (today - dt.timedelta(days=1), today + dt.timedelta(days=5000)):
        with pytest.raises(UnsafeActionError, match="last day"):
            give_notice(larkbridge, nurse, ID, wrong, WHY)
    typed = {f"last_on_{part}": getattr(last_on, part) for part in ("day", "month", "year")}
    cast("sign-nhs").post(f"/agreements/{ID}/notice/", {**typed, "reason": WHY})
    assert standing_of(larkbridge).is_in_force and standing_of(larkbridge).last_on == last_on
    assert larkbridge.rules(last_on).standings[ID].is_in_force
    assert larkbridge.rules(last_on + dt.timedelta(days=1)).standings[ID].state == "terminated"
    assert "It ends by a party’s notice in 20 days" in cast("priya-nair").get("/").content.decode()
    with pytest.raises(UnsafeActionError):
        take_back_notice(larkbridge, person("sign-housing"), ID)
    take_back_notice(larkbridge, nurse, ID)
    assert larkbridge.rules(last_on + dt.timedelta(days=1)).standings[ID].is_in_force


def test_what_waits_and_what_ends_is_told_to_those_concerned_alone(
    cast: Any, larkbridge: Any
) -> None:
    begin(larkbridge, review_on=larkbridge.today + dt.timedelta(days=5))
    sign_all(larkbridge, fix(larkbridge))
    assert "Its review is due in 5 days" in cast("sign-nhs").get("/").content.decode()
    for persona in ("sign-police", "amira-khan"):
        assert "Its review is due" not in cast(persona).get("/").content.decode()
