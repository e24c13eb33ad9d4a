"""Examples for the demonstration: looks at Leanne Harlow, her code, one thing left out.

Made through the same functions as the real thing: the gateway, the codes, the marks.
"""

import datetime as dt
from typing import TYPE_CHECKING

from wholeplace.agreements import Request, Viewer
from wholeplace.agreements.account.withholding import Mark
from wholeplace.larkbridge.cast import load_cast
from wholeplace.people.facts import Facts
from wholeplace.people.find import find_people
from wholeplace.people.read import read_person
from wholeplace.people.searchable import Searchable
from wholeplace.web.accounts.models import User
from wholeplace.web.gateway.reasons import live_reasons_for, open_reason
from wholeplace.web.gateway.reveal import reveal_for
from wholeplace.web.residents.asking import ask
from wholeplace.web.residents.binding import RESIDENT, bind_code
from wholeplace.web.residents.codes import give_code, use_code
from wholeplace.web.residents.marks import propose_mark, step_mark
from wholeplace.web.residents.models import AccessCode

if TYPE_CHECKING:
    from wholeplace.web.gateway.wiring import OpenPlace

__all__ = ["bind_persona", "look_at", "make_examples"]

# Who looks, for what, and what they would type.
_LOOKS = (
    ("amira-khan", "whole-family-support", "The school rang about Jayden; I am planning a visit"),
    ("amira-khan", "whole-family-support", "The school rang about Jayden; I am planning a visit"),
    ("rosa-finch", "homelessness-prevention", "Rent arrears are growing and a notice is due"),
    ("nadia-price", "homelessness-prevention", "She rang about the notice and may lose her home"),
    ("dean-walsh", "safeguarding", "A neighbour reported shouting; checking before we knock"),
)


def make_examples(place: "OpenPlace") -> None:
    """Let personas look at Leanne, bind her account by a code, and leave one look out; once only."""
    cast = load_cast()
    resident = next((each for each in cast.personas if each.person), None)
    user = User.objects.filter(persona=resident.id).first() if resident else None
    if resident is None or user is None or AccessCode.objects.filter(user_id=str(user.pk)).exists():
        return
    person = cast.person(str(resident.person))
    facts = Facts(name=f"{person.given_name} {person.family_name}", birth_date=person.birth_date)
    person_id = _find(place, facts)
    if not person_id:
        return
    for persona, purpose, text in _LOOKS:
        look_at(place, persona, person_id, purpose, text)
    bind_persona(place, user, person_id, facts)
    _leave_out(place, person_id)
    _leave_out_of_a_sons(place)
    words = "Who at the housing association looked, and can they see my daughter’s school?"
    ask(user, person_id, "question", words, dt.datetime.now(dt.UTC))


def look_at(place: "OpenPlace", persona: str, person_id: str, purpose: str, text: str) -> None:
    """Let a persona open one person's page, with a typed reason of their own."""
    user, at = User.objects.filter(persona=persona).first(), dt.datetime.now(dt.UTC)
    if user is None:
        return
    viewer = _viewer(user)
    if person_id not in live_reasons_for(viewer, [person_id], at, purpose):
        open_reason(viewer, person_id, purpose, text, at)
    at = dt.datetime.now(dt.UTC)
    whole = read_person(place.snapshot_reader, person_id)
    reasons = live_reasons_for(viewer, [each.person_id for each in whole.subjects], at, purpose)
    reveal_for(
        viewer, page="person", purpose=purpose, subjects=whole.subjects, items=whole.items,
        reason=reasons[person_id], at=at, reasons=reasons,
    )  # fmt: skip


def bind_persona(place: "OpenPlace", user: User, person_id: str, facts: Facts) -> None:
    """Check who a resident of the cast is, and let a code of theirs open their account."""
    checker, at = User.objects.get(persona="amira-khan"), dt.datetime.now(dt.UTC)
    code, _ = give_code(_viewer(checker), person_id, facts, "photo", at)
    used = use_code(code, facts.birth_date or at.date(), at)
    if used:
        bind_code(used, user)


def _leave_out(place: "OpenPlace", person_id: str) -> None:
    """Leave the police's look out: an officer asks for it, another of the police agrees."""
    officer = User.objects.filter(persona="dean-walsh").first()
    second = User.objects.filter(persona="sign-police").first()
    if officer is None or second is None:
        return
    why = "Craig reads her post. If he learnt that we looked before a visit, he could hurt her."
    mark, at = Mark("organisation", officer.organisation), dt.datetime.now(dt.UTC)
    review_on = place.today + dt.timedelta(days=60)
    made = propose_mark(_viewer(officer), person_id, mark, why, review_on, at)
    step_mark(_viewer(second), made, "agree", made.version, at)


def _leave_out_of_a_sons(place: "OpenPlace") -> None:
    """Let something wait for a second person of the council's."""
    son, lead = load_cast().person("jayden"), User.objects.filter(persona="amira-khan").first()
    facts = Facts(name=f"{son.given_name} {son.family_name}", birth_date=son.birth_date)
    person_id = _find(place, facts)
    if lead is None or not person_id:
        return
    why = "His father asks him what we know. He must not be asked to open this for him."
    mark, review_on = Mark("field-group", "domestic-abuse"), place.today + dt.timedelta(days=30)
    propose_mark(_viewer(lead), person_id, mark, why, review_on, dt.datetime.now(dt.UTC))


def _find(place: "OpenPlace", facts: Facts) -> str:
    """Return whom a search by name and date of birth finds for sure; nothing where nobody."""
    checker, at = User.objects.filter(persona="amira-khan").first(), dt.datetime.now(dt.UTC)
    if checker is None:
        return ""
    asked = Request(viewer=_viewer(checker), purpose="whole-family-support", reason=None, at=at)
    found = find_people(place.snapshot_reader, facts, Searchable(place.rules(place.today), asked))
    return next((each.person_id for each in found if each.certainty == "match"), "")


def _viewer(user: User) -> Viewer:
    role = next((each for each in user.roles if each != RESIDENT), RESIDENT)
    return Viewer(str(user.pk), user.organisation, str(role))
