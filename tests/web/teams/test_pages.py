"""Every page of teams opens for whom it is meant, and says no to everybody else alike."""

from collections.abc import Callable
from typing import Any

import pytest
from tests.web.doors import doors

from wholeplace.web.teams.models import Action, Assessment, Goal, Note

from .conftest import Work

pytestmark = pytest.mark.django_db(transaction=True)


def pages(work: Work) -> list[str]:
    case, goal, action = work.case.pk, Goal.objects.all()[0].pk, Action.objects.all()[0].pk
    return [
        f"/teams/cases/{case}/", f"/teams/cases/{case}/plan/", f"/teams/cases/{case}/plan/print/",
        f"/teams/cases/{case}/team/", f"/teams/cases/{case}/people/", f"/teams/cases/{case}/note/",
        f"/teams/cases/{case}/assessment/", f"/teams/cases/{case}/plan/goal/",
        f"/teams/cases/{case}/plan/{goal}/action/", f"/teams/actions/{action}/",
    ]  # fmt: skip


def test_the_teams_pages_open_for_the_team_and_are_not_there_for_others(
    work: Work, client_of: Callable[[str], Any]
) -> None:
    for persona, expected in (("amira-khan", 200), ("rosa-finch", 200), ("dean-walsh", 404), ("nadia-price", 404), ("wen-li", 403), ("leanne-harlow", 403)):  # fmt: skip
        client = client_of(persona)
        for address in pages(work):
            assert client.get(address).status_code == expected, f"{persona} at {address}"
    for persona in ("amira-khan", "tom-ellis", "dean-walsh"):
        for address in ("/teams/", "/teams/referrals/", "/teams/cases/", "/teams/links/", "/teams/mail/"):  # fmt: skip
            assert client_of(persona).get(address).status_code == 200


def test_each_form_keeps_what_is_typed(work: Work, client_of: Callable[[str], Any]) -> None:
    client, case = client_of("amira-khan"), work.fresh()
    today, base = work.place.today, f"/teams/cases/{case.pk}"
    note = {"kind": "visit", "person_id": work.people[0], "on_day": today.day, "on_month": today.month, "on_year": today.year, "text": "He opened the door himself today", "readers": "team"}  # fmt: skip
    assert client.post(f"{base}/note/", note).status_code == 302
    assert Note.objects.filter(text="He opened the door himself today").exists()
    assert client.post(f"{base}/note/", {**note, "readers": "named"}).status_code == 422
    form = {"version": work.fresh().version, "wishes": "To be left in peace"}
    for headline in work.place.place.frameworks[0].headlines:
        form[f"{headline.id}-scale"] = "2"
    before = Assessment.objects.count()
    assert client.post(f"{base}/assessment/", {**form, "version": 1}).status_code == 422
    assert client.post(f"{base}/assessment/", form).status_code == 302
    assert Assessment.objects.count() == before + 1
    goal = {"version": work.fresh().version, "person_id": work.people[1], "need": "good-education/good-education:other", "words": "I want to read with Mia", "seen_when": "We read every evening for a month"}  # fmt: skip
    assert client.post(f"{base}/plan/goal/", goal).status_code == 302
    made = Goal.objects.latest("pk")
    action = {"what": "Bring three books that they like", "owner": str(work.user("joan-obi").pk), "due_on_day": "1", "due_on_month": "12", "due_on_year": str(today.year + 1)}  # fmt: skip
    assert client.post(f"{base}/plan/{made.pk}/action/", action).status_code == 302
    assert Action.objects.get(goal=made).organisation == "nhs-community"
    page = client_of("joan-obi").get("/teams/").content.decode()
    assert "Bring three books" in page and "not yet agreed" in page
    answer = client_of("joan-obi").post(f"/teams/actions/{Action.objects.get(goal=made).pk}/step/", {"event": "agree", "version": 1})  # fmt: skip
    assert answer.status_code == 302
    stale = client_of("joan-obi").post(f"/teams/actions/{Action.objects.get(goal=made).pk}/step/", {"event": "begin", "version": 1})  # fmt: skip
    assert stale.status_code == 409 and "Somebody else changed it" in stale.content.decode()


def test_a_referral_is_written_checked_and_sent_on_screen(
    work: Work, client_of: Callable[[str], Any]
) -> None:
    from wholeplace.web.teams.models import Referral

    amira = client_of("amira-khan")
    address = f"/teams/referrals/new/{work.people[1]}/?for=whole-family-support"
    page = amira.get(address).content.decode()
    assert "Somebody works with them already" in page and "Jayden" in page
    typed = {"receiver": "charity", "purpose": "whole-family-support", "household": [work.people[2]], "why": "Her debts keep her awake, and she asked for somebody.", "urgency": "soon", "agreed": "yes"}  # fmt: skip
    assert amira.post(address, {**typed, "agreed": "no"}).status_code == 422
    answer = amira.post(address, typed)
    assert answer.status_code == 302
    found = Referral.objects.get(state="draft")
    page = amira.get(answer["Location"]).content.decode()
    assert "Read it before you send it" in page
    assert client_of("jo-adeyemi").get(answer["Location"]).status_code == 404, "a draft is its writer's"  # fmt: skip
    sent = amira.post(f"{answer['Location']}step/", {"event": "send", "version": found.version})
    assert sent.status_code == 302
    page = client_of("jo-adeyemi").get("/teams/").content.decode()
    assert "Referrals to decide on" in page and found.pk in page


def test_every_door_of_teams_is_in_the_walks() -> None:
    names = {door.name for door in doors() if door.name.startswith("teams:")}
    assert len(names) >= 35
    assert all(door.mark.shows in ("personal", "operations", "by-link") for door in doors() if door.name in names)  # fmt: skip


def test_erasing_somebody_leaves_nothing_of_them_in_any_table(work: Work) -> None:
    from django.apps import apps

    from wholeplace.web.retention.sweeping import sweep_database

    mia = work.people[2]
    sweep_database([mia], [])
    for model in apps.get_app_config("teams").get_models():
        for column in (f.attname for f in model._meta.concrete_fields if f.attname.endswith("person_id")):  # fmt: skip
            assert not model.objects.filter(**{column: mia}).exists(), model
    assert work.fresh().goals.count() == 2, "the others go on"
    sweep_database(work.people, [])
    for name in ("Case", "Referral", "Note", "Goal", "Action", "Assessment", "FamilyWord"):
        model = apps.get_model("teams", name)
        left = model.objects.all() if name == "Case" else model.objects.filter(person_id__in=work.people)  # fmt: skip
        assert not left.exists(), name
