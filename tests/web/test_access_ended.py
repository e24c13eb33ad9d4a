"""Somebody's access ends: whatever was theirs ends with it, in every app, at once."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from tests.web.belongings import WHY, make_belongings, user_of, viewer_of
from tests.web.doors import doors, fill
from tests.web.test_foreign_ids import WALKERS, real_ids

from wholeplace.foundation.errors import UnsafeActionError
from wholeplace.people.facts import Facts
from wholeplace.web.accounts.changes import leave, resume, suspend
from wholeplace.web.accounts.models import User
from wholeplace.web.accounts.sessions import end_sessions

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(900)]


def now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


@pytest.fixture
def administrator(used_town: Any) -> User:
    return user_of("alex-stone")


def test_reasons_broken_glass_and_questions_end(used_town: Any, administrator: User) -> None:
    from wholeplace.web.gateway.models import OpenReason, WorkingRelationship
    from wholeplace.web.gateway.reasons import live_reason_for, open_reason
    from wholeplace.web.reasons.breaking import answer_ask
    from wholeplace.web.reasons.links import find_by_link, make_link
    from wholeplace.web.reasons.models import InformationRequest, SealedAsk
    from wholeplace.web.reasons.requests import open_request

    known = make_belongings(used_town)
    live = InformationRequest.objects.get(pk=known["reasons:request_id"])
    secret, _ = make_link(live, live.asked_by)
    open_request(live.pk, viewer_of("joan-obi"), now())
    dean, amira, joan = (viewer_of(each) for each in ("dean-walsh", "amira-khan", "joan-obi"))
    open_reason(dean, live.person_id, "safeguarding", WHY, now())
    for viewer in (dean, amira, joan):
        assert live_reason_for(viewer, live.person_id, now(), live.purpose), viewer
    assert find_by_link(secret)
    suspend(administrator, user_of("joan-obi"), now())
    assert not live_reason_for(joan, live.person_id, now(), live.purpose)
    resume(administrator, user_of("joan-obi"))
    assert not live_reason_for(joan, live.person_id, now(), live.purpose)
    assert not WorkingRelationship.objects.filter(user_id=joan.user_id, closed_at=None).exists()
    for persona in ("amira-khan", "dean-walsh"):
        leave(administrator, user_of(persona), now())
    for viewer in (dean, amira):
        assert not live_reason_for(viewer, live.person_id, now(), live.purpose)
    assert find_by_link(secret) is None
    live.refresh_from_db()
    assert live.state == "withdrawn"
    ask = SealedAsk.objects.get(pk=known["ask_id"])
    with pytest.raises(UnsafeActionError):
        answer_ask(used_town, user_of("priya-nair"), ask.pk, now(), is_confirmed=True)
    assert not OpenReason.objects.filter(opened_by=dean.user_id, closed_at=None).filter(
        expires_at__gt=now()
    )


def test_codes_that_a_leaver_gave_open_nothing(used_town: Any, administrator: User) -> None:
    from wholeplace.larkbridge.cast import load_cast
    from wholeplace.web.residents.codes import give_code, use_code
    from wholeplace.web.residents.models import AccessCode

    leanne = load_cast().person("leanne")
    facts = Facts(name=f"{leanne.given_name} {leanne.family_name}", birth_date=leanne.birth_date)
    person_id = AccessCode.objects.get().person_id
    code, _ = give_code(viewer_of("amira-khan"), person_id, facts, "photo", now())
    leave(administrator, user_of("amira-khan"), now())
    assert use_code(code, leanne.birth_date, now()) is None
    # A resident's own account stays, although a leaver checked who they are; and one of a
    # resident whose access ends does not.
    resident = user_of("leanne-harlow")
    assert AccessCode.objects.filter(user_id=str(resident.pk), closed_at=None).exists()
    suspend(administrator, resident, now())
    assert not AccessCode.objects.filter(user_id=str(resident.pk), closed_at=None).exists()


def test_requests_for_figures_are_taken_back(used_town: Any, administrator: User) -> None:
    from wholeplace.web.chain.models import Entry
    from wholeplace.web.exports.models import ExportRequest
    from wholeplace.web.exports.requests import give_out, take_step

    wen, request = viewer_of("wen-li"), ExportRequest.objects.get()
    assert request.asked_by == wen.user_id
    take_step(viewer_of("fiona-clark"), request.pk, "approve", 1, "", now())
    suspend(administrator, user_of("wen-li"), now())
    resume(administrator, user_of("wen-li"))
    request.refresh_from_db()
    assert request.state == "withdrawn"
    with pytest.raises(UnsafeActionError):
        give_out(wen, request.pk, now())
    assert Entry.objects.filter(event__kind="export.withdraw").exists()


def test_confirmations_invitations_and_sessions_end(
    used_town: Any, administrator: User, as_persona: Callable[[str], Any]
) -> None:
    from wholeplace.web.accounts.models import Confirmation

    make_belongings(used_town)
    client = as_persona("dean-walsh")
    assert client.get("/account/").status_code == 200
    assert Confirmation.objects.filter(user=user_of("dean-walsh")).exists()
    leave(administrator, user_of("dean-walsh"), now())
    assert not Confirmation.objects.filter(user=user_of("dean-walsh")).exists()
    assert client.get("/account/").status_code == 302


def test_nothing_ends_where_it_cannot_be_recorded(
    used_town: Any, administrator: User, unwritable_trail: Any
) -> None:
    """Half an end is none: with a trail that takes nothing, a leaver is still here, and whole."""
    from wholeplace.agreements.standing.records import AuditUnavailableError
    from wholeplace.web.exports.models import ExportRequest

    with unwritable_trail(), pytest.raises(AuditUnavailableError):
        leave(administrator, user_of("wen-li"), now())
    assert user_of("wen-li").is_active
    assert ExportRequest.objects.get().state == "asked"


def test_every_door_to_people_and_figures_asks_once_more(
    used_town: Any, as_persona: Callable[[str], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody's access ends between the door and the answer: the answer is not given."""
    from wholeplace.web.gateway import middleware

    known, opened, shut = make_belongings(used_town), set(), set()
    admitted = middleware.route_of

    def leaving(view: Any) -> Any:
        # Asked once a request, after the session was checked: just then they leave.
        end_sessions(user.pk)
        return admitted(view)

    for persona in WALKERS:
        user = user_of(persona)
        for door in doors():
            is_shown = door.mark.shows in ("personal", "counts") and not door.mark.admits(None)
            if not is_shown or not door.mark.admits(user.roles[0]):
                continue
            address = fill(door, real_ids(door, known))
            client = as_persona(persona)
            if client.get(address).status_code != 200:
                continue
            opened.add(door.name)
            with monkeypatch.context() as patched:
                patched.setattr(middleware, "route_of", leaving)
                if client.get(address).status_code == 403:
                    shut.add(door.name)
    assert opened == shut
    assert {
        "exports:show", "flags:person", "people:person", "places:place", "reasons:follow",
        "residents:account", "residents:print", "residents:shared", "residents:mark",
    } <= opened  # fmt: skip


def test_files_are_not_given_to_somebody_who_left_meanwhile(
    used_town: Any, as_persona: Callable[[str], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    from wholeplace.web.exports.models import ExportRequest
    from wholeplace.web.exports.requests import take_step
    from wholeplace.web.gateway import middleware

    request = ExportRequest.objects.get()
    take_step(viewer_of("fiona-clark"), request.pk, "approve", 1, "", now())
    admitted = middleware.route_of
    for persona, address in (
        ("wen-li", f"/exports/{request.pk}/file/"),
        ("leanne-harlow", "/my-record/file/"),
    ):
        client, user = as_persona(persona), user_of(persona)
        given = client.post(address)
        assert given.status_code == 200 and "attachment" in given["Content-Disposition"]

        def leaving(view: Any, user: User = user) -> Any:
            end_sessions(user.pk)
            return admitted(view)

        with monkeypatch.context() as patched:
            patched.setattr(middleware, "route_of", leaving)
            refused = client.post(address)
        assert refused.status_code == 403 and "Content-Disposition" not in refused
