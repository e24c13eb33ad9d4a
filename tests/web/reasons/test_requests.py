"""Requests for information: asked, answered by people and by a link, seen, refused, withdrawn."""

import datetime as dt
import re
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client
from tests.web.reasons.conftest import WHY

from wholeplace.agreements import Request, Suspension
from wholeplace.agreements.figures import figures
from wholeplace.agreements.reasons.information_request import FieldAnswer, askable_fields
from wholeplace.agreements.subjects.request import Reason, Viewer
from wholeplace.foundation.errors import UnsafeActionError
from wholeplace.people.read import read_subjects
from wholeplace.web.chain.models import Entry
from wholeplace.web.gateway.models import Notice, OpenReason, WorkingRelationship
from wholeplace.web.gateway.reasons import live_reason_for, open_reason
from wholeplace.web.reasons.models import FieldReply, InformationRequest
from wholeplace.web.reasons.requests import (
    Question,
    answer_request,
    ask,
    open_request,
    sweep_requests,
    withdraw,
)

pytestmark = pytest.mark.django_db(transaction=True)
PURPOSE = "safeguarding"
SAID = "Fourteen of fifty sessions, zebrafinch"
DECIDED = ("Helen Marsh", "Designated safeguarding lead", "Needed for the visit.")


def now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def events(kind: str) -> list[dict[str, Any]]:
    found = Entry.objects.order_by("position").values_list("event", flat=True)
    return [event for event in found if event["kind"] == kind]


@pytest.fixture
def jayden(person_named: Any, viewer_of: Any) -> str:
    """Jayden Harlow, about whom Amira Khan has a live reason."""
    person_id: str = person_named("Jayden", "Harlow")
    open_reason(viewer_of("amira-khan"), person_id, PURPOSE, WHY, now())
    return person_id


@pytest.fixture
def made(signed_town: Any, jayden: str, user_of: Any, viewer_of: Any) -> InformationRequest:
    """A question of Amira Khan's to the schools trust."""
    amira = viewer_of("amira-khan")
    reason = live_reason_for(amira, jayden, now(), PURPOSE)
    assert isinstance(reason, Reason)
    subject = read_subjects(signed_town.snapshot_reader, [jayden])[jayden]
    asked = Request(amira, PURPOSE, reason, now(), subject)
    rules = signed_town.rules(signed_town.today)
    offered = askable_fields(rules, asked, "schools-trust")
    fields = [each for each in offered if each.field == "education.attendance"]
    question = Question(jayden, PURPOSE, "schools-trust", fields, "How many?", "A visit.", "urgent")
    return ask(user_of("amira-khan"), amira, reason, question, now())


def answer(place: Any, made: InformationRequest, viewer: Viewer, at: dt.datetime | None = None, **changes: Any) -> InformationRequest:  # fmt: skip
    opened = open_request(made.pk, viewer, at or now())
    given = FieldAnswer("education.attendance", "given", text=SAID, on=dt.date(2026, 11, 2))
    return answer_request(
        place, made.pk, viewer, [replace(given, **changes)], DECIDED, at or now(),
        version=opened.version,
    )  # fmt: skip


def test_from_the_form_to_the_answer(sign_in: Any, jayden: str, viewer_of: Any) -> None:
    amira = sign_in("amira-khan")
    address = f"/reasons/requests/about/{jayden}/?for={PURPOSE}"
    assert "Three Rivers Schools Trust" in amira.get(address).content.decode()
    form = f"{address}&partner=schools-trust"
    assert amira.get(form).status_code == 200
    typed = {
        "wanted": ["education.attendance"], "question": "How many sessions?", "urgency": "urgent",
        "necessity": "To plan a visit", "way": "people",
    }  # fmt: skip
    assert amira.post(form, {**typed, "wanted": ["health.long-term-condition"]}).status_code == 422
    assert amira.post(form, typed).status_code == 302
    request = InformationRequest.objects.get()
    helen = sign_in("helen-marsh")
    assert "asks your organisation for information" in helen.get("/reasons/").content.decode()
    page = f"/reasons/requests/inbox/{request.pk}/"
    before = helen.get(page).content.decode()
    assert "Jayden" not in before and "How many sessions?" not in before
    assert helen.post(f"{page}take-on/").status_code == 302
    assert (
        live_reason_for(viewer_of("helen-marsh"), jayden, now(), PURPOSE).kind
        == "information-request"
    )  # type: ignore[union-attr]
    after = helen.get(page).content.decode()
    assert "Jayden" in after and "How many sessions?" in after
    reply = {
        "outcome_0": "given",
        "text_0": "",
        "name": "Helen",
        "position": "Lead",
        "note": "Needed",
        "version": 2,
    }
    assert helen.post(page, reply).status_code == 422
    assert helen.post(page, {**reply, "text_0": SAID}).status_code == 302
    assert live_reason_for(viewer_of("helen-marsh"), jayden, now(), PURPOSE) is None or not (
        WorkingRelationship.objects.filter(closed_at=None, source_id=request.pk).exists()
    )
    amira = sign_in("amira-khan")
    shown = amira.get(f"/reasons/requests/sent/{request.pk}/").content.decode()
    assert "zebrafinch" in shown
    (kept,) = FieldReply.objects.all()
    assert b"zebrafinch" not in bytes(kept.sealed_text)
    assert "zebrafinch" not in str(list(Entry.objects.values_list("event", flat=True)))
    sight = [each for each in events("sight") if each["page"] == "information-request"][-1]
    assert "detail" in sight["subjects"][0]["seen"]["schools-trust"]["education.attendance"]
    record = amira.get(f"/reasons/requests/record/{request.pk}/").content.decode()
    assert "Lawful basis" in record and "Helen" in record and "zebrafinch" not in record
    assert "Jayden" not in record


def test_the_answer_is_seen_only_while_the_reason_lives(
    signed_town: Any, made: InformationRequest, sign_in: Any, viewer_of: Any
) -> None:
    answer(signed_town, made, viewer_of("helen-marsh"))
    address = f"/reasons/requests/sent/{made.pk}/"
    amira = sign_in("amira-khan")
    assert "zebrafinch" in amira.get(address).content.decode()
    OpenReason.objects.update(closed_at=now())
    from wholeplace.web.gateway.models import Caseload

    Caseload.objects.filter(person_id=made.person_id).delete()
    after = amira.get(address).content.decode()
    # The middleware may read caseloads anew; what counts is that nobody has a reason then.
    if live_reason_for(viewer_of("amira-khan"), made.person_id, now(), PURPOSE) is None:
        assert "zebrafinch" not in after and "Say why you need to see it" in after


def test_the_answer_falls_with_the_agreement(
    signed_town: Any, made: InformationRequest, sign_in: Any, viewer_of: Any
) -> None:
    answer(signed_town, made, viewer_of("helen-marsh"))
    signed_town.sign_offs.suspend(
        Suspension("safeguarding", "schools-trust", "7", now(), "a breach")
    )
    shown = sign_in("amira-khan").get(f"/reasons/requests/sent/{made.pk}/").content.decode()
    assert "zebrafinch" not in shown and "Given, but you may not see it now" in shown


def test_revoke_before_accept(signed_town: Any, made: InformationRequest, viewer_of: Any) -> None:
    """Withdrawn, suspended or expired between opening and answering: nothing is kept."""
    helen = viewer_of("helen-marsh")
    opened = open_request(made.pk, helen, now())
    given = [FieldAnswer("education.attendance", "given", text=SAID)]
    signed_town.sign_offs.suspend(
        Suspension("safeguarding", "schools-trust", "7", now(), "a breach")
    )
    with pytest.raises(UnsafeActionError, match="no longer in force"):
        answer_request(signed_town, made.pk, helen, given, DECIDED, now(), version=opened.version)
    with pytest.raises(UnsafeActionError, match="withdrawn, or has expired"):
        answer_request(
            signed_town, made.pk, helen, given, DECIDED, made.expires_at, version=opened.version
        )
    withdraw(made.pk, viewer_of("amira-khan"), now())
    refused = [FieldAnswer("education.attendance", "refused", refusal="harm")]
    with pytest.raises(UnsafeActionError):
        answer_request(signed_town, made.pk, helen, refused, DECIDED, now(), version=opened.version)
    assert not FieldReply.objects.exists()
    assert not WorkingRelationship.objects.filter(closed_at=None).exists()


def test_two_colleagues_answer_and_one_is_kept(
    signed_town: Any, made: InformationRequest, viewer_of: Any
) -> None:
    helen = viewer_of("helen-marsh")
    answer(signed_town, made, helen)
    with pytest.raises(UnsafeActionError):
        answer_request(
            signed_town, made.pk, helen, [FieldAnswer("education.attendance", "not-held")],
            DECIDED, now(), version=2,
        )  # fmt: skip
    with pytest.raises(UnsafeActionError):
        withdraw(made.pk, viewer_of("amira-khan"), now())
    made.refresh_from_db()
    assert made.state == "answered" and FieldReply.objects.count() == 1


def test_refusals_and_nothing_held_are_kept_as_carefully(
    signed_town: Any, made: InformationRequest, viewer_of: Any, sign_in: Any
) -> None:
    answer(signed_town, made, viewer_of("helen-marsh"), outcome="refused", refusal="harm", text="")
    made.refresh_from_db()
    assert made.state == "refused"
    (event,) = events("information-request.decided")
    assert event["fields"] == {"education.attendance": "harm"}
    record = sign_in("amira-khan").get(f"/reasons/requests/record/{made.pk}/").content.decode()
    assert "Do not share" in record and "Sharing it could put somebody at risk" in record


def test_late_is_told_and_in_the_end_it_expires(
    signed_town: Any, made: InformationRequest, user_of: Any, sign_in: Any
) -> None:
    sweep_requests(made.due_at + dt.timedelta(seconds=1))
    told = set(Notice.objects.filter(kind="request-late").values_list("user_id", flat=True))
    assert told == {str(user_of("amira-khan").pk), str(user_of("priya-nair").pk)}
    sweep_requests(made.expires_at)
    made.refresh_from_db()
    assert made.state == "expired"
    assert events("information-request.expired")
    assert "Expired" in sign_in("priya-nair").get("/reasons/requests/log/").content.decode()


# By a link


def link_of(client: Any, made: InformationRequest) -> tuple[str, str]:
    page = client.post(f"/reasons/requests/sent/{made.pk}/link/").content.decode()
    link, code = re.search(r'id="link">([^<]+)<', page), re.search(r'id="code">([^<]+)<', page)
    assert link and code
    return re.sub(r"^http://[^/]+", "", link[1]), code[1]


def test_somebody_without_an_account_answers_once(sign_in: Any, made: InformationRequest) -> None:
    address, code = link_of(sign_in("amira-khan"), made)
    stranger = Client()
    first = stranger.get(address)
    assert first.status_code == 200
    assert "Amira" not in first.content.decode() and "Jayden" not in first.content.decode()
    assert stranger.post(address, {"code": "WRONG123"}).status_code == 422
    assert stranger.post(address, {"code": f" {code.lower()} "}).status_code == 302
    opened = stranger.get(address).content.decode()
    assert "Jayden" in opened and "Amira Khan" in opened and "How many?" in opened
    assert Client().get(address).content.decode().count("Jayden") == 0, "another browser asks anew"
    reply = {
        "outcome_0": "given", "text_0": SAID, "name": "Pat Lee", "position": "Head", "note": "Needed",
        "version": 2,
    }  # fmt: skip
    assert "Your answer was sent" in stranger.post(address, reply).content.decode()
    used, never = stranger.get(address), stranger.get("/reasons/answer/no-such-secret/")
    assert used.status_code == never.status_code == 404
    assert "A link answers one question, once" in used.content.decode()
    token = re.compile(rb'name="csrfmiddlewaretoken" value="[^"]+"')
    assert token.sub(b"", used.content) == token.sub(b"", never.content)
    assert (
        "zebrafinch"
        in sign_in("amira-khan").get(f"/reasons/requests/sent/{made.pk}/").content.decode()
    )
    kinds = [
        str(each["kind"])
        for each in Entry.objects.order_by("position").values_list("event", flat=True)
    ]
    for kind in ("link-made", "link-opened", "code-given", "opened", "decided"):
        assert f"information-request.{kind}" in kinds
    sight = [each for each in events("sight") if each["page"] == "answer-request"][-1]
    assert (sight["organisation"], sight["actor"]) == ("schools-trust", f"link-{made.pk}")
    made.refresh_from_db()
    assert made.decided_by == "link" and not made.link_hash


def test_neither_secret_is_kept_and_the_link_opens_nothing_else(
    sign_in: Any, made: InformationRequest
) -> None:
    address, code = link_of(sign_in("amira-khan"), made)
    made.refresh_from_db()
    kept = (
        f"{made.link_hash} {made.code_hash} {list(Entry.objects.values_list('event', flat=True))}"
    )
    assert address.rstrip("/").split("/")[-1] not in kept and code not in kept
    stranger = Client()
    stranger.post(address, {"code": code})
    for page in ("/people/", "/reasons/", f"/people/{made.person_id}/", "/reasons/requests/inbox/"):
        assert stranger.get(page).status_code == 302


def test_wrong_codes_kill_the_link(sign_in: Any, made: InformationRequest) -> None:
    address, code = link_of(sign_in("amira-khan"), made)
    for _ in range(figures().link_code_attempts):
        assert Client().post(address, {"code": "WRONG123"}).status_code == 422
    assert Client().post(address, {"code": code}).status_code == 404
    fresh, other = link_of(sign_in("amira-khan"), made)
    assert Client().post(address, {"code": code}).status_code == 404
    assert Client().post(fresh, {"code": other}).status_code == 302


@pytest.mark.parametrize("how", ["called-back", "withdrawn", "expired"])
def test_a_dead_link_looks_like_none(sign_in: Any, made: InformationRequest, viewer_of: Any, how: str) -> None:  # fmt: skip
    amira = sign_in("amira-khan")
    address, code = link_of(amira, made)
    stranger = Client()
    assert stranger.post(address, {"code": code}).status_code == 302
    if how == "called-back":
        amira.post(f"/reasons/requests/sent/{made.pk}/call-back/")
    elif how == "withdrawn":
        amira.post(f"/reasons/requests/sent/{made.pk}/withdraw/")
    else:
        InformationRequest.objects.update(expires_at=now())
    assert stranger.get(address).status_code == 404
    assert stranger.post(address, {"outcome_0": "not-held", "version": 2}).status_code == 404
    assert not FieldReply.objects.exists()


# Ids of others


def test_nobody_elses_ids_answer(
    made: InformationRequest, sign_in: Any, jayden: str, signed_town: Any
) -> None:
    """Every id in every address, as somebody whose it is not: the same as for no such id."""
    reason = OpenReason.objects.filter(opened_by=made.asked_by).first()
    assert reason is not None
    token = re.compile(r'name="csrfmiddlewaretoken" value="[^"]+"')
    for persona in ("dean-walsh", "nadia-price", "rosa-finch"):
        client = sign_in(persona)
        for path, owned in (
            ("/reasons/given/{}/", reason.pk),
            ("/reasons/given/{}/close/", reason.pk),
            ("/reasons/requests/inbox/{}/", made.pk),
            ("/reasons/requests/inbox/{}/take-on/", made.pk),
            ("/reasons/requests/sent/{}/", made.pk),
            ("/reasons/requests/sent/{}/withdraw/", made.pk),
            ("/reasons/requests/sent/{}/link/", made.pk),
            ("/reasons/requests/sent/{}/call-back/", made.pk),
            ("/reasons/requests/record/{}/", made.pk),
        ):
            for send in (client.get, client.post):
                theirs, nobodys = send(path.format(owned)), send(path.format("no-such-id"))
                assert theirs.status_code == nobodys.status_code, f"{persona}: {path}"
                assert theirs.status_code in (404, 405)
                bodies = [token.sub("", each.content.decode()) for each in (theirs, nobodys)]
                assert bodies[0].replace(owned, "") == bodies[1].replace("no-such-id", "")
    made.refresh_from_db()
    assert made.state == "sent" and not made.link_hash


def test_the_asker_cannot_answer_themselves_and_no_column_can_be_posted(
    made: InformationRequest, sign_in: Any, signed_town: Any, viewer_of: Any
) -> None:
    amira = sign_in("amira-khan")
    assert amira.get(f"/reasons/requests/inbox/{made.pk}/").status_code == 404
    posted = {"state": "answered", "decided_by": "1", "organisation": "police", "asked_by": "1"}
    amira.post(f"/reasons/requests/sent/{made.pk}/call-back/", posted)
    made.refresh_from_db()
    assert (made.state, made.organisation, made.decided_by) == ("sent", "council-children", "")
