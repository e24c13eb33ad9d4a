"""Meetings on screen: who may open what, packs, the door of the room, minutes, calendar files."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from icalendar import Calendar

from wholeplace.foundation.errors import UnsafeActionError
from wholeplace.foundation.lifecycle import ChangedMeanwhileError
from wholeplace.web.teams.meetings import minutes, room
from wholeplace.web.teams.models import Action, AgendaItem, Attendance

pytestmark = pytest.mark.django_db(transaction=True)
NAMES = ("Leanne", "Harlow", "Jayden", "Weaver Street", "Mia", "Craig")


def of(persona: str) -> Client:
    from wholeplace.web.accounts.models import User

    client = Client()
    user = User.objects.get(persona=persona)
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    return client


def page(persona: str, address: str, status: int = 200) -> str:
    answer = of(persona).get(address)
    assert answer.status_code == status, f"{persona} at {address}: {answer.status_code}"
    return answer.content.decode()


def test_the_pages_of_a_meeting_from_agenda_to_agreed_minutes(coming: Any, past: Any) -> None:
    assert "Weaver Street hub" in page("tom-ellis", "/teams/meetings/")
    agenda = page("tom-ellis", f"/teams/meetings/{coming.pk}/")
    assert "Jayden Harlow" in agenda and "Actions are overdue" in agenda
    assert "What these words mean to each of us" in agenda
    # Before the packs are out, who only takes part learns of nobody.
    assert "Jayden" not in page("dean-walsh", f"/teams/meetings/{coming.pk}/")
    page("dean-walsh", f"/teams/meetings/{coming.pk}/pack/", 404)
    told = page("helen-marsh", f"/teams/meetings/{past.pk}/minutes/")
    assert "four of five days" in told and "does not agree" in told and "Agreed" in told
    assert "Not there" in told and "Dean Walsh" in told
    # Somebody who is not asked does not learn that there is a meeting.
    page("lin-zhao", f"/teams/meetings/{coming.pk}/", 404)
    page("lin-zhao", f"/teams/meetings/{past.pk}/minutes/", 404)


def test_each_pack_is_of_its_readers_level(in_room: Any) -> None:
    found = in_room()
    amira = page("amira-khan", f"/teams/meetings/{found.pk}/pack/")
    dean = page("dean-walsh", f"/teams/meetings/{found.pk}/pack/")
    assert "Jayden Harlow" in amira and "back in school for a whole term" in amira
    assert amira.count("<li>") > dean.count("<li>")


def test_a_joiner_is_let_in_only_after_the_narrower_view_was_drawn(
    in_room: Any, viewer: Any
) -> None:
    found = in_room("tom-ellis", "helen-marsh")
    item = AgendaItem.objects.filter(meeting=found).exclude(case_id="").get()
    amira, dean, at = viewer("amira-khan"), viewer("dean-walsh"), dt.datetime.now(dt.UTC)
    address = f"/teams/meetings/{found.pk}/room/"
    wide = page("amira-khan", f"/teams/meetings/{found.pk}/items/{item.pk}/")
    early = room.mark_of(found, room.drawn_for(found))
    page("dean-walsh", address)
    of("dean-walsh").post(f"/teams/meetings/{found.pk}/door/", {"event": "knock"})
    assert "Draw the narrower view for Dean Walsh" in page("amira-khan", address)
    for mark in (early, "", "0" * 64):
        with pytest.raises(UnsafeActionError):
            room.let_in(amira, found.pk, dean.user_id, mark, at)
    assert "You are at the door" in page("dean-walsh", address)
    of("amira-khan").post(
        f"/teams/meetings/{found.pk}/door/", {"event": "narrow", "user": dean.user_id}
    )
    with pytest.raises(UnsafeActionError):
        room.let_in(amira, found.pk, dean.user_id, early, at)
    drawn = page("amira-khan", address)
    assert "drawn for Dean Walsh" in drawn
    narrow = page("amira-khan", f"/teams/meetings/{found.pk}/items/{item.pk}/")
    assert wide.count("<li>") >= narrow.count("<li>")
    mark = drawn.split('name="mark" value="')[1].split('"')[0]
    of("amira-khan").post(
        f"/teams/meetings/{found.pk}/door/",
        {"event": "let-in", "user": dean.user_id, "mark": mark},
    )
    assert Attendance.objects.get(meeting=found, user_id=dean.user_id).standing == "present"
    assert "In the room" in page("dean-walsh", address)


def test_the_room_shows_no_more_to_one_than_to_another(in_room: Any) -> None:
    found = in_room("tom-ellis", "helen-marsh", "dean-walsh")
    item = AgendaItem.objects.filter(meeting=found).exclude(case_id="").get()
    address = f"/teams/meetings/{found.pk}/items/{item.pk}/"

    def history(persona: str) -> str:
        return page(persona, address).split("What these words mean")[0].split("<h1")[1]

    assert history("amira-khan") == history("dean-walsh") == history("helen-marsh")


def test_everybody_in_the_room_stands_in_the_trail(in_room: Any, viewer: Any) -> None:
    from wholeplace.web.chain.models import Entry

    found = in_room("helen-marsh", "dean-walsh")
    page("amira-khan", f"/teams/meetings/{found.pk}/room/")
    events = [each.event for each in Entry.objects.order_by("-position")[:3]]
    assert {each["page"] for each in events} == {"meeting-room"}
    assert {each["actor"] for each in events} == {
        viewer(each).user_id for each in ("amira-khan", "helen-marsh", "dean-walsh")
    }
    assert {each["reason"] and each["kind"] for each in events} <= {None, "sight"}


def test_two_people_write_at_once_and_the_second_sees_what_stands(in_room: Any) -> None:
    found = in_room("tom-ellis", "helen-marsh")
    item = AgendaItem.objects.filter(meeting=found).exclude(case_id="").get()
    address = f"/teams/meetings/{found.pk}/items/{item.pk}/step/"
    typed = {"event": "write", "version": item.version, "family_voice": ""}
    first = of("tom-ellis").post(address, {**typed, "discussion": "He came on four days."})
    assert first.status_code == 302
    second = of("amira-khan").post(address, {**typed, "discussion": "He came on Monday."})
    body = second.content.decode()
    assert second.status_code == 409
    assert "He came on four days." in body and "He came on Monday." in body
    item.refresh_from_db()
    assert item.discussion == "He came on four days."


def test_an_action_born_in_the_room_is_the_plans(in_room: Any, viewer: Any) -> None:
    found = in_room("helen-marsh")
    item = AgendaItem.objects.filter(meeting=found).exclude(case_id="").get()
    from wholeplace.web.teams.models import Goal

    goal = Goal.objects.filter(case_id=item.case_id, outcome="").first()
    helen = viewer("helen-marsh")
    due = dt.datetime.now(dt.UTC).date() + dt.timedelta(days=9)
    typed = {
        "event": "propose", "goal": goal.pk, "what": "Ring home before nine when he is away",
        "owner": f"{helen.organisation}:{helen.user_id}", "due_on_0": due.day,
        "due_on_1": due.month, "due_on_2": due.year, "due_on_day": due.day,
        "due_on_month": due.month, "due_on_year": due.year,
    }  # fmt: skip
    answer = of("amira-khan").post(f"/teams/meetings/{found.pk}/items/{item.pk}/step/", typed)
    assert answer.status_code == 302, answer.content.decode()[:3000]
    made = Action.objects.get(meeting=found.pk)
    assert (made.goal_id, made.owner, made.state) == (goal.pk, helen.user_id, "proposed")
    assert "Ring home before nine" in page("helen-marsh", f"/teams/cases/{item.case_id}/plan/")


def test_minutes_are_agreed_by_each_who_was_there_and_a_change_asks_again(
    in_room: Any, viewer: Any
) -> None:
    found = in_room("tom-ellis", "helen-marsh")
    item = AgendaItem.objects.filter(meeting=found).exclude(case_id="").get()
    at = dt.datetime.now(dt.UTC)
    amira, helen, tom = (viewer(each) for each in ("amira-khan", "helen-marsh", "tom-ellis"))
    decision = minutes.decide_in_room(tom, found.pk, item.pk, "He starts at ten for a while.", at)
    found.refresh_from_db()
    with pytest.raises(UnsafeActionError):
        minutes.agree_minutes(tom, found.pk, found.minutes_version, at)
    minutes.agree_minutes(helen, found.pk, found.minutes_version, at)
    tomorrow = dt.datetime.now(dt.UTC).date() + dt.timedelta(days=5)
    new = minutes.NewDissent("Ten is too late for the bus.", amira.user_id, tomorrow)
    minutes.disagree(helen, found.pk, decision.pk, new, at)
    with pytest.raises(ChangedMeanwhileError):
        minutes.agree_minutes(amira, found.pk, found.minutes_version, at)
    found.refresh_from_db()
    assert set(minutes.still_to_agree(found)) == {amira.user_id, helen.user_id}
    for each in (amira, helen):
        minutes.agree_minutes(each, found.pk, found.minutes_version, at)
    found.refresh_from_db()
    assert found.state == "minutes-agreed"


def test_a_disagreement_that_is_not_settled_comes_back_to_the_agenda(
    meeting_town: Any, past: Any, coming: Any
) -> None:
    from wholeplace.web.teams.meetings.agenda import propose_agenda
    from wholeplace.web.teams.models import Dissent

    coming.items.all().delete()
    dissent = Dissent.objects.get()
    Dissent.objects.update(escalate_on=coming.starts_at.date())
    lines = {each.case: each.causes for each in propose_agenda(coming).lines}
    assert "escalation" in lines[dissent.decision.item.case_id]
    Dissent.objects.update(settled_at=dt.datetime.now(dt.UTC))
    lines = {each.case: each.causes for each in propose_agenda(coming).lines}
    assert "escalation" not in lines.get(dissent.decision.item.case_id, ())


def test_a_calendar_file_names_nobody_and_no_place(coming: Any) -> None:
    answer = of("dean-walsh").get(f"/teams/meetings/{coming.pk}/invitation/")
    text = answer.content.decode()
    assert answer["Content-Type"].startswith("text/calendar")
    event = next(iter(Calendar.from_ical(text).walk("VEVENT")))
    assert event["SUMMARY"] == "Multi-disciplinary team meeting"
    assert event["DTSTART"].dt == coming.starts_at.replace(microsecond=0)
    assert not any(each in text for each in (*NAMES, "Khan", "Ellis", "Walsh"))


def test_apologies_close_ones_pack(in_room: Any, coming: Any, viewer: Any) -> None:
    from wholeplace.web.gateway.models import WorkingRelationship
    from wholeplace.web.teams.meetings import planning

    at = dt.datetime.now(dt.UTC)
    planning.take_meeting_step(
        viewer("tom-ellis"), coming.pk, "issue-packs", coming.version, "", at
    )
    dean = viewer("dean-walsh")
    mine = WorkingRelationship.objects.filter(
        kind="meeting", source_id=coming.pk, user_id=dean.user_id, closed_at=None
    )
    assert mine.exists()
    of("dean-walsh").post(f"/teams/meetings/{coming.pk}/step/", {"event": "apologise"})
    assert not mine.exists()


def test_somebody_whose_access_ends_narrows_the_room_to_nothing_and_is_taken_out(
    in_room: Any, viewer: Any
) -> None:
    from wholeplace.web.accounts.models import User

    found = in_room("helen-marsh")
    User.objects.filter(persona="helen-marsh").update(is_active=False)
    assert "Jayden" not in page("amira-khan", f"/teams/meetings/{found.pk}/room/")
    room.leave_every_room(viewer("helen-marsh").user_id, dt.datetime.now(dt.UTC))
    assert "Jayden" in page("amira-khan", f"/teams/meetings/{found.pk}/room/")


def test_a_meeting_is_no_reason_to_look_at_somebody_taken_out_of_the_case(
    coming: Any, viewer: Any
) -> None:
    from wholeplace.web.gateway.reasons import live_reasons_for
    from wholeplace.web.teams.changes.opening import remove_person
    from wholeplace.web.teams.models import Case

    at, amira, tom = dt.datetime.now(dt.UTC), viewer("amira-khan"), viewer("tom-ellis")
    case = Case.objects.get(pk=coming.items.exclude(case_id="").get().case_id)
    person = case.people.filter(is_main=False, removed_at=None).first().person_id
    assert person in live_reasons_for(tom, [person], at, case.purpose)
    remove_person(amira, case.pk, case.version, person, "They moved to their aunt.", at)
    held = live_reasons_for(tom, [person], dt.datetime.now(dt.UTC), case.purpose)
    assert held.get(person) is None or held[person].kind != "meeting"
