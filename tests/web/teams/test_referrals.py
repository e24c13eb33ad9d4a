"""A referral from all sides: sent with its household frozen, decided on, followed, never lost."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from wholeplace.agreements.standing.records import AuditUnavailableError
from wholeplace.foundation.errors import NotFoundError, UnsafeActionError
from wholeplace.foundation.lifecycle import ChangedMeanwhileError
from wholeplace.web.chain.models import Entry
from wholeplace.web.gateway.reasons import live_reason_for, open_reason
from wholeplace.web.teams.changes.links import find_link, is_right_code, make_link, send_for_self
from wholeplace.web.teams.changes.referring import (  # fmt: skip
    Told,
    draft_referral,
    edit_draft,
    send_referral,
    take_sender_step,
)
from wholeplace.web.teams.changes.triaging import (  # fmt: skip
    Decided,
    identify_person,
    sweep_late,
    take_triage_step,
)
from wholeplace.web.teams.models import Case, Referral, ReferralLink

from .conftest import Work

pytestmark = pytest.mark.django_db(transaction=True)

FOR = "whole-family-support"
WHY = "He was seen asleep on the stairs two mornings running, and is afraid to go home."
SECRET = "Zanzibarquartz"


def now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def told(receiver: str = "council-children", **given: Any) -> Told:
    return Told(receiver, FOR, "soon", f"{WHY} {SECRET}", "yes", **given)


def send(work: Work, persona: str = "joan-obi", people: list[str] | None = None, **given: Any) -> Referral:  # fmt: skip
    viewer, who = work.viewer(persona), people or work.people[:2]
    for each in who:
        open_reason(viewer, each, FOR, "A duty call in a test of referrals", now())
    draft = draft_referral(work.user(persona), viewer, who, told(**given), now())
    return send_referral(viewer, draft.pk, draft.version, now())


def take(work: Work, found: Referral, event: str, persona: str = "tom-ellis", **given: Any) -> Referral:  # fmt: skip
    found.refresh_from_db()
    framework = work.place.place.frameworks[0]
    decided = Decided(framework=(framework.id, framework.version), **given)
    return take_triage_step(work.viewer(persona), found.pk, event, found.version, decided, now())


def test_a_referral_asks_for_a_live_reason_about_everybody_in_it(work: Work) -> None:
    dean = work.viewer("dean-walsh")
    open_reason(dean, work.people[0], FOR, "A duty call in a test of referrals", now())
    with pytest.raises(UnsafeActionError):
        draft_referral(work.user("dean-walsh"), dean, work.people[:2], told(), now())
    assert draft_referral(work.user("dean-walsh"), dean, work.people[:1], told(), now())


def test_without_agreement_it_says_why(work: Work) -> None:
    joan = work.viewer("joan-obi")
    for agreed, why, is_refused in (
        ("no", "", True),
        ("not-asked", "short", True),
        ("no", WHY, False),
    ):
        one = Told("council-children", FOR, "soon", WHY, agreed, agreed_why=why)
        if is_refused:
            with pytest.raises(UnsafeActionError):
                draft_referral(work.user("joan-obi"), joan, work.people[:1], one, now())
        else:
            draft_referral(work.user("joan-obi"), joan, work.people[:1], one, now())


def test_who_it_is_about_is_frozen_when_it_is_sent(work: Work) -> None:
    found = send(work)
    held = list(found.people.values_list("person_id", flat=True))
    with pytest.raises(UnsafeActionError):
        edit_draft(work.viewer("joan-obi"), found.pk, found.version, work.people[:1], told(), now())
    assert list(found.people.values_list("person_id", flat=True)) == held == work.people[:2]


def test_taking_it_on_gives_a_reason_and_its_end_takes_it_away(work: Work) -> None:
    found, tom = send(work), work.viewer("tom-ellis")
    person = work.people[0]
    assert live_reason_for(tom, person, now(), FOR) is None
    take(work, found, "acknowledge")
    reason = live_reason_for(tom, person, now(), FOR)
    assert reason is not None and reason.kind == "referral"
    assert live_reason_for(tom, person, now(), "safeguarding") is None, "for its purpose alone"
    take(work, found, "decline", kind="provider-capacity", words="We have no worker before May.")
    assert live_reason_for(tom, person, now(), FOR) is None
    joan = live_reason_for(work.viewer("joan-obi"), person, now(), FOR)
    assert joan is not None, "the sender reads what became of it for some days"


def test_a_decline_says_on_whose_side_it_is(work: Work) -> None:
    found = send(work)
    take(work, found, "acknowledge")
    for given in ({"words": "We have no worker before May."}, {"kind": "person"}, {"kind": "nonsense", "words": "We have no worker."}):  # fmt: skip
        with pytest.raises(UnsafeActionError):
            take(work, found, "decline", **given)
    done = take(work, found, "decline", kind="not-reached", words="We rang four times and wrote.")
    assert (done.state, done.decline_kind) == ("declined", "not-reached")


def test_the_second_triager_is_told_what_changed(work: Work) -> None:
    found = send(work)
    seen = found.version
    take(work, found, "acknowledge", "amira-khan")
    with pytest.raises(ChangedMeanwhileError) as error:
        take_triage_step(
            work.viewer("tom-ellis"), found.pk, "decline", seen,
            Decided(kind="person", words="They said that they do not want it."), now(),
        )  # fmt: skip
    assert "being looked at" in str(error.value)
    found.refresh_from_db()
    assert found.state == "acknowledged"


def test_withdrawn_before_it_was_accepted_wins_over_accepting(work: Work) -> None:
    found = send(work)
    take(work, found, "acknowledge")
    found.refresh_from_db()
    take_sender_step(work.viewer("joan-obi"), found.pk, "withdraw", found.version, "", now())
    with pytest.raises(UnsafeActionError):
        take(work, found, "accept")
    assert live_reason_for(work.viewer("tom-ellis"), work.people[0], now(), FOR) is None


def test_the_senders_time_does_not_count_and_late_is_passed_up_once(work: Work) -> None:
    found = send(work)
    take(work, found, "acknowledge")
    take(work, found, "ask", words="Has she been to the surgery since?")
    Referral.objects.filter(pk=found.pk).update(paused_since=now() - dt.timedelta(hours=5))
    found.refresh_from_db()
    take_sender_step(work.viewer("joan-obi"), found.pk, "answer", found.version, "Yes, on Monday last.", now())  # fmt: skip
    found.refresh_from_db()
    assert 5 * 3600 <= found.paused_seconds < 5 * 3600 + 60
    before = sweep_late(now())
    Referral.objects.filter(pk=found.pk).update(due_at=now() - dt.timedelta(hours=40))
    assert (sweep_late(now()), sweep_late(now())) == (1, 0), before
    found.refresh_from_db()
    assert found.state == "acknowledged", "nothing closes by itself"


def test_passed_on_it_goes_to_the_other_in_its_senders_name(work: Work) -> None:
    found = send(work)
    done = take(work, found, "redirect", partner="council-housing", words="It is about their flat.")
    onward = Referral.objects.get(pk=done.redirected_to)
    assert (onward.state, onward.receiver, onward.sent_by) == ("sent", "council-housing", found.sent_by)  # fmt: skip
    assert list(onward.people.values_list("person_id", flat=True)) == work.people[:2]
    for wrong in ("", "council-children", "nhs-community"):
        other = send(work)
        with pytest.raises(UnsafeActionError):
            take(work, other, "redirect", partner=wrong, words="It is about their flat.")


def test_starting_opens_a_case_or_joins_one(work: Work) -> None:
    found = send(work)
    for event in ("acknowledge", "accept"):
        take(work, found, event)
    joined = take(work, found, "start", "amira-khan", case=work.case.pk)
    assert joined.case_id == work.case.pk and Case.objects.count() == 1
    other = send(work)
    for event in ("acknowledge", "accept"):
        take(work, other, event)
    begun = take(work, other, "start", job="Leads it")
    case = Case.objects.get(pk=begun.case_id)
    assert case.pk != work.case.pk and case.members.get().is_lead
    reason = live_reason_for(work.viewer("tom-ellis"), work.people[1], now(), FOR)
    assert reason is not None


def test_somebody_elses_referral_is_nobodys(work: Work, client_of: Callable[[str], Any]) -> None:
    found = send(work)
    for persona in ("dean-walsh", "rosa-finch", "helen-marsh"):
        with pytest.raises(NotFoundError):
            take(work, found, "acknowledge", persona)
        assert client_of(persona).get(f"/teams/referrals/{found.pk}/").status_code == 404
    assert client_of("leanne-harlow").get(f"/teams/referrals/{found.pk}/").status_code == 403


def test_the_queue_names_nobody_before_it_is_looked_at(
    work: Work, client_of: Callable[[str], Any]
) -> None:
    found = send(work)
    tom = client_of("tom-ellis")
    for address in ("/teams/referrals/", f"/teams/referrals/{found.pk}/", "/teams/"):
        page = tom.get(address).content.decode()
        assert found.pk in page
        assert SECRET not in page and "Harlow" not in page, address
    answer = tom.post(f"/teams/referrals/{found.pk}/step/", {"event": "acknowledge", "version": found.version})  # fmt: skip
    assert answer.status_code == 302
    page = tom.get(f"/teams/referrals/{found.pk}/").content.decode()
    assert SECRET in page and "Harlow" in page
    assert "Somebody works with them already" in page and "Amira Khan" in page


def test_no_word_of_it_stands_in_the_trail(work: Work) -> None:
    found = send(work, family_says=f"{SECRET} said")
    take(work, found, "acknowledge")
    take(work, found, "decline", kind="unsafe", words=f"It would put her in danger: {SECRET}")
    events = [each.event for each in Entry.objects.all()]
    kinds = [each["kind"] for each in events if each.get("referral") == found.pk]
    assert kinds == [
        "referral.drafted",
        "referral.sent",
        "referral.acknowledge",
        "referral.decline",
    ]
    assert SECRET not in str(events) and not any(each in str(events) for each in work.people)


def test_without_a_trail_nothing_is_sent(work: Work, unwritable_trail: Any) -> None:
    joan = work.viewer("joan-obi")
    open_reason(joan, work.people[0], FOR, "A duty call in a test of referrals", now())
    draft = draft_referral(work.user("joan-obi"), joan, work.people[:1], told(), now())
    with unwritable_trail(), pytest.raises(AuditUnavailableError):
        send_referral(joan, draft.pk, draft.version, now())
    draft.refresh_from_db()
    assert draft.state == "draft"


LINKED = {
    "sending": "1", "name": "Jayden Harlow", "born_on_day": "9", "born_on_month": "5", "born_on_year": "2012",
    "contact": "", "sender_name": "Pat Lee", "sender_job": "Caretaker", "sender_contact": "01632 960999",
    "why": f"{WHY} {SECRET}", "urgency": "soon", "agreed": "yes", "wanted": "", "family_says": "",
    "agreed_why": "", "contact_safety": "",
}  # fmt: skip


def test_a_link_sends_one_referral_and_nothing_else(
    work: Work, client: Any, client_of: Callable[[str], Any]
) -> None:
    tom = work.viewer("tom-ellis")
    _, secret, code = make_link(tom, "schools-trust", FOR, "Pat Lee, caretaker", now())
    assert secret not in str(ReferralLink.objects.values()) and code not in str(ReferralLink.objects.values())  # fmt: skip
    address = f"/teams/by-link/{secret}/"
    before = client.get(address).content.decode()
    assert "Enter the code" in before and "Three Rivers" not in before
    assert client.post(address, LINKED).status_code == 422, "no code, nothing sent"
    assert client.post(address, {"code": "WRONG"}).status_code == 422
    assert client.post(address, {"code": code.lower()}).status_code == 302
    answer = client.post(address, LINKED)
    assert "It was sent" in answer.content.decode()
    assert client.get(address).status_code == 404, "it works once"
    found = Referral.objects.get(how="link")
    assert (found.sender, found.receiver) == ("schools-trust", "council-children")
    take(work, found, "acknowledge")
    page = client_of("tom-ellis")
    row = found.people.get()
    shown = page.get(f"/teams/referrals/{found.pk}/who/{row.pk}/").content.decode()
    assert "It is this person" in shown and "Jayden Harlow" in shown, shown[-3000:]
    assert work.people[0] in shown
    found.refresh_from_db()
    answer = page.post(
        f"/teams/referrals/{found.pk}/who/{row.pk}/",
        {"version": found.version, "person_id": work.people[0]},
    )
    assert answer.status_code == 302
    found.refresh_from_db()
    assert found.person_id == work.people[0]
    assert live_reason_for(tom, work.people[0], now(), FOR)
    assert SECRET in page.get(f"/teams/referrals/{found.pk}/").content.decode()


def test_only_who_was_found_can_be_said_to_be_meant(work: Work, client_of: Callable[[str], Any]) -> None:  # fmt: skip
    tom = work.viewer("tom-ellis")
    _, secret, _ = make_link(tom, "schools-trust", FOR, "Pat Lee, caretaker", now())
    link = find_link(secret, now())
    assert link is not None
    from wholeplace.web.teams.changes.links import Typed, send_by_link

    typed = Typed("Jayden Harlow", dt.date(2012, 5, 9), "", "Pat Lee", "Caretaker", "01632")
    found = send_by_link(link, told(), typed, now())
    with pytest.raises(UnsafeActionError):
        send_by_link(link, told(), typed, now())
    take(work, found, "acknowledge")
    row = found.people.get()
    answer = client_of("tom-ellis").post(
        f"/teams/referrals/{found.pk}/who/{row.pk}/",
        {"version": found.version, "person_id": "p000000000000000"},
    )
    assert answer.status_code == 404
    with pytest.raises(UnsafeActionError):
        identify_person(work.viewer("amira-khan"), found.pk, row.pk + 99, work.people[0], found.version, now())  # fmt: skip


def test_a_few_wrong_codes_kill_a_link(work: Work) -> None:
    made, secret, code = make_link(work.viewer("tom-ellis"), "charity", FOR, "Pat Lee", now())
    for _ in range(5):
        assert not is_right_code(made, "WRONG")
    assert not is_right_code(made, code)
    assert find_link(secret, now()) is None


def test_a_resident_asks_for_themselves_sees_what_becomes_of_it_and_withdraws(
    work: Work, client_of: Callable[[str], Any]
) -> None:
    leanne = client_of("leanne-harlow")
    typed = {"receiver": "council-children", "why": f"{WHY} {SECRET}", "urgency": "soon"}
    assert leanne.post("/teams/my-plan/ask/", typed).status_code == 302
    found = Referral.objects.get(how="self")
    assert found.person_id == work.people[1] and found.agreed == "yes"
    assert leanne.post("/teams/my-plan/ask/", typed).status_code == 422, "asked already"
    take(work, found, "acknowledge")
    page = client_of("tom-ellis").get(f"/teams/referrals/{found.pk}/").content.decode()
    assert SECRET in page
    found.refresh_from_db()
    answer = leanne.post(f"/teams/my-plan/no-longer/{found.pk}/", {"version": found.version})
    assert answer.status_code == 302
    found.refresh_from_db()
    assert found.state == "consent-withdrawn"
    assert live_reason_for(work.viewer("tom-ellis"), work.people[1], now(), FOR) is None


def test_a_referral_that_they_do_not_know_of_is_not_told_on_their_page(
    work: Work, client_of: Callable[[str], Any]
) -> None:
    leanne, page = work.people[1], client_of("leanne-harlow")
    viewer = work.viewer("joan-obi")
    open_reason(viewer, leanne, FOR, "A duty call in a test of referrals", now())
    for agreed, is_told in (("not-asked", False), ("yes", True)):
        one = Told("council-adults", FOR, "soon", WHY, agreed, agreed_why=WHY)
        draft = draft_referral(work.user("joan-obi"), viewer, [leanne], one, now())
        send_referral(viewer, draft.pk, draft.version, now())
        shown = page.get("/teams/my-plan/").content.decode()
        assert ("adult social care" in shown) is is_told


def test_a_resident_withdraws_nobody_elses(work: Work, client_of: Callable[[str], Any]) -> None:
    found = send(work, people=work.people[:1])
    answer = client_of("leanne-harlow").post(f"/teams/my-plan/no-longer/{found.pk}/", {"version": found.version})  # fmt: skip
    assert answer.status_code == 404
    found.refresh_from_db()
    assert found.state == "sent"


def test_a_second_wish_for_the_same_waits_for_the_first(work: Work) -> None:
    leanne = work.user("leanne-harlow")
    send_for_self(leanne, work.people[1], told(), now())
    with pytest.raises(UnsafeActionError):
        send_for_self(leanne, work.people[1], told(), now())
    assert send_for_self(leanne, work.people[1], told("council-housing"), now())
