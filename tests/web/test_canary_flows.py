"""Canaries behind every kind of reason, question, account, file, mail, log and error page.

What may be seen is worked out from the agreements' text alone (`level_of`), as in test_canaries.
"""

import datetime as dt
import logging
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from tests.web.belongings import WHY, make_others, user_of, viewer_of
from tests.web.canary import Secret
from tests.web.doors import doors, fill
from tests.web.test_canaries import (  # noqa: F401 - the fixtures are used by their names
    Aviary,
    aviary,
    everyone,
    examples_of,
    faulty_file,
    has_opened,
    level_of,
    planted,
    subject_of,
)
from tests.web.test_planted_columns import posts

from wholeplace.agreements import Level, Reason, Request, Subject, Viewer
from wholeplace.agreements.reasons.information_request import FieldAnswer, askable_fields
from wholeplace.agreements.reasons.opening import Relationship

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(1_200)]

PURPOSES = ("whole-family-support", "safeguarding", "homelessness-prevention", "service-planning")
# Whom each kind of reason is tried on: persona, purpose.
KINDS = {
    "duty": ("amira-khan", "safeguarding"),
    "break-glass": ("dean-walsh", "safeguarding"),
    "case": ("rosa-finch", "homelessness-prevention"),
    "referral": ("nadia-price", "homelessness-prevention"),
}


def now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


@dataclass(frozen=True)
class Flown:
    """One person of the aviary with everything that people do about them, made for real."""

    aviary: Aviary
    person_id: str
    known: dict[str, str]
    link: tuple[str, str]
    answer: str


@pytest.fixture
def flown(aviary: Aviary) -> Iterator[Flown]:  # noqa: F811
    make_others()
    yield make_flown(aviary, pick(aviary))


def pick(aviary: Aviary) -> str:  # noqa: F811
    """Return somebody of whom, by the prose, each kind of reason shows something."""
    held: dict[str, set[Secret]] = {}
    for secret in {each for found in aviary.canaries.secrets.values() for each in found}:
        held.setdefault(secret.person_id, set()).add(secret)
    for person_id, secrets in sorted(held.items(), key=lambda each: (-len(each[1]), each[0])):
        subject = subject_of(aviary, person_id)
        if all(flag.value == "no" for flag in subject.flags) and all(
            sees_some(aviary, kind, subject, secrets) for kind in KINDS
        ):
            return person_id
    raise AssertionError("the town has nobody of whom everybody sees something")


def sees_some(aviary: Aviary, kind: str, subject: Subject, secrets: set[Secret]) -> bool:  # noqa: F811
    persona, purpose = KINDS[kind]
    viewer, at = viewer_of(persona), now()
    glass = Reason("g", "break-glass", WHY, frozenset([subject.person_id]), at, None, viewer.user_id, purpose=purpose)  # fmt: skip
    reason = glass if kind == "break-glass" else None
    return any(
        level_of(aviary, viewer, purpose, subject, secret, at, True, reason) == Level.DETAIL
        for secret in secrets
    )


def make_flown(aviary: Aviary, person_id: str) -> Flown:  # noqa: F811
    from wholeplace.web.exports.models import ExportRequest
    from wholeplace.web.exports.requests import take_step
    from wholeplace.web.gateway.models import OpenReason
    from wholeplace.web.gateway.reasons import live_reason_for, open_reason, open_relationship
    from wholeplace.web.reasons.breaking import break_glass
    from wholeplace.web.reasons.links import make_link
    from wholeplace.web.reasons.requests import Question, answer_request, ask, open_request
    from wholeplace.web.retention.requests import ask_person

    place, amira = aviary.place, viewer_of("amira-khan")
    open_reason(amira, person_id, "safeguarding", WHY, now())
    broken = break_glass(place, viewer_of("dean-walsh"), person_id, "safeguarding", WHY, now())
    assert isinstance(broken, Reason)
    for kind in ("case", "referral"):
        persona, purpose = KINDS[kind]
        viewer = viewer_of(persona)
        made = Relationship(viewer.user_id, person_id, kind, f"{kind}-1", "Theirs", now(), purpose)  # type: ignore[arg-type]
        open_relationship(made, viewer.organisation, by=viewer.user_id)
    reason = live_reason_for(amira, person_id, now(), "safeguarding")
    assert reason is not None
    subject = subject_of(aviary, person_id)
    asked = Request(amira, "safeguarding", reason, now(), subject)
    rules = place.rules(place.today)
    fields = {
        each: askable_fields(rules, asked, each) for each in ("schools-trust", "nhs-community")
    }
    requests = {}
    for partner, offered in fields.items():
        question = Question(person_id, "safeguarding", partner, offered, WHY, WHY, "urgent")
        requests[partner] = ask(user_of("amira-khan"), amira, reason, question, now())
    helen = viewer_of("helen-marsh")
    opened = open_request(requests["schools-trust"].pk, helen, now())
    answer = aviary.canaries.word(
        Secret(person_id, "schools-trust", fields["schools-trust"][0].field)
    )
    answers = [
        FieldAnswer(each.field, "given", text=answer) if number == 0 else FieldAnswer(each.field, "not-held")
        for number, each in enumerate(fields["schools-trust"])
    ]  # fmt: skip
    answer_request(
        place, opened.pk, helen, answers, ("H", "Lead", WHY), now(), version=opened.version
    )
    live = requests["nhs-community"]
    link = make_link(live, amira.user_id)
    open_request(live.pk, viewer_of("joan-obi"), now())
    resident = bind_resident(aviary, person_id)
    export = ExportRequest.objects.get()
    take_step(viewer_of("fiona-clark"), export.pk, "approve", export.version, "", now())
    officer = user_of("priya-nair")
    erasure = ask_person(place, person_id, "request", "", str(officer.pk), officer.organisation)
    dataset, mark = faulty_file(aviary)
    duty = OpenReason.objects.filter(opened_by=amira.user_id, person_id=person_id).first()
    assert duty is not None and resident
    others = {
        pattern.split(":")[1].rstrip(">"): value
        for pattern, value in examples_of(aviary, person_id).items()
    }
    return Flown(aviary, person_id, others | {
        "person_id": person_id, "agreement_id": "whole-family-support", "dpia_ref": "DPIA-LB-002",
        "draft_id": "damp-homes-and-asthma", "place": "0", "confirmation": "none",
        "dataset": dataset, "mark": mark, "organisation": "police", "secret": link[0], "ref": "none",
        "user_id": str(officer.pk), "report_id": "needs-by-area", "export_id": export.pk,
        "notice_id": "1", "reason_id": duty.pk, "ask_id": "none", "request_id": "1",
        "reasons:request_id": requests["schools-trust"].pk, "mark_id": "1", "provider": "none",
        "erasure_id": erasure.pk, "live": live.pk, "source": "police-beats", "target": "wards",
        "areas": "wards", "code": "LBW01",
    }, link, answer)  # fmt: skip


def bind_resident(aviary: Aviary, person_id: str) -> Any:  # noqa: F811
    """Let the resident of the cast be this person: nobody else's account is opened."""
    from wholeplace.people.earlier_ids import read_anchors
    from wholeplace.web.residents.models import AccessCode, Anchor

    at, user = now(), user_of("leanne-harlow")
    code = AccessCode.objects.create(
        person_id=person_id, code_hash="x" * 64, birth_hash="x" * 64, how="photo",
        given_by=viewer_of("amira-khan").user_id, organisation="council-children", given_at=at,
        expires_at=at, used_at=at, user_id=str(user.pk),
    )  # fmt: skip
    anchors = read_anchors(aviary.place.snapshot_reader, person_id)
    Anchor.objects.bulk_create(Anchor(code=code, dataset=d, source_id=s) for d, s in anchors)
    return user


def too_much(flown: Flown, viewer: Viewer, text: str) -> set[str]:
    """Return the canaries of a text that no agreement, purpose and reason of this viewer allow."""
    return {
        each
        for each in flown.aviary.canaries.found_in(text)
        if not any(may_see(flown, viewer, secret) for secret in flown.aviary.canaries.secrets[each])
    }


def may_see(flown: Flown, viewer: Viewer, secret: Secret) -> bool:
    """Whether the prose gives this viewer detail of this for some purpose they have a reason for."""
    from wholeplace.web.gateway.reasons import live_reason_for

    own = subject_of(flown.aviary, secret.person_id)
    about = subject_of(flown.aviary, flown.person_id)
    for purpose in PURPOSES:
        held = live_reason_for(viewer, secret.person_id, now(), purpose)
        is_theirs = held is not None and has_opened(viewer, secret.person_id, purpose, now())
        reason = held if held and held.kind == "break-glass" else None
        level = level_of(flown.aviary, viewer, purpose, own, secret, now(), is_theirs, reason)
        if secret.person_id != flown.person_id and secret.field == "contact.address":
            level = min(level, level_of(flown.aviary, viewer, purpose, about, secret, now(), True))
        if level == Level.DETAIL:
            return True
    return False


def act_as(user: Any) -> tuple[Client, Viewer]:
    client = Client()
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    return client, Viewer(str(user.pk), user.organisation, user.roles[0])


def read(response: Any) -> str:
    return response.content.decode("utf-8", "replace") + str(response.headers)


def test_every_kind_of_reason_shows_what_its_agreement_allows(flown: Flown) -> None:
    for kind, (persona, purpose) in KINDS.items():
        client, viewer = act_as(user_of(persona))
        body = read(client.get(f"/people/{flown.person_id}/?for={purpose}", follow=True))
        assert flown.aviary.canaries.found_in(body), f"{kind} shows nothing, so it proves nothing"
        assert not too_much(flown, viewer, body), kind


def test_questions_show_who_is_meant_to_whoever_answers_and_answers_to_whoever_asked(
    flown: Flown,
) -> None:
    canaries, (secret, code) = flown.aviary.canaries, flown.link
    asker, amira = act_as(user_of("amira-khan"))
    sent = read(asker.get(f"/reasons/requests/sent/{flown.known['reasons:request_id']}/"))
    assert flown.answer in sent or not may_see(flown, amira, *canaries.secrets[flown.answer])
    assert flown.answer in sent, "the asker reads the answer"
    answerer, joan = act_as(user_of("joan-obi"))
    page = read(answerer.get(f"/reasons/requests/inbox/{flown.known['live']}/"))
    assert canaries.found_in(page) and not too_much(flown, joan, page)
    stranger = Client()
    before = read(stranger.get(f"/reasons/answer/{secret}/"))
    assert not canaries.found_in(before)
    assert not canaries.found_in(read(stranger.post(f"/reasons/answer/{secret}/", {"code": "NO"})))
    assert stranger.post(f"/reasons/answer/{secret}/", {"code": code}).status_code == 302
    opened = read(stranger.get(f"/reasons/answer/{secret}/"))
    assert canaries.found_in(opened) and not too_much(flown, joan, opened)
    faulty = stranger.post(f"/reasons/answer/{secret}/", {"version": "2"})
    assert faulty.status_code == 422 and not too_much(flown, joan, read(faulty))


# One of each kind of door; everybody, at every door, in the heavy run.
FEW = ("amira-khan", "priya-nair", "leanne-harlow")


@pytest.mark.parametrize(
    "personas", [FEW, pytest.param((), marks=pytest.mark.heavy)], ids=["few", "everyone"]
)
def test_nobody_finds_more_on_any_page_form_file_mail_or_log(
    flown: Flown, caplog: pytest.LogCaptureFixture, personas: tuple[str, ...]
) -> None:
    caplog.set_level(logging.DEBUG)
    mail.outbox.clear()
    canaries, seen, walked = flown.aviary.canaries, set(), 0
    people = [each for each in everyone() if not personas or each.persona in personas]
    for user in people:
        client, viewer = act_as(user)
        for door in doors():
            if not door.mark.admits(viewer.role) or door.name.startswith("reasons:by-link"):
                continue
            body = read(client.get(fill(door, flown.known)))
            walked += 1
            assert not too_much(flown, viewer, body), f"{user} at {door.name}"
            if canaries.found_in(body):
                seen.add(door.name)
    for user in people:
        client, viewer = act_as(user)
        for door in doors():
            is_left = door.name.startswith(("accounts:", "home", "tour", "reasons:by-link"))
            if is_left or not door.mark.admits(viewer.role):
                continue
            for form in list(posts(client, door, fill(door, flown.known))):
                body = read(client.post(form.action, form.values, follow=True))
                walked += 1
                assert not too_much(flown, viewer, body), f"{user} sends {door.name}"
    files = given_out(flown)
    assert all(not canaries.found_in(each) for each in files)
    assert {"people:person", "reasons:follow"} <= seen, seen
    assert walked > (100 if personas else 500)
    told = wait_for_mail()
    assert told and not canaries.found_in(" ".join(f"{e.subject} {e.body} {e.to}" for e in told))
    assert flown.person_id not in " ".join(e.body for e in told)
    assert not canaries.found_in(logged(caplog))
    from wholeplace.web.chain.models import Entry

    trail = "".join(str(entry.event) for entry in Entry.objects.all())
    assert not canaries.found_in(trail) and WHY not in trail


def given_out(flown: Flown) -> list[str]:
    """Return every file that leaves: the resident's, the table of figures, agreements, drafts."""
    from wholeplace.web.exports.models import ExportRequest

    ExportRequest.objects.update(state="approved")
    found = []
    for persona, method, address in (
        ("leanne-harlow", "post", "/my-record/file/"),
        ("wen-li", "post", f"/exports/{flown.known['export_id']}/file/"),
        ("sign-police", "get", "/agreements/whole-family-support/odrl/"),
        ("sign-police", "get", "/agreements/whole-family-support/text-file/"),
        ("sign-police", "get", "/agreements/whole-family-support/annex-b/"),
        ("priya-nair", "get", "/agreements/drafts/damp-homes-and-asthma/file/"),
    ):
        client, _ = act_as(user_of(persona))
        answer = getattr(client, method)(address)
        assert answer.status_code == 200, f"{persona}: {address}: {answer.status_code}"
        found.append(read(answer))
    client, _ = act_as(user_of("priya-nair"))
    given = {"person": flown.person_id, "reference": "SAR-2026-014"}
    letter = client.post("/my-record/letters/", given)
    assert letter.status_code == 200
    return [*found, read(letter)]


def wait_for_mail() -> list[Any]:
    """Return what was mailed: mails go out beside the request."""
    until = time.monotonic() + 10
    while not mail.outbox and time.monotonic() < until:
        time.sleep(0.05)
    return list(mail.outbox)


def logged(caplog: pytest.LogCaptureFixture) -> str:
    """Return the log lines as a deployment writes them."""
    from wholeplace.web.gateway.logs import QuietFormatter

    return "\n".join(map(QuietFormatter().format, caplog.records))


def test_error_pages_and_their_log_lines_repeat_nothing(
    flown: Flown, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch,
    unwritable_trail: Any,
) -> None:  # fmt: skip
    """Every kind of refusal, asked for with a canary in hand, as every persona."""
    from wholeplace.web.people import views

    caplog.set_level(logging.DEBUG)
    canaries, person = flown.aviary.canaries, f"/people/{flown.person_id}/"
    word = next(each for each in canaries.secrets if each.startswith("Cnry"))
    met: set[int] = set()

    def look(client: Client, method: str, address: str, given: Any = None, **more: Any) -> None:
        client.raise_request_exception = False
        answer = getattr(client, method)(address, given or {}, **more)
        met.add(answer.status_code)
        if answer.status_code >= 400 and answer.status_code not in (409, 422, 429):
            assert not canaries.found_in(answer.content.decode()), f"{answer.status_code} {address}"

    def failing(*_: Any, **__: Any) -> Any:
        raise RuntimeError(f"no row for {word}")

    for user in [None, *map(user_of, (*FEW, "alex-stone", "wen-li"))]:
        client = act_as(user)[0] if user else Client()
        look(client, "get", f"/people/{word}/")
        look(client, "get", f"/{word}/{word}/")
        look(client, "get", "/audit/" if user is None or "data-protection-officer" not in user.roles else "/people/")  # fmt: skip
        look(client, "get", "/", HTTP_HOST=f"{word.lower()}.evil.example/")
        look(client, "post", "/sign-in/", {"email": f"{word}@x.example", "password": word})
        with unwritable_trail():
            look(client, "get", person)
        with monkeypatch.context() as patched:
            patched.setattr(views, "current_place", failing, raising=True)
            look(client, "get", person)
    officer, _ = act_as(user_of("fiona-clark"))
    look(officer, "post", f"/exports/{flown.known['export_id']}/step/", {"event": "revoke", "version": "99", "words": WHY})  # fmt: skip
    amira, viewer = act_as(user_of("amira-khan"))
    look(amira, "post", "/people/", {"name": "x", "purpose": "safeguarding"})
    for _ in range(40):
        answer = amira.post(
            "/people/", {"name": "A B", "postcode": "LB1 1AA", "purpose": "safeguarding"}
        )
        met.add(answer.status_code)
        if answer.status_code == 429:
            break
    assert not too_much(flown, viewer, read(answer))
    assert {400, 403, 404, 409, 422, 429, 500, 503} <= met, met
    assert re.search("RuntimeError", logged(caplog)), "errors are logged, by their kind"
    assert not canaries.found_in(logged(caplog))
    # The control: written as Python would by itself, the same lines repeat the value.
    assert word in caplog.text


def test_the_flows_sing_when_a_reason_is_taken_for_another(
    flown: Flown, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: with the cut taken out, the same looks find what nobody may see."""
    from wholeplace.agreements import cut, gateway

    monkeypatch.setattr(
        gateway, "cut_down", lambda term, level, value: cut.cut_down(term, Level.DETAIL, value)
    )
    wrong = 0
    for persona, purpose in KINDS.values():
        client, viewer = act_as(user_of(persona))
        body = read(client.get(f"/people/{flown.person_id}/?for={purpose}", follow=True))
        wrong += len(too_much(flown, viewer, body))
    assert wrong > 0
