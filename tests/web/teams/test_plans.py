"""The plan: need, outcome, owner; the family reads, disagrees and is answered; nobody is given work."""

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail

from wholeplace.foundation.errors import NotFoundError, UnsafeActionError
from wholeplace.foundation.lifecycle import ChangedMeanwhileError
from wholeplace.web.teams.access import framework_of
from wholeplace.web.teams.changes.opening import let_read_plan
from wholeplace.web.teams.changes.planning import (
    NewAction,
    NewGoal,
    add_action,
    add_goal,
    answer_family,
    set_outcome,
    take_action_step,
)
from wholeplace.web.teams.models import Action, FamilyWord, Goal, MailChoice, MailSent
from wholeplace.web.teams.reminders import is_quiet, send_digests

from .conftest import Work

pytestmark = pytest.mark.django_db(transaction=True)


def now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def proposed(work: Work, owner: str = "joan-obi") -> Action:
    return Action.objects.get(owner=str(work.user(owner).pk), state="proposed")


def test_every_action_names_a_need_and_an_outcome_of_the_cases_framework(work: Work) -> None:
    framework = framework_of(work.place, work.case)
    needs = {h.id: {n.id for n in h.needs} | {f"{h.id}:other"} for h in framework.headlines}
    assert Action.objects.count() >= 5
    for action in Action.objects.select_related("goal"):
        assert action.goal.need in needs[action.goal.headline]
        assert action.organisation and action.owner and action.due_on
    amira = work.viewer("amira-khan")
    wrong = NewGoal(work.people[0], "no-such-need", "good-education", "I want to be in school", "He goes there every day")  # fmt: skip
    with pytest.raises(UnsafeActionError):
        add_goal(amira, work.case.pk, work.fresh().version, wrong, framework, now())


def test_an_action_is_somebodys_of_the_team_for_their_own_organisation(work: Work) -> None:
    amira, goal = work.viewer("amira-khan"), Goal.objects.all()[0]
    soon = work.place.today + dt.timedelta(days=5)
    rosa, dean = str(work.user("rosa-finch").pk), str(work.user("dean-walsh").pk)
    for organisation, owner, due in (("police", rosa, soon), ("police", dean, soon), ("housing-association", "", soon), ("housing-association", rosa, soon - dt.timedelta(days=9))):  # fmt: skip
        new = NewAction(goal.pk, "Look at the damp in the bedroom", organisation, owner, due)
        with pytest.raises(UnsafeActionError):
            add_action(amira, work.case.pk, new, now())


def test_nobody_is_given_work_without_their_organisations_word(work: Work) -> None:
    action = proposed(work)
    with pytest.raises(UnsafeActionError):
        take_action_step(work.viewer("amira-khan"), action.pk, "agree", action.version, "", now())
    with pytest.raises(UnsafeActionError):
        take_action_step(work.viewer("rosa-finch"), action.pk, "agree", action.version, "", now())
    with pytest.raises(NotFoundError):
        take_action_step(work.viewer("dean-walsh"), action.pk, "agree", action.version, "", now())
    joan = work.viewer("joan-obi")
    agreed = take_action_step(joan, action.pk, "agree", action.version, "", now())
    assert agreed.state == "agreed"
    with pytest.raises(ChangedMeanwhileError):
        take_action_step(joan, action.pk, "begin", action.version, "", now())


def test_done_says_by_what_it_is_seen_and_not_done_says_why(work: Work) -> None:
    joan, action = work.viewer("joan-obi"), proposed(work)
    action = take_action_step(joan, action.pk, "agree", action.version, "", now())
    with pytest.raises(UnsafeActionError):
        take_action_step(joan, action.pk, "finish", action.version, "yes", now())
    with pytest.raises(UnsafeActionError):
        take_action_step(joan, action.pk, "give-up", action.version, "They moved house", now())
    ended = take_action_step(joan, action.pk, "give-up", action.version, "They moved house", now(), kind="circumstances-changed")  # fmt: skip
    assert (ended.state, ended.not_done_kind) == ("not-done", "circumstances-changed")


def test_a_goal_ends_only_when_nothing_for_it_is_open(work: Work) -> None:
    goal = Goal.objects.all()[0]
    with pytest.raises(UnsafeActionError):
        set_outcome(work.viewer("amira-khan"), goal.pk, goal.version, "met", "He is in school", now())  # fmt: skip
    with pytest.raises(NotFoundError):
        set_outcome(work.viewer("dean-walsh"), goal.pk, goal.version, "met", "He is in school", now())  # fmt: skip


def test_the_family_reads_says_and_is_answered(work: Work, client_of: Callable[[str], Any]) -> None:
    leanne = client_of("leanne-harlow")
    page = leanne.get("/teams/my-plan/").content.decode()
    assert "stop being afraid of the post" in page and "back in school for a whole term" in page
    assert "arrears go down" in page and "What keeps Jayden at home is fear" not in page
    said = {"goal": Goal.objects.all()[1].pk, "kind": "disagree", "text": "I never said that I was afraid."}  # fmt: skip
    assert leanne.post(f"/teams/my-plan/{work.case.pk}/say/", said).status_code == 302
    word = FamilyWord.objects.latest("pk")
    plan = client_of("amira-khan").get(f"/teams/cases/{work.case.pk}/plan/").content.decode()
    assert "I never said that I was afraid." in plan
    assert "1 word" in client_of("amira-khan").get("/teams/").content.decode() or word
    answer_family(work.viewer("amira-khan"), word.pk, word.version, "You are right, we change it", now())  # fmt: skip
    with pytest.raises(ChangedMeanwhileError):
        answer_family(work.viewer("joan-obi"), word.pk, word.version, "I answer it as well", now())
    assert "You are right, we change it" in leanne.get("/teams/my-plan/").content.decode()


def test_who_does_not_read_the_whole_plan_reads_their_own_goals(
    work: Work, client_of: Callable[[str], Any]
) -> None:
    let_read_plan(work.viewer("amira-khan"), work.case.pk, work.fresh().version, work.people[1], reads=False, at=now())  # fmt: skip
    page = client_of("leanne-harlow").get("/teams/my-plan/").content.decode()
    assert "stop being afraid of the post" in page
    assert "back in school" not in page and "Sundays" not in page
    jaydens = Goal.objects.get(person_id=work.people[0])
    said = {"goal": jaydens.pk, "kind": "comment", "text": "I say something of his."}
    client_of("leanne-harlow").post(f"/teams/my-plan/{work.case.pk}/say/", said)
    assert FamilyWord.objects.latest("pk").goal_id is None


def test_nobody_else_reads_or_speaks_of_the_familys_plan(
    work: Work, client_of: Callable[[str], Any]
) -> None:
    from wholeplace.web.accounts.models import User

    other = User.objects.create_user("other@resident.invalid", name="Resident", organisation="", roles=["resident"])  # fmt: skip
    from django.test import Client

    client = Client()
    client.force_login(other, "django.contrib.auth.backends.ModelBackend")
    assert "not open" in client.get("/teams/my-plan/").content.decode()
    for persona in ("amira-khan", "wen-li"):
        assert client_of(persona).get("/teams/my-plan/").status_code == 403


def test_the_plan_fits_on_paper_and_says_who_helps(
    work: Work, client_of: Callable[[str], Any]
) -> None:
    page = client_of("helen-marsh").get(f"/teams/cases/{work.case.pk}/plan/print/").content.decode()
    assert "Our plan" in page and "Joan Obi" in page and "data-wp-print" in page
    for label in ("Need:", "Outcome:", "We will see it when"):
        assert label in page


def midday(weekday: int) -> dt.datetime:
    """Return noon on the next such day of the week, from today on."""
    today = dt.datetime.now(dt.UTC).replace(hour=12, minute=0, second=0, microsecond=0)
    return today + dt.timedelta(days=(weekday - today.weekday()) % 7)


def digests() -> list[Any]:
    """Return the digests that went out; notices are mailed too, beside the request."""
    return [
        each for each in mail.outbox if re.fullmatch(r"\d+ things? waits? for you", each.subject)
    ]


def test_reminders_say_how_much_and_nothing_of_whom(work: Work, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    MailChoice.objects.create(user_id=str(work.user("helen-marsh").pk), often="never", quiet_from=0, quiet_to=0)  # fmt: skip
    MailChoice.objects.create(user_id=str(work.user("joan-obi").pk), often="daily", quiet_from=8, quiet_to=18)  # fmt: skip
    noon = midday(2)
    done = send_digests(work.place, noon, "https://example.org")
    sent = {each.to[0] for each in digests()}
    assert work.user("amira-khan").email in sent
    assert work.user("helen-marsh").email not in sent and work.user("joan-obi").email not in sent
    assert done.quiet >= 1 and done.sent == len(sent) == MailSent.objects.count()
    for message in digests():
        text = f"{message.subject} {message.body}"
        assert "https://example.org/teams/" in text
        for word in ("Harlow", "Jayden", "Leanne", "rent", "school", work.case.pk, *work.people):
            assert word not in text, word
    again = send_digests(work.place, noon, "https://example.org")
    assert again.sent == 0 and len(digests()) == len(sent), "one a day"
    evening = send_digests(work.place, noon.replace(hour=20), "")
    assert evening.sent == 1, "out of the quiet hours of whoever waits"
    assert send_digests(work.place, midday(5)).sent == 0, "not on a Saturday"


@pytest.mark.parametrize(
    ("hour", "start", "end", "expected"),
    [(20, 19, 7, True), (3, 19, 7, True), (7, 19, 7, False), (12, 19, 7, False), (9, 8, 10, True), (10, 8, 10, False), (5, 0, 0, False)],
)  # fmt: skip
def test_quiet_hours_go_over_midnight(hour: int, start: int, end: int, expected: bool) -> None:
    assert is_quiet(hour, start, end) is expected
