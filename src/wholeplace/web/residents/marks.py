"""Marks: what is left out of an account because telling would endanger somebody.

A mark works at once, so that nobody comes to harm while it waits, and stands by the word of two
people: somebody else of the same organisation agrees or refuses. Every step is in the trail.
"""

import datetime as dt
from collections.abc import Iterable
from typing import cast

from wholeplace.agreements import Viewer
from wholeplace.agreements.account.withholding import Mark, MarkKind, withholding_rules
from wholeplace.foundation.errors import UnsafeActionError
from wholeplace.web.chain.trail import record, subject_pseudonym
from wholeplace.web.residents.models import WithholdingMark

__all__ = ["STATES", "STEPS", "list_marks", "propose_mark", "standing_marks", "step_mark"]

STATES = {
    "proposed": "Left out, and waiting for a second person",
    "agreed": "Left out",
    "refused": "Told: the second person did not agree",
    "ended": "Told again",
}
# step → (from which states, to which state, whether somebody else than the proposer must do it)
STEPS: dict[str, tuple[frozenset[str], str, bool]] = {
    "agree": (frozenset({"proposed"}), "agreed", True),
    "refuse": (frozenset({"proposed"}), "refused", True),
    "end": (frozenset({"proposed", "agreed"}), "ended", False),
    "review": (frozenset({"agreed"}), "agreed", True),
}
_STANDING = ("proposed", "agreed")
_LEAST_WORDS = 20


def propose_mark(
    viewer: Viewer,
    person_id: str,
    mark: Mark,
    why: str,
    review_on: dt.date,
    at: dt.datetime,
) -> WithholdingMark:
    """Leave something out of a person's account from now on, until a second person decides.

    Raises:
        UnsafeActionError: if it is not said what, why, or by when it is looked at again.
    """
    mark.check()
    words, latest = " ".join(why.split()), withholding_rules().longest_review_days
    days = (review_on - at.date()).days
    if len(words) < _LEAST_WORDS:
        raise _refuse("Somebody else must be able to judge why.", "Say who would come to harm and how.")  # fmt: skip
    if not 0 < days <= latest:
        raise _refuse(
            f"It must be looked at again within {latest} days.", "Give a day in that time."
        )
    _record(viewer, "withholding.proposed", person_id, mark.kind)
    return WithholdingMark.objects.create(
        person_id=person_id, kind=mark.kind, value=mark.value, why=words, review_on=review_on,
        organisation=viewer.organisation, proposed_by=viewer.user_id, proposed_at=at,
    )  # fmt: skip


def step_mark(
    viewer: Viewer,
    mark: WithholdingMark,
    step: str,
    version: int,
    at: dt.datetime,
    review_on: dt.date | None = None,
) -> None:
    """Agree to a mark, refuse it, end it, or look at it again.

    Raises:
        UnsafeActionError: if the step does not fit, the mark is another organisation's, somebody
            would decide on their own, or somebody else changed it meanwhile.
    """
    before, after, by_another = STEPS.get(step, (frozenset(), "", True))
    if mark.organisation != viewer.organisation or mark.state not in before:
        raise _refuse("This cannot be done with it now.", "Load the page again.")
    if by_another and viewer.user_id == mark.proposed_by:
        raise _refuse("It needs a second person.", "Ask a colleague who may decide.")
    days = (review_on - at.date()).days if review_on else 0
    if step == "review" and not 0 < days <= withholding_rules().longest_review_days:
        raise _refuse("It must be looked at again in time.", "Give a day within that time.")
    _record(viewer, f"withholding.{step}", mark.person_id, mark.kind)
    changed = WithholdingMark.objects.filter(pk=mark.pk, version=version, state=mark.state).update(
        state=after, version=version + 1, decided_by=viewer.user_id, decided_at=at,
        review_on=review_on or mark.review_on,
    )  # fmt: skip
    if changed != 1:
        raise _refuse("Somebody else changed it while you read.", "Look at it again, then decide.")


def standing_marks(person_ids: Iterable[str]) -> list[Mark]:
    """Return the marks that hold for any of a person's ids."""
    found = WithholdingMark.objects.filter(person_id__in=list(person_ids), state__in=_STANDING)
    return [Mark(cast("MarkKind", each.kind), each.value) for each in found]


def list_marks(organisation: str) -> list[WithholdingMark]:
    """Return an organisation's marks: those that stand first, then by the day of review."""
    found = WithholdingMark.objects.filter(organisation=organisation).order_by("review_on", "id")
    return sorted(found, key=lambda each: (each.state not in _STANDING, each.state != "proposed"))


def _record(viewer: Viewer, kind: str, person_id: str, what: str) -> None:
    record(
        kind, actor=viewer.user_id, organisation=viewer.organisation, role=viewer.role,
        what=what, subjects=[{"subject": subject_pseudonym(person_id)}],
    )  # fmt: skip


def _refuse(why: str, do_next: str) -> UnsafeActionError:
    return UnsafeActionError("Nothing was changed.", why, do_next)
