"""Two closed rounds with made-up answers, large enough to show, and one that is open."""

import datetime as dt
import random
from typing import TYPE_CHECKING

from wholeplace.agreements.subjects.request import Viewer
from wholeplace.teams.pulse import statements
from wholeplace.web.accounts.models import User
from wholeplace.web.culture.models import PulseAction, PulseRound
from wholeplace.web.culture.rounds import (
    agree_action,
    close_round,
    count_answers,
    finish_action,
    open_round,
)

if TYPE_CHECKING:
    from wholeplace.web.gateway.wiring import OpenPlace

__all__ = ["make_examples"]

# How many of each partner's people answered in each of two rounds; the charity is too small to show.
_PEOPLE = {
    ("council-children", "practitioner"): (46, 52),
    ("council-children", "lead-practitioner"): (21, 24),
    ("police", "practitioner"): (38, 44),
    ("nhs-community", "practitioner"): (41, 47),
    ("schools-trust", "practitioner"): (52, 49),
    ("housing-association", "practitioner"): (24, 27),
    ("jobcentre", "practitioner"): (19, 22),
    ("charity", "practitioner"): (4, 5),
}
# Share that agrees in each round, and by how much an organisation differs.
_AGREE = {"same-words": (0.34, 0.52), "may-disagree": (0.45, 0.58), "keeps-word": (0.41, 0.44),
          "one-plan": (0.30, 0.49), "family-heard": (0.55, 0.60)}  # fmt: skip
_LEAN = {"police": -0.08, "schools-trust": -0.05, "council-children": 0.07}
_SEED = 20261


def make_examples(place: "OpenPlace") -> None:
    """Make two rounds that have closed and one that is open, once."""
    lead = User.objects.filter(persona="fiona-clark").first()
    if lead is None or PulseRound.objects.exists() or "police" not in place.place.partners:
        return
    viewer, drawn = Viewer(str(lead.pk), lead.organisation, "programme-lead"), random.Random(_SEED)  # noqa: S311
    today = place.today
    for number, (name, days) in enumerate((("Spring", 200), ("Autumn", 40))):
        began = today - dt.timedelta(days=days + 21)
        held = open_round(viewer, f"{name} {began.year}", began + dt.timedelta(days=21), began)
        for (organisation, role), people in _PEOPLE.items():
            lean = _LEAN.get(organisation, 0.0)
            counted = {
                each.id: _answers(drawn, people[number], _AGREE[each.id][number] + lean)
                for each in statements()
            }
            count_answers(held, organisation, role, counted)
        close_round(viewer, held.pk, began + dt.timedelta(days=21))
        _agreed(viewer, held, number, began + dt.timedelta(days=30))
    open_round(viewer, f"Winter {today.year}", today + dt.timedelta(days=14), today)


def _answers(drawn: random.Random, people: int, agree: float) -> dict[str, int]:
    """Return how many of some people gave each answer."""
    given = {"agree": 0, "partly": 0, "disagree": 0}
    for _ in range(people):
        at = drawn.random()
        given[
            "agree" if at < agree else "partly" if at < agree + (1 - agree) * 0.55 else "disagree"
        ] += 1
    return given


def _agreed(viewer: Viewer, held: PulseRound, number: int, on: dt.date) -> None:
    due_on = on + dt.timedelta(days=60)
    if number:
        words = "Say in every set of minutes who disagrees, and who settles it by when"
        agree_action(viewer, held.pk, words, "council-children", due_on, on)
        return
    words = "Write down together what each of us means by risk, and put it beside the minutes"
    made: PulseAction = agree_action(viewer, held.pk, words, "police", due_on, on)
    finish_action(viewer, made.pk, on + dt.timedelta(days=55))
