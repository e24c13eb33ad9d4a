"""Cases and referrals as reasons to look: opened for whoever works on them, ended with them."""

import datetime as dt
from collections.abc import Iterable

from wholeplace.agreements.reasons.opening import Relationship, RelationshipKind
from wholeplace.teams.figures import figures
from wholeplace.web.gateway.models import WorkingRelationship
from wholeplace.web.gateway.reasons import end_relationships, open_relationship
from wholeplace.web.teams.models import AgendaItem, Case, Referral

__all__ = [
    "end_case_reasons",
    "end_referral_reasons",
    "relate_to_case",
    "relate_to_referral",
]

_WORDS = {
    "referral": "A referral that you work on",
    "case": "Of the team round the family",
    "look-in": "You give cases out, and looked into this one to decide",
}


def relate_to_referral(
    found: Referral, user_id: str, organisation: str, at: dt.datetime, *, by: str
) -> None:
    """Give somebody who sent or triages a referral a reason to look at whom it is about.

    Raises:
        AuditUnavailableError: if it cannot be recorded.
    """
    people = [each.person_id for each in found.people.all()]
    _open("referral", found.pk, found.purpose, people, user_id, organisation, at, by=by)


def end_referral_reasons(found: Referral, at: dt.datetime, *, by: str) -> None:
    """End what a referral gave; its sender reads what became of it for some days more."""
    end_relationships("referral", found.pk, at, by=by)
    if found.sent_by and found.sent_at and found.state not in ("withdrawn", "consent-withdrawn"):
        until = at + dt.timedelta(days=figures().sender_days)
        people = [each.person_id for each in found.people.all() if each.is_known]
        _open(
            "referral", found.pk, found.purpose, people, found.sent_by, found.sender, at, by=by,
            until=until,
        )  # fmt: skip


def relate_to_case(
    case: Case, user_id: str, organisation: str, at: dt.datetime, *, by: str,
    person_ids: Iterable[str] | None = None, is_looking_in: bool = False,
) -> None:  # fmt: skip
    """Give somebody of a team a reason to look at the people of its case, for its purpose alone.

    Shape:
        person_ids: those of the case's people; all of them when absent.
        is_looking_in: for a few hours, for whoever gives cases out and has to decide.

    Raises:
        AuditUnavailableError: if it cannot be recorded.
    """
    people = (
        list(case.people.filter(removed_at=None).values_list("person_id", flat=True))
        if person_ids is None
        else list(person_ids)
    )
    until = at + dt.timedelta(hours=figures().look_in_hours) if is_looking_in else None
    words = "look-in" if is_looking_in else "case"
    _open(
        "case", case.pk, case.purpose, people, user_id, organisation, at, by=by, until=until,
        words=words,
    )  # fmt: skip


def end_case_reasons(
    case: Case, at: dt.datetime, *, by: str, user_ids: Iterable[str] | None = None,
    person_ids: Iterable[str] | None = None,
) -> None:  # fmt: skip
    """End what a case gave: for everybody, for some of its team, or about some of its people.

    Raises:
        AuditUnavailableError: if it cannot be recorded.
    """
    if person_ids is None:
        end_relationships("case", case.pk, at, by=by, user_ids=user_ids)
        return
    # The row in the trail is the caller's: it says whom the case is no longer about.
    WorkingRelationship.objects.filter(
        kind="case", source_id=case.pk, closed_at=None, person_id__in=list(person_ids)
    ).update(closed_at=at)
    # Nor is a meeting about the case a reason to look at somebody who is no longer of it.
    meetings = AgendaItem.objects.filter(case_id=case.pk).values_list("meeting_id", flat=True)
    WorkingRelationship.objects.filter(
        kind="meeting", source_id__in=list(meetings), closed_at=None, person_id__in=list(person_ids)
    ).update(closed_at=at)


def _open(
    kind: RelationshipKind, source_id: str, purpose: str, people: Iterable[str], user_id: str,
    organisation: str, at: dt.datetime, *, by: str, until: dt.datetime | None = None,
    words: str = "",
) -> None:  # fmt: skip
    for each in people:
        relationship = Relationship(
            user_id, each, kind, source_id, _WORDS[words or kind], at, purpose, until
        )
        open_relationship(relationship, organisation, by=by)
