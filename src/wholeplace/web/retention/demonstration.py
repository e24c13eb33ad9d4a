"""What a demonstration begins with: one receipt of an erasure, and one open request."""

from typing import TYPE_CHECKING

from wholeplace.web.accounts.models import User
from wholeplace.web.retention.carrying_out import carry_out
from wholeplace.web.retention.models import ErasureRequest
from wholeplace.web.retention.receipts import tell_trail
from wholeplace.web.retention.requests import answer, approve, ask_person

if TYPE_CHECKING:
    from wholeplace.web.gateway.wiring import OpenPlace

__all__ = ["make_examples"]


def make_examples(place: "OpenPlace") -> None:
    """Erase one invented resident whom few partners know, and ask for another; once only."""
    if not ErasureRequest.objects.exists():
        officers = [
            user
            for user in User.objects.filter(is_active=True).exclude(persona="").order_by("id")
            if "data-protection-officer" in user.roles
        ]
        approvers = [
            user
            for user in User.objects.filter(is_active=True).exclude(persona="").order_by("id")
            if {"signatory", "programme-lead"} & set(user.roles)
        ]
        people = _little_known(place)
        if officers and approvers and len(people) > 1:
            _make(place, officers[0], approvers[0], people)
    tell_trail(place)


def _make(place: "OpenPlace", officer: User, approver: User, people: list[str]) -> None:
    by, organisation = str(officer.pk), officer.organisation
    first = ask_person(place, people[0], "request", "Asked by letter.", by, organisation)
    for partner in sorted({each[0] for each in first.anchors}):
        version = ErasureRequest.objects.get(pk=first.pk).version
        answer(first.pk, partner, "erase", "", by, organisation, version)
    version = ErasureRequest.objects.get(pk=first.pk).version
    approve(first.pk, str(approver.pk), approver.organisation, version)
    carry_out(place, first.pk, by)
    ask_person(place, people[1], "request", "Asked at the front desk.", by, organisation)


def _little_known(place: "OpenPlace") -> list[str]:
    """Return two people whom one dataset alone knows, with no need and no flag; alone at home first."""
    rows = place.snapshot_reader.rows(
        "SELECT person_id FROM person_records WHERE person_id NOT IN (SELECT person_id FROM "
        "person_needs) AND person_id NOT IN (SELECT person_id FROM subject_flags WHERE value <> 'no') "
        "AND person_id NOT IN (SELECT person_id FROM involvements) "
        "GROUP BY person_id HAVING count(DISTINCT dataset) = 1 ORDER BY person_id IN ("
        "SELECT a.person_id FROM household_members AS a JOIN household_members AS b USING "
        "(household_id) WHERE a.person_id <> b.person_id), person_id LIMIT 2"
    )
    return [row["person_id"] for row in rows]
