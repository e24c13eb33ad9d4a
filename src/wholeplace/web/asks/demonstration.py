"""Example asks, so that register and pages are not empty in a demonstration."""

import datetime as dt

from wholeplace.agreements.subjects.request import Viewer
from wholeplace.web.accounts.models import User
from wholeplace.web.asks.asking import AskText, counterparts, take_step, write_ask
from wholeplace.web.asks.models import Ask
from wholeplace.web.gateway.wiring import OpenPlace

__all__ = ["make_examples"]

_BENEFIT_FIELD = (
    "barrier",
    "The jobcentre may not tell us that a sanction is coming",
    "Let work coaches warn the lead practitioner of a family ten days before a sanction is applied, "
    "where the family has a plan.",
    "Families in the programme were sanctioned while their plan was being written. The jobcentre’s "
    "own rules, not ours, keep it from saying so earlier. Page: Needs by area, sanctions.",
    "A family without money asks the council for food parcels and the landlord for time.",
)
_FUND = (
    "ask",
    "Pay the grant for five years instead of one",
    "State the family help grant for five years, so that workers can be given contracts that last "
    "as long as the plans of the families.",
    "Seven of nine workers are on contracts that end with the grant in March. Families wait for a "
    "new worker each spring.",
    "Recruiting again costs about a month of each worker’s year.",
)
_IDENTIFIER = (
    "ask",
    "One child number that schools, health and councils may all use",
    "Start the consistent identifier with us as a place that tries it out.",
    "One link in twelve between school and health records needs a person to decide.",
    "",
)


def make_examples(place: OpenPlace) -> None:
    """Let the programme lead ask three things, a colleague send them, and the centre answer one."""
    lead, board = _viewer("programme-lead"), _viewer("board-member")
    centre = next(iter(counterparts()), None)
    if lead is None or board is None or centre is None or Ask.objects.exists():
        return
    now = dt.datetime.now(dt.UTC)
    sponsor = Viewer(str(centre.pk), centre.organisation, "central-sponsor")
    for number, words in enumerate((_IDENTIFIER, _FUND, _BENEFIT_FIELD)):
        due_on = place.today + dt.timedelta(days=(45, -20, 30)[number])
        ask = write_ask(lead, AskText(*words, str(centre.pk), due_on), now)
        take_step(board, ask.id, "send", ask.version, {}, now)
        if words is _IDENTIFIER:
            said = {
                "answer": "agreed-in-part",
                "words": "We will include you in the trial from the spring, for schools and health first.",
            }
            take_step(sponsor, ask.id, "answer", ask.version + 1, said, now)


def _viewer(role: str) -> Viewer | None:
    users = User.objects.filter(is_active=True).exclude(persona="").order_by("id")
    found = next((each for each in users if role in each.roles), None)
    return Viewer(str(found.pk), found.organisation, role) if found else None
