"""What a team wrote, sealed: notes, assessments, decisions, goals, actions, the family's words."""

import json
from collections.abc import Iterable

from wholeplace.agreements.subjects.request import SealedItem, Viewer
from wholeplace.teams.notes import NOTE_KINDS, is_reader
from wholeplace.web.teams.models import Action as ActionRow
from wholeplace.web.teams.models import Assessment, Case, CaseStep, FamilyWord, Goal, Note, Referral
from wholeplace.web.teams.sight import Gathered, event_item

__all__ = ["gather_notes", "gather_plan", "gather_referral", "gather_story"]


def gather_story(case: Case, viewer: Viewer, people: list[str]) -> Gathered:
    """Return everything of a case's story: notes, assessments, decisions with words, the plan."""
    gathered = Gathered()
    gather_notes(gathered, case, viewer, people)
    for each in case.assessments.filter(person_id__in=people):
        gathered.add(_assessment(each, case), each)
    main = people[0] if people else ""
    for step in case.steps.exclude(words=""):
        if main:
            gathered.add(_decision(step, case, viewer, main), step)
    gather_plan(gathered, case, viewer, people)
    return gathered


def gather_notes(gathered: Gathered, case: Case, viewer: Viewer, people: Iterable[str]) -> None:
    """Take the notes that are meant for the viewer; how much of each is the gateway's to say."""
    for each in case.notes.filter(person_id__in=list(people)):
        if is_reader(
            each.readers, viewer=viewer.user_id, viewers_organisation=viewer.organisation,
            author=each.by, authors_organisation=each.organisation, named=each.named,
        ):  # fmt: skip
            gathered.add(_note(each, case, viewer), each)


def gather_plan(gathered: Gathered, case: Case, viewer: Viewer, people: Iterable[str]) -> None:
    """Take the plan: goals, actions and what the family said of them."""
    wanted = list(people)
    goals = list(case.goals.filter(person_id__in=wanted))
    for goal in goals:
        gathered.add(_goal(goal, case), goal)
    for action in ActionRow.objects.filter(goal__in=goals):
        gathered.add(_action(action, case, viewer), action)
    for word in case.family_words.filter(person_id__in=wanted):
        gathered.add(_family_word(word, case), word)


def gather_referral(found: Referral, people: Iterable[str]) -> Gathered:
    """Take what a referral says, in its sender's name, and what became of it, in its receiver's."""
    gathered = Gathered()
    wanted = set(people)
    if found.person_id not in wanted:
        return gathered
    day = (found.sent_at or found.made_at).date().isoformat()
    says = {
        name: getattr(found, name)
        for name in ("why", "wanted", "family_says", "contact_safety", "agreed_why")
    }
    # What a resident writes to a partner, they gave to it themselves.
    source = found.sender or found.receiver
    gathered.add(
        event_item(source, "casework.referral", found.person_id, day, "Referral", says), found
    )
    for step in found.steps.exclude(words=""):
        partner = step.organisation or source
        name = "casework.outcome" if partner == found.receiver else "casework.referral"
        gathered.add(
            event_item(
                partner, name, found.person_id, step.at.date().isoformat(), "Step", {"words": step.words}
            ),
            step,
        )  # fmt: skip
    return gathered


def _note(each: Note, case: Case, viewer: Viewer) -> SealedItem:
    is_own = each.organisation == viewer.organisation
    partner = each.organisation if is_own or each.readers == "organisation" else case.holder
    return event_item(
        partner, "casework.note", each.person_id, each.on.isoformat(), NOTE_KINDS[each.kind],
        {"kind": NOTE_KINDS[each.kind], "text": each.text},
    )  # fmt: skip


def _assessment(each: Assessment, case: Case) -> SealedItem:
    views = json.dumps(each.views)
    return event_item(
        case.holder, "casework.assessment", each.person_id, each.on.isoformat(),
        "Assessment of the whole family", {"wishes": each.wishes, "views": views},
    )  # fmt: skip


def _decision(step: CaseStep, case: Case, viewer: Viewer, main: str) -> SealedItem:
    partner = viewer.organisation if step.organisation == viewer.organisation else case.holder
    return event_item(
        partner, "casework.decision", main, step.at.date().isoformat(), "Step of the case",
        {"words": step.words},
    )  # fmt: skip


def _goal(goal: Goal, case: Case) -> SealedItem:
    return event_item(
        case.holder, "casework.plan", goal.person_id, goal.made_at.date().isoformat(), "Goal",
        {"words": goal.words, "seen_when": goal.seen_when, "came_of_it": goal.outcome_words},
    )  # fmt: skip


def _action(action: ActionRow, case: Case, viewer: Viewer) -> SealedItem:
    """Return an action; whoever is to do it reads it as their own organisation's."""
    is_own = action.organisation == viewer.organisation
    return event_item(
        viewer.organisation if is_own else case.holder, "casework.plan", action.person_id,
        action.proposed_at.date().isoformat(), "Action",
        {"words": action.what, "came_of_it": action.evidence},
    )  # fmt: skip


def _family_word(word: FamilyWord, case: Case) -> SealedItem:
    return event_item(
        case.holder, "casework.plan", word.person_id, word.at.date().isoformat(),
        "What the family says", {"words": word.text, "came_of_it": word.answer},
    )  # fmt: skip
