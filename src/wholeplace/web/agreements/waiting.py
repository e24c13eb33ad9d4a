"""What waits for somebody: texts to comment on, to change, to fix, to sign; ends and reviews."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse

from wholeplace.agreements import Deadline, find_deadlines, life_state, offers
from wholeplace.agreements.deciding.rules import Rules
from wholeplace.agreements.standing.life import DRAFTING_ROLES, REVIEWING_ROLES, Person
from wholeplace.foundation.errors import NotFoundError, WholeplaceError
from wholeplace.web.agreements.drafts import OpenDraft, open_draft
from wholeplace.web.agreements.models import Draft
from wholeplace.web.agreements.standing import fixed_facts, owner_of
from wholeplace.web.gateway.reveal import viewer_of
from wholeplace.web.gateway.wiring import OpenPlace, current_place

__all__ = [
    "Task",
    "can_see_draft",
    "deadlines_for",
    "drafts_for",
    "is_warned",
    "tasks_waiting",
    "waiting_agreements",
]


@dataclass(frozen=True)
class Task:
    """One thing that waits for one person.

    Attributes:
        does: what to do, as a link says it.
        why: what waits, in a sentence.
    """

    does: str
    why: str
    title: str
    url: str


def is_warned(person: Person) -> bool:
    """Return whether a person is one of those whom ends and reviews are told to."""
    return person.role in DRAFTING_ROLES | REVIEWING_ROLES


def can_see_draft(found: OpenDraft, person: Person) -> bool:
    """Return whether a person may read a draft.

    Its owner's officers always; the parties' officers from when it was first sent to them.
    """
    if not is_warned(person):
        return False
    is_party = person.organisation in found.facts.parties and found.row.sent_at is not None
    return person.organisation == found.row.owner or (is_party and found.state != "withdrawn")


def drafts_for(place: OpenPlace, person: Person) -> list[OpenDraft]:
    """Return the drafts that a person may read, last changed first."""
    if not is_warned(person):
        return []
    found = []
    for row in Draft.objects.all():
        try:
            draft = open_draft(place, row.agreement_id, row)
        except NotFoundError:
            continue  # fixed for signing: an agreement now
        if can_see_draft(draft, person):
            found.append(draft)
    return found


def deadlines_for(rules: Rules, person: Person) -> list[Deadline]:
    """Return the ends and reviews that a person is warned of: those of their own agreements."""
    if not is_warned(person):
        return []
    mine = [
        each
        for each in rules.agreements.values()
        if person.organisation in {party.partner for party in each.parties}
    ]
    return find_deadlines(mine, rules.standings, rules.on)


def tasks_waiting(place: OpenPlace, person: Person) -> list[Task]:
    """Return what waits for a person now; nothing while the place folder has faults."""
    if not is_warned(person):
        return []
    try:
        rules = place.rules(place.today)
    except WholeplaceError:
        return []
    tasks = [*_to_sign(rules, person)]
    for draft in drafts_for(place, person):
        tasks += _of_draft(draft, person)
    return tasks


def waiting_agreements(request: HttpRequest) -> tuple[list[Task], list[Deadline]]:
    """Return what waits for whoever asks, and the ends and reviews ahead, for their home."""
    viewer = viewer_of(request)
    if viewer is None:
        return [], []
    person = Person(viewer.user_id, viewer.organisation, viewer.role)
    if not is_warned(person):
        return [], []
    place = current_place()
    try:
        rules = place.rules(place.today)
    except WholeplaceError:
        return [], []
    return tasks_waiting(place, person), deadlines_for(rules, person)


def _to_sign(rules: Rules, person: Person) -> Iterator[Task]:
    for agreement in rules.agreements.values():
        standing = rules.standings[agreement.id]
        state = life_state(standing)
        if state != "signing":
            continue
        facts = fixed_facts(agreement, standing, owner_of(agreement.id))
        acts = {each.step.act: each for each in offers(state, person, facts)}
        if "sign" in acts and not acts["sign"].missing:
            signed = len(standing.signed)
            why = f"{signed} of {len(agreement.parties)} parties have signed; yours has not."
            url = reverse("agreements:sign", args=[agreement.id])
            yield Task("Read and sign", why, agreement.title, url)


def _of_draft(draft: OpenDraft, person: Person) -> Iterator[Task]:
    url = reverse("agreements:draft", args=[draft.row.agreement_id])
    title = draft.row.title
    acts = {each.step.act: each for each in offers(draft.state, person, draft.facts)}
    if "ready" in acts and not acts["ready"].missing:
        yield Task("Comment, or say that you are ready", "It is in review.", title, url)
    if draft.state == "review" and "freeze" in acts:
        if not acts["freeze"].missing:
            yield Task("Fix the text", "Every party is ready to sign.", title, url)
        elif draft.facts.open_comments:
            count = draft.facts.open_comments
            why = f"{count} comment{'s' if count != 1 else ''} open."
            yield Task("Answer the comments", why, title, url)
    if draft.state == "draft" and draft.row.sent_at is not None and "edit" in acts:
        yield Task("Change the text", "A party asked for changes.", title, url)
