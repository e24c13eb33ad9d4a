"""Packs and the room hold no more than their readers' level: canaries in everything there is.

The levels are worked out from the agreements' text alone, as in `tests/web/test_canaries.py`.
"""

import datetime as dt
from typing import Any

import pytest
from tests.web.canary import Secret
from tests.web.test_canaries import Aviary, aviary, level_of, planted, subject_of

from wholeplace.agreements import Level, Viewer

pytestmark = pytest.mark.django_db(transaction=True)
__all__ = ["aviary", "planted"]

FAMILY = "whole-family-support"
ASKED = ("helen-marsh", "joan-obi", "rosa-finch", "dean-walsh", "lin-zhao", "jo-adeyemi")
SAID = {
    "Goalcnry": "casework.plan",
    "Saidcnry": "casework.meeting",
    "Decidecnry": "casework.meeting",
}
HOLDER = "council-children"


def of(persona: str) -> Viewer:
    from wholeplace.web.accounts.models import User

    user = User.objects.get(persona=persona)
    return Viewer(str(user.pk), user.organisation, user.roles[0])


def meet(aviary: Aviary, at: dt.datetime) -> tuple[Any, list[str]]:
    """Hold a meeting about somebody whom many know, with canaries in all that was written."""
    from wholeplace.web.teams.changes.opening import open_case
    from wholeplace.web.teams.meetings import agenda, planning
    from wholeplace.web.teams.models import AgendaItem, Decision, Goal

    person = aviary.people[-1]
    amira = of("amira-khan")
    case = open_case(
        amira, [(person, "")], FAMILY, ("supporting-families", "2022"), "targeted", at, job="Leads"
    )
    Goal.objects.create(
        case=case, person_id=person, need="health:other", headline="health", words="Goalcnry",
        seen_when="We see it", made_by=amira.user_id, made_at=at,
    )  # fmt: skip
    new = planning.NewSeries("multi-disciplinary", "Hub", FAMILY, "weekly", 60, "", amira.user_id)
    series = planning.start_series(amira, new, at)
    for each in ASKED:
        planning.ask_to_series(amira, series.pk, of(each).user_id, at)
    found = planning.plan_meeting(amira, series.pk, at + dt.timedelta(days=1), at)
    agenda.add_case(amira, found.pk, found.version, case.pk, at)
    for event in ("issue-packs", "hold"):
        found.refresh_from_db()
        planning.take_meeting_step(amira, found.pk, event, found.version, "", at)
    AgendaItem.objects.update(discussion="Saidcnry")
    item = AgendaItem.objects.get()
    Decision.objects.create(
        item=item,
        person_id=person,
        words="Decidecnry",
        by=amira.user_id,
        organisation=HOLDER,
        at=at,
    )
    found.refresh_from_db()
    return found, [person]


def seen_in(aviary: Aviary, body: str) -> set[Secret]:
    """Return everything whose canary stands in a page."""
    found = {
        each for text in aviary.canaries.found_in(body) for each in aviary.canaries.secrets[text]
    }
    person = aviary.people[-1]
    return found | {Secret(person, HOLDER, field) for text, field in SAID.items() if text in body}


def may_see(aviary: Aviary, viewer: Viewer, secret: Secret, at: dt.datetime) -> Level:
    subject = subject_of(aviary, secret.person_id)
    return level_of(aviary, viewer, FAMILY, subject, secret, at, True)


@pytest.mark.timeout(600)
def test_packs_and_room_hold_no_more_than_the_level_of_whoever_reads(
    aviary: Aviary, client: Any
) -> None:
    from wholeplace.web.accounts.models import User
    from wholeplace.web.teams.meetings import room

    at = dt.datetime.now(dt.UTC)
    found, people = meet(aviary, at)
    counts: dict[str, int] = {}
    for persona in ("amira-khan", *ASKED):
        user = User.objects.get(persona=persona)
        client.force_login(user, "django.contrib.auth.backends.ModelBackend")
        body = client.get(f"/teams/meetings/{found.pk}/pack/").content.decode()
        seen = seen_in(aviary, body)
        counts[persona] = len(seen)
        assert {each.person_id for each in seen} <= set(people), "of nobody else"
        # One canary may stand for a value that several partners hold: one of them lets it be seen.
        for text in aviary.canaries.found_in(body):
            levels = [may_see(aviary, of(persona), s, at) for s in aviary.canaries.secrets[text]]
            assert Level.DETAIL in levels, f"{persona} read a canary above their level"
        for text, field in SAID.items():
            level = may_see(aviary, of(persona), Secret(people[0], HOLDER, field), at)
            assert (text in body) == (level == Level.DETAIL), f"{persona}: {field}"
    assert max(counts.values()) > 5 and len(set(counts.values())) > 1, counts

    here: list[str] = ["amira-khan"]
    before = None
    for persona in ("helen-marsh", "dean-walsh", "lin-zhao"):
        room.knock(of(persona), found.pk, at)
        room.narrow(of("amira-khan"), found.pk, of(persona).user_id, at)
        mark = room.mark_of(found, room.drawn_for(found))
        room.let_in(of("amira-khan"), found.pk, of(persona).user_id, mark, at)
        here.append(persona)
        user = User.objects.get(persona="amira-khan")
        client.force_login(user, "django.contrib.auth.backends.ModelBackend")
        item = found.items.get()
        body = client.get(f"/teams/meetings/{found.pk}/items/{item.pk}/").content.decode()
        seen = seen_in(aviary, body)
        for one in here:
            for text in aviary.canaries.found_in(body):
                levels = [may_see(aviary, of(one), s, at) for s in aviary.canaries.secrets[text]]
                assert Level.DETAIL in levels, f"the room shows {one} a canary above their level"
        for text, field in SAID.items():
            levels = [
                may_see(aviary, of(one), Secret(people[0], HOLDER, field), at) for one in here
            ]
            assert (text in body) == (min(levels) == Level.DETAIL), f"{here}: {field}"
        assert before is None or seen <= before, "a person more adds nothing"
        before = seen
