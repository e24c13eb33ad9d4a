"""What people record about agreements, and the audit trail: the Protocols.

Django's side is the file of the same name under `web/gateway/`; `memory.py` is the other
real one. Both pass the same contract tests (`tests/agreements/contracts.py`).
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from wholeplace.agreements.subjects.statements import Statement
from wholeplace.foundation.errors import WholeplaceError

__all__ = [
    "AuditTrail",
    "AuditUnavailableError",
    "FlagStatements",
    "SignOff",
    "SignOffs",
    "Suspension",
    "Termination",
]


class AuditUnavailableError(WholeplaceError):
    """The audit trail could not be written, so nothing was shown."""

    exit_code = 5

    def __init__(self, why: str = "The record of who looked could not be written.") -> None:
        super().__init__(
            "Nothing can be shown just now.",
            why,
            "Try again in a few minutes. If it goes on, tell the people who run this system.",
        )


@dataclass(frozen=True)
class SignOff:
    """One party's signature on one agreement's hash.

    Attributes:
        hash: `agreement_hash` of the text that was signed.
        partner: the party that signed.
        signatory: user id of the person who signed for it.
        signed_at: UTC instant.
    """

    agreement_id: str
    hash: str
    partner: str
    signatory: str
    signed_at: dt.datetime


@dataclass(frozen=True)
class Suspension:
    """One party's stop to an agreement: alone, at once, for every version of the text.

    Attributes:
        suspended_by: user id.
        suspended_at: UTC instant.
        reason: in the party's words.
        lifted_at: UTC instant at which the same party lifted it; None while it holds.
    """

    agreement_id: str
    partner: str
    suspended_by: str
    suspended_at: dt.datetime
    reason: str = ""
    lifted_at: dt.datetime | None = None


@dataclass(frozen=True)
class Termination:
    """One party's notice that an agreement ends: alone, for every version of the text.

    Attributes:
        given_by: user id.
        given_at: UTC instant.
        last_on: the last day on which the agreement gives sight.
        reason: in the party's words.
        withdrawn_at: UTC instant at which the same party took the notice back; None while it
            stands.
    """

    agreement_id: str
    partner: str
    given_by: str
    given_at: dt.datetime
    last_on: dt.date
    reason: str = ""
    withdrawn_at: dt.datetime | None = None


class SignOffs(Protocol):
    """Signatures and suspensions, as recorded."""

    def sign_offs(self, agreement_id: str) -> Sequence[SignOff]:
        """Return every signature to any text of the agreement that was not made void, oldest first."""
        ...

    def suspensions(self, agreement_id: str) -> Sequence[Suspension]:
        """Return every suspension of the agreement, lifted or not, oldest first."""
        ...

    def terminations(self, agreement_id: str) -> Sequence[Termination]:
        """Return every notice to end the agreement, withdrawn or not, oldest first."""
        ...


class FlagStatements(Protocol):
    """Flags stated on screen, as recorded."""

    def statements(self) -> Sequence[Statement]:
        """Return every statement ever made, oldest first."""
        ...

    def version(self) -> tuple[object, ...]:
        """Return what changes whenever a statement is added or erased; cheap to ask."""
        ...


class AuditTrail(Protocol):
    """The append-only, hash-chained record of every sight."""

    def append(self, event: Mapping[str, Any]) -> str:
        """Add one event and return its chain hash, only once it is committed.

        The event holds text, whole numbers, booleans, lists and objects (what
        `foundation.canonical` accepts) and never a personal value. Its chain hash is
        `foundation.chain.chain_hash(hash of the event before it, event)`.

        Raises:
            AuditUnavailableError: if it cannot be committed; nothing was added then.
        """
        ...
