"""Reasons and relationships: what makes a sight right, and who works with whom.

A reason is typed by the viewer (duty, broken glass) or comes from a relationship: their own
organisation's caseload, a request for information that they took up, a referral, a case.
Without a live one, sight is existence at most (`decision`).
"""

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from wholeplace.agreements.figures import figures
from wholeplace.agreements.subjects.request import Reason, Viewer
from wholeplace.foundation.errors import WholeplaceError

__all__ = ["Relationship", "RelationshipKind", "break_the_glass"]

RelationshipKind = Literal["case", "referral", "meeting", "information-request"]


@dataclass(frozen=True)
class Relationship:
    """That one user works with one person, and what it comes from.

    Attributes:
        kind: a case (the caseload in an extract is one), a referral, a meeting in which the
            person is spoken of, or a request for information that they took up.
        source_id: of the case, referral or request in the system that keeps it.
        text: why, in words that name nobody; shown to the user and to reviewers.
        purpose: the purpose that it serves; empty means whichever purpose is asked for.
        expires_at: when it ends by itself; None while what it comes from goes on.
        closed_at: when it was ended.
    """

    user_id: str
    person_id: str
    kind: RelationshipKind
    source_id: str
    text: str
    opened_at: dt.datetime
    purpose: str = ""
    expires_at: dt.datetime | None = None
    closed_at: dt.datetime | None = None

    def is_live(self, at: dt.datetime) -> bool:
        """Whether it holds at this instant."""
        return self.reason().is_live(at)

    def reason(self) -> Reason:
        """Return the reason that it gives; it ends when the relationship does."""
        ends = [each for each in (self.expires_at, self.closed_at) if each]
        return Reason(
            f"{self.kind}-{self.source_id}",
            self.kind,
            self.text,
            frozenset([self.person_id]),
            self.opened_at,
            min(ends, default=None),
            self.user_id,
            purpose=self.purpose,
        )


def break_the_glass(
    reason_id: str,
    viewer: Viewer,
    text: str,
    person_id: str,
    purpose: str,
    at: dt.datetime,
    *,
    confirmed_by: str = "",
) -> Reason:
    """Return the reason of somebody who breaks the glass on one person, for two hours.

    It sets aside the want of a relationship and of consent, and nothing else: no clause, no
    sight. A restriction and an objection hold. A seal is lifted only where a second person
    confirmed it (`confirmed_by`, a user id; that they may confirm is the caller's to check).

    Raises:
        WholeplaceError: if the text is too short to be judged, no purpose or person is named,
            or the second person is the first.
    """
    words, least = " ".join(text.split()), figures().break_glass_text_characters
    if len(words) < least or not purpose or not person_id:
        raise WholeplaceError(
            "The glass was not broken.",
            f"Whoever breaks it names a person and a purpose, and says why in at least {least} "
            "characters.",
            "Say what has happened, what harm you fear, and why it cannot wait.",
        )
    if confirmed_by == viewer.user_id:
        raise WholeplaceError(
            "The glass was not broken.",
            "Nobody confirms their own.",
            "Ask a second person, of the partner that sealed the record or its guardian.",
        )
    return Reason(
        reason_id,
        "break-glass",
        words,
        frozenset([person_id]),
        at,
        at + dt.timedelta(hours=figures().break_glass_hours),
        viewer.user_id,
        purpose=purpose,
        needs_review=True,
        lifts_seal=bool(confirmed_by),
    )
