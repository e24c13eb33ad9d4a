"""Who asks, why, and about whom: the nouns of a request.

Flags have three values and the stricter one holds wherever two meet. A flag that nobody has
stated counts as `no`. Consent that nobody has stated is `unstated`: silence is neither an
agreement nor a refusal.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import Literal, NamedTuple

from wholeplace.agreements.figures import figures
from wholeplace.agreements.subjects.flags import (
    ConsentValue,
    Flag,
    FlagKind,
    FlagValue,
    strictness,
)
from wholeplace.foundation.errors import WholeplaceError
from wholeplace.foundation.sealed import Sealed

__all__ = [
    "ConsentValue",
    "Flag",
    "FlagKind",
    "FlagValue",
    "Reason",
    "ReasonKind",
    "Request",
    "SealedItem",
    "Subject",
    "Viewer",
    "open_duty_reason",
]

ReasonKind = Literal[
    "case",
    "referral",
    "meeting",
    "duty",
    "information-request",
    "break-glass",
    "doubtful-match",
]


@dataclass(frozen=True)
class Viewer:
    """The person who looks, in the one role they are working in now."""

    user_id: str
    organisation: str
    role: str


@dataclass(frozen=True)
class Reason:
    """What makes a sight right now.

    Attributes:
        kind: a case, a referral, a duty call, a request for information, or broken glass: an
            emergency that sets aside the want of consent and of a relationship, and nothing else;
            or a doubtful match that waits for an answer.
        text: what the viewer typed; shown to reviewers, never written to the audit trail.
        person_ids: the people it is about.
        opened_by: user id; this person may rely on it.
        user_ids: others who may rely on it (a case's team).
        purpose: the purpose that it serves; empty means whichever purpose is asked for.
        needs_review: True where someone else must look at it afterwards.
        lifts_seal: True where the glass was broken on a sealed person, and a second person, of
            the partner that sealed them or their guardian, confirmed it.
    """

    id: str
    kind: ReasonKind
    text: str
    person_ids: frozenset[str]
    opened_at: dt.datetime
    expires_at: dt.datetime | None
    opened_by: str
    user_ids: frozenset[str] = frozenset()
    purpose: str = ""
    needs_review: bool = False
    lifts_seal: bool = False

    def is_live(self, at: dt.datetime) -> bool:
        """Whether it holds at this instant: opened, and not yet expired."""
        return self.opened_at <= at and (self.expires_at is None or at < self.expires_at)

    def is_for(self, viewer: Viewer, purpose: str) -> bool:
        """Whether this viewer may rely on it for this purpose."""
        is_theirs = viewer.user_id == self.opened_by or viewer.user_id in self.user_ids
        return is_theirs and self.purpose in ("", purpose)


def open_duty_reason(
    reason_id: str,
    viewer: Viewer,
    text: str,
    person_ids: Iterable[str],
    purpose: str,
    at: dt.datetime,
) -> Reason:
    """Return a duty reason: typed, limited in time, and marked for review.

    Raises:
        WholeplaceError: if the text is too short to be reviewed, or nobody is named.
    """
    words, people = " ".join(text.split()), frozenset(person_ids)
    least = figures().duty_text_characters
    if len(words) < least or not people:
        raise WholeplaceError(
            "The reason was not accepted.",
            f"A duty reason names a person and says why in at least {least} characters.",
            "Say what you are dealing with and why you need to look now.",
        )
    expires_at = at + dt.timedelta(hours=figures().duty_hours)
    return Reason(
        reason_id,
        "duty",
        words,
        people,
        at,
        expires_at,
        viewer.user_id,
        purpose=purpose,
        needs_review=True,
    )


@dataclass(frozen=True)
class Subject:
    """The person looked at.

    Attributes:
        pseudonym: what stands for the person in the audit trail.
        guardians: user ids that a seal does not hide the person from.
        factors: how many of the thirteen disadvantages (`law/gateways.yaml`) are known in the
            household; None where nobody has counted, which a clause that needs some is not met by.
    """

    person_id: str
    pseudonym: str
    flags: tuple[Flag, ...] = ()
    guardians: frozenset[str] = frozenset()
    factors: int | None = None

    def value_of(self, flag: FlagKind, purpose: str = "") -> FlagValue:
        """Return the strictest value stated of a flag that blocks, for a purpose."""
        stated = (
            each.value
            for each in self.flags
            if each.flag == flag and (flag != "objection" or each.purpose in ("", purpose))
        )
        return max(stated, key=partial(strictness, flag), default="no")

    def consent_to(self, purpose: str) -> ConsentValue:
        """Return the strictest statement of consent to a purpose."""
        stated: list[ConsentValue] = [
            each.value
            for each in self.flags
            if each.flag == "consent"
            and (each.purpose == purpose or (each.purpose == "" and each.value != "yes"))
        ]
        return max(stated, key=partial(strictness, "consent"), default="unstated")

    @property
    def sealing_partners(self) -> tuple[str, ...]:
        """The partners that sealed the person, to be alerted."""
        return tuple(
            sorted({f.partner for f in self.flags if f.flag == "sealed" and f.value != "no"})
        )


@dataclass(frozen=True)
class Request:
    """One viewer asking at one instant, for one purpose and one reason.

    Attributes:
        at: UTC instant.
        subject: the person asked about; None asks what the rules would say of somebody
            of whom nothing is stated.
    """

    viewer: Viewer
    purpose: str
    reason: Reason | None
    at: dt.datetime
    subject: Subject | None = None

    def about(self, subject: Subject) -> "Request":
        """Return the same request about a person."""
        return replace(self, subject=subject)

    @cached_property
    def has_live_reason(self) -> bool:
        """Whether a reason holds now, is this viewer's, and is about this subject."""
        reason = self.reason
        if reason is None or not reason.is_live(self.at):
            return False
        is_about = self.subject is None or self.subject.person_id in reason.person_ids
        return is_about and reason.is_for(self.viewer, self.purpose)

    @cached_property
    def has_broken_glass(self) -> bool:
        """Whether the live reason is broken glass: consent is then as good as given."""
        return (
            self.has_live_reason and self.reason is not None and self.reason.kind == "break-glass"
        )

    @cached_property
    def is_about_sealed(self) -> bool:
        """Whether the subject is sealed and the viewer no guardian; to be told to the guardians."""
        subject = self.subject
        if subject is None or self.viewer.user_id in subject.guardians:
            return False
        return subject.value_of("sealed") != "no"

    @cached_property
    def is_sealed(self) -> bool:
        """Whether the subject must look like no record at all to this viewer."""
        is_lifted = self.has_broken_glass and self.reason is not None and self.reason.lifts_seal
        return self.is_about_sealed and not is_lifted

    @cached_property
    def circumstance(self) -> "Circumstance":
        """All that the decision needs to know beyond the source and the field."""
        subject, purpose = self.subject, self.purpose
        consent: ConsentValue = subject.consent_to(purpose) if subject else "unstated"
        is_planning = purpose in figures().opt_out_purposes
        return Circumstance(
            is_sealed=self.is_sealed,
            restricted=subject.value_of("restricted") if subject else "no",
            objection=subject.value_of("objection", purpose) if subject else "no",
            opt_out=subject.value_of("national-opt-out") if subject and is_planning else "no",
            consent="yes" if self.has_broken_glass else consent,
            has_reason=self.has_live_reason,
            factors=subject.factors if subject else None,
        )

    @cached_property
    def key(self) -> "RequestKey":
        """What two requests share when every decision on them is the same."""
        return (self.viewer.organisation, self.viewer.role, self.purpose, self.circumstance)


class Circumstance(NamedTuple):
    """All of a request that a decision rests on, beyond viewer, purpose, source and field.

    Attributes:
        is_sealed: whether the subject must look like no record at all.
        opt_out: the National Data Opt-out, where the purpose is one that it touches.
        consent: to the purpose; `yes` where the glass is broken.
        has_reason: whether a reason holds now, is the viewer's, and is about the subject.
        factors: how many disadvantages are known in the household; None where not counted.
    """

    is_sealed: bool
    restricted: FlagValue
    objection: FlagValue
    opt_out: FlagValue
    consent: ConsentValue
    has_reason: bool
    factors: int | None


RequestKey = tuple[str, str, str, Circumstance]


@dataclass(frozen=True, eq=False)
class SealedItem:
    """One value that a page would like to show, not yet decided on.

    Attributes:
        key: opaque and unique on the page; says nothing about the value.
        partner: whose data it is (the source).
        field: vocabulary field.
        value: of an event, `{"label", "start_on", "end_on", "attributes": {...}}`; of a record
            field, `{column: value}`. Dates are ISO 8601 text.
        also_about: other people whom the value tells something about (a shared tenancy);
            it is shown at the lowest of the levels decided for each of them.
        also_from: other partners without whose data it could not be told (who shares a home,
            where one partner knows each of the two); the lowest over each of them too.
    """

    key: str
    partner: str
    dataset: str
    field: str
    person_id: str
    value: Sealed
    also_about: tuple[str, ...] = ()
    also_from: tuple[str, ...] = ()

    @property
    def sources(self) -> tuple[str, ...]:
        """Every partner whose data it is worked out from."""
        return (self.partner, *self.also_from)
