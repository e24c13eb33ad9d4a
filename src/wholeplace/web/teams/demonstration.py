"""Examples for a demonstration: referrals from every side, cases with teams, a plan for the Harlows.

All of it is made through the functions that the pages use, by the people of the town's cast.
"""

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils import timezone

from wholeplace.agreements import Request
from wholeplace.agreements.subjects.request import Viewer
from wholeplace.people.facts import Facts
from wholeplace.people.find import find_people
from wholeplace.people.searchable import Searchable
from wholeplace.teams.assessment import HeadlineView
from wholeplace.web.accounts.models import User
from wholeplace.web.gateway.reasons import live_reasons_for, open_reason
from wholeplace.web.teams.access import framework_of
from wholeplace.web.teams.changes.opening import let_read_plan
from wholeplace.web.teams.changes.planning import (
    NewAction,
    NewGoal,
    add_action,
    add_goal,
    say_as_family,
    take_action_step,
)
from wholeplace.web.teams.changes.referring import Told, draft_referral, send_referral
from wholeplace.web.teams.changes.stepping import Given, take_case_step
from wholeplace.web.teams.changes.team import add_member
from wholeplace.web.teams.changes.triaging import Decided, take_triage_step
from wholeplace.web.teams.changes.writing import Written, keep_assessment, write_note
from wholeplace.web.teams.meetings.demonstration import make_meetings
from wholeplace.web.teams.models import Case, Goal, Referral

if TYPE_CHECKING:
    from wholeplace.web.gateway.wiring import OpenPlace

__all__ = ["make_examples"]

_FAMILY = "whole-family-support"
_LEANNE = Facts(name="Leanne Harlow", birth_date=dt.date(1992, 3, 14))
_JAYDEN = Facts(name="Jayden Harlow", birth_date=dt.date(2012, 5, 9))
_MIA = Facts(name="Mia Dunn", birth_date=dt.date(2023, 8, 2))
_DUTY = "To look at the family together before we agree who does what."


@dataclass(frozen=True)
class _Cast:
    """Who acts in the examples: persona to user and to viewer."""

    users: dict[str, User]

    def user(self, persona: str) -> User:
        return self.users[persona]

    def viewer(self, persona: str) -> Viewer:
        user = self.users[persona]
        return Viewer(str(user.pk), user.organisation, user.roles[0])


def make_examples(place: "OpenPlace", *, with_meetings: bool = True) -> None:
    """Make the referrals, cases, plans and meetings of the demonstration, once."""
    cast = _Cast({user.persona: user for user in User.objects.exclude(persona="")})
    wanted = {"amira-khan", "tom-ellis", "helen-marsh", "joan-obi", "rosa-finch", "dean-walsh", "jo-adeyemi"}  # fmt: skip
    if not wanted <= set(cast.users) or Case.objects.exists() or Referral.objects.exists():
        return
    place.refresh_caseloads()
    at = timezone.now() - dt.timedelta(days=40)
    leanne, jayden, mia = (_find(place, cast, each) for each in (_LEANNE, _JAYDEN, _MIA))
    if not leanne or not jayden or not mia:
        # Another town than Larkbridge has no Harlows to show.
        return
    case = _harlows(place, cast, [leanne, jayden, mia], at)
    _plan(place, cast, case, {"leanne": leanne, "jayden": jayden, "mia": mia})
    _waiting(place, cast, leanne)
    if with_meetings:
        make_meetings(place)


def _harlows(place: "OpenPlace", cast: _Cast, people: list[str], at: dt.datetime) -> Case:
    """Let the school refer Jayden's family, and a team come together."""
    helen, amira = cast.viewer("helen-marsh"), cast.viewer("amira-khan")
    leanne, jayden, mia = people
    now = timezone.now()
    for each in people:
        _reason(helen, each, "Jayden has missed four weeks, and his mother asked me to call somebody in.", now)  # fmt: skip
        _reason(amira, each, _DUTY, now)
    told = Told(
        "council-children", _FAMILY, "soon",
        "Jayden has missed more than a third of this term. He says that he stays at home to look after "
        "his mother and Mia. Leanne came in and said that she cannot manage alone.",
        "yes", "Jayden back in school, and somebody for Leanne to talk to.",
        "“I want him in school. I am just so tired.”",
        contact_safety="Ring after 10 in the morning. Never write: Craig may still open the post.",
        relations={leanne: "mother", mia: "sister"},
    )  # fmt: skip
    draft = draft_referral(cast.user("helen-marsh"), helen, [jayden, leanne, mia], told, now)
    sent = send_referral(helen, draft.pk, draft.version, now)
    seen = take_triage_step(amira, sent.pk, "acknowledge", sent.version, Decided(), now)
    taken = take_triage_step(amira, sent.pk, "accept", seen.version, Decided(), now)
    framework = framework_of(place)
    begun = take_triage_step(
        amira, sent.pk, "start", taken.version,
        Decided(framework=(framework.id, framework.version), tier="targeted", job="Leads the plan and visits every week"),
        now,
    )  # fmt: skip
    case = Case.objects.get(pk=begun.case_id)
    for persona, job in (
        ("helen-marsh", "Looks out for Jayden at school"),
        ("joan-obi", "Visits Mia and Leanne at home"),
        ("rosa-finch", "Sorts out the rent and the damp"),
        ("jo-adeyemi", "Helps Leanne with her debts"),
    ):
        user = cast.user(persona)
        case = add_member(amira, case.pk, case.version, str(user.pk), job, now)
    Case.objects.filter(pk=case.pk).update(opened_at=at)
    for event in ("triage", "assess"):
        case = take_case_step(amira, case.pk, event, case.version, Given(), now)
    return case


def _plan(place: "OpenPlace", cast: _Cast, case: Case, people: dict[str, str]) -> None:
    """Assess the family, write what was heard, and agree who does what."""
    amira, now = cast.viewer("amira-khan"), timezone.now()
    framework = framework_of(place, case)
    today = place.today
    _notes(cast, case, people, today)
    case.refresh_from_db()
    views = [
        HeadlineView(each.id, *_HOW.get(each.id, (2, "", "")), needs=_NEEDS.get(each.id, ()))
        for each in framework.headlines
    ]
    wishes = "“I want Jayden in school, the rent sorted, and one person to ring.” (Leanne)"
    keep_assessment(amira, case.pk, case.version, views, wishes, framework, now)
    case.refresh_from_db()
    case = take_case_step(amira, case.pk, "plan", case.version, Given(), now)
    for whose, headline, need, words, seen_when, actions in _GOALS:
        new = NewGoal(people[whose], need, headline, words, seen_when)
        goal = add_goal(amira, case.pk, case.version, new, framework, now)
        for what, owner, days in actions:
            _action(cast, case, goal, what, owner, today + dt.timedelta(days=days), now)
        case.refresh_from_db()
    case = let_read_plan(amira, case.pk, case.version, people["leanne"], reads=True, at=now)
    case = take_case_step(amira, case.pk, "activate", case.version, Given(), now)
    resident = cast.users.get("leanne-harlow")
    if resident is not None:
        said = "Please do not tell Jayden’s class why he was away. He would never go back."
        say_as_family(resident, people["leanne"], case.pk, "disagree", said, now)


def _action(
    cast: _Cast, case: Case, goal: Goal, what: str, owner: str, due_on: dt.date, now: dt.datetime
) -> None:
    user, amira = cast.user(owner), cast.viewer("amira-khan")
    on = max(due_on, dt.datetime.now(dt.UTC).date())
    new = NewAction(goal.pk, what, user.organisation, str(user.pk), on)
    made = add_action(amira, case.pk, new, now)
    if owner in ("helen-marsh", "rosa-finch"):
        mine = cast.viewer(owner)
        made = take_action_step(mine, made.pk, "agree", made.version, "", now)
        made = take_action_step(mine, made.pk, "begin", made.version, "", now)
    # What a demonstration shows as late was due before it began.
    type(made).objects.filter(pk=made.pk).update(due_on=due_on)


def _notes(cast: _Cast, case: Case, people: dict[str, str], today: dt.date) -> None:
    now = timezone.now()
    for persona, whose, kind, days, text, readers in _NOTES:
        on = today - dt.timedelta(days=days)
        written = Written(people[whose], kind, text, on, readers)
        write_note(cast.viewer(persona), case.pk, written, now)


def _waiting(place: "OpenPlace", cast: _Cast, leanne: str) -> None:
    """Let referrals wait: one for triage, one late, one declined, one about which is asked."""
    rosa, tom = cast.viewer("rosa-finch"), cast.viewer("tom-ellis")
    reader = place.snapshot_reader
    rows = reader.rows(
        "SELECT person_id FROM timeline WHERE partner = 'housing-association' AND person_id NOT IN "
        "(SELECT person_id FROM subject_flags WHERE value <> 'no') AND person_id <> $leanne "
        "GROUP BY person_id ORDER BY count(*) DESC, person_id LIMIT 4",
        {"leanne": leanne},
    )
    now = timezone.now()
    for (urgency, why, sent_days, then), row in zip(_REFERRALS, rows, strict=False):
        person_id = str(row["person_id"])
        _reason(rosa, person_id, "I am about to ask the council to help this tenant, and look first.", now)  # fmt: skip
        told = Told("council-children", _FAMILY, urgency, why, "yes", "Somebody who visits them.")
        draft = draft_referral(cast.user("rosa-finch"), rosa, [person_id], told, now)
        at = now - dt.timedelta(days=sent_days)
        sent = send_referral(rosa, draft.pk, draft.version, at if sent_days == 0 else now)
        if sent_days:
            Referral.objects.filter(pk=sent.pk).update(
                sent_at=at, due_at=(sent.due_at or now) - dt.timedelta(days=sent_days)
            )
        for event, given in then:
            sent.refresh_from_db()
            take_triage_step(tom, sent.pk, event, sent.version, given, now)


def _reason(viewer: Viewer, person_id: str, text: str, at: dt.datetime) -> None:
    if person_id not in live_reasons_for(viewer, [person_id], at, _FAMILY):
        open_reason(viewer, person_id, _FAMILY, text, at)


def _find(place: "OpenPlace", cast: _Cast, facts: Facts) -> str:
    asked = Request(cast.viewer("amira-khan"), _FAMILY, None, timezone.now())
    searchable = Searchable(place.rules(place.today), asked)
    found = find_people(place.snapshot_reader, facts, searchable)
    return found[0].person_id if found else ""


_HOW: dict[str, tuple[int, str, str]] = {
    "good-education": (4, "Jayden likes art, and Ms Marsh.", "He misses more than a third of school."),
    "early-years": (3, "Mia plays and laughs.", "Her speech is behind, and the check was missed."),
    "health": (3, "Leanne has gone back to her GP.", "She is worn out. Jayden does not sleep."),
    "family-relationships": (2, "They are close.", "Jayden carries too much."),
    "safe-from-harm": (3, "Jayden talks to his worker.", "He was missing for a night."),
    "crime": (3, "", "Two offences within a year."),
    "domestic-abuse": (4, "Craig has left the home.", "He comes back at night."),
    "secure-housing": (4, "The landlord has not gone to court.", "Eleven weeks behind; damp in Mia’s room."),
    "financial-stability": (3, "Leanne works again, 16 hours.", "Debts from before, and a sanction."),
}  # fmt: skip
_NEEDS: dict[str, tuple[str, ...]] = {
    "good-education": ("good-education:other",),
    "secure-housing": ("secure-housing:other",),
    "domestic-abuse": ("victim-of-domestic-abuse",),
    "early-years": ("early-years:other",),
}
_GOALS = (
    (
        "jayden", "good-education", "good-education:other",
        "I want to be back in school for a whole term without feeling sick on Sunday.",
        "He misses fewer than 10 sessions between January and Easter.",
        (
            ("Meet Jayden at the gate every morning for the first two weeks", "helen-marsh", 5),
            ("Sit with Jayden and ask what makes Sundays bad", "amira-khan", -3),
        ),
    ),
    (
        "leanne", "secure-housing", "secure-housing:other",
        "I want to stop being afraid of the post.",
        "The arrears go down three months running, and there is no notice.",
        (
            ("Agree a rent plan that Leanne can keep, and put the notice on hold", "rosa-finch", -6),
            ("Go through every debt with Leanne and write to the creditors", "jo-adeyemi", 12),
        ),
    ),
    (
        "mia", "early-years", "early-years:other",
        "I want Mia to talk like the others when she starts nursery.",
        "The next check finds Mia on track.",
        (("Do the two-year check at home and show Leanne three games", "joan-obi", 9),),
    ),
)  # fmt: skip
_NOTES = (
    ("amira-khan", "leanne", "visit", 12, "At home with Leanne and Mia. Leanne cried when we spoke of the rent. The kitchen is clean, Mia’s room is damp along the outer wall.", "team"),
    ("amira-khan", "jayden", "voice-of-the-child", 11, "“If I am at school nobody watches out for mum.” He drew the house with one window lit.", "team"),
    ("joan-obi", "mia", "contact", 9, "Rang Leanne: the check is booked for Thursday at home. She asked for the afternoon, when Jayden is back.", "team"),
    ("helen-marsh", "jayden", "contact", 6, "Jayden came in twice this week. He ate with me before lessons.", "team"),
    ("amira-khan", "leanne", "analysis", 5, "What keeps Jayden at home is fear, not school. While Craig can come back at night, no attendance plan will hold.", "organisation"),
)  # fmt: skip
_REFERRALS = (
    ("soon", "Her rent is paid late since the summer, and the neighbours hear a child alone in the evening.", 0, ()),
    ("soon", "He has stopped opening the door since he lost his job, and there are two small children.", 6, ()),
    ("routine", "She asks for somebody to help with the children while she is in treatment.", 2, (("acknowledge", Decided()), ("ask", Decided("Has she told you which treatment, and may we ring her there?")))),
    ("routine", "They need a larger flat for the new baby.", 3, (("acknowledge", Decided()), ("decline", Decided("This is a housing transfer; we wrote to them how to ask for one.", "ineligible")))),
)  # fmt: skip
