"""Sign-offs and an audit trail that live as long as the process.

Real, not pretend: they keep the same promises as the database's (the same contract tests run
against both), save that they end with the process. For tests, and for trying rules out.
"""

import copy
import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from threading import Lock
from typing import Any

from wholeplace.agreements.standing.records import (
    AuditUnavailableError,
    SignOff,
    Suspension,
    Termination,
)
from wholeplace.agreements.subjects.statements import Statement
from wholeplace.foundation.chain import CHAIN_START, chain_hash

__all__ = ["MemoryAuditTrail", "MemoryFlagStatements", "MemorySignOffs"]


class MemorySignOffs:
    """Signatures and suspensions in a list."""

    def __init__(
        self,
        sign_offs: Sequence[SignOff] = (),
        suspensions: Sequence[Suspension] = (),
        terminations: Sequence[Termination] = (),
    ) -> None:
        self._sign_offs = list(sign_offs)
        self._suspensions = list(suspensions)
        self._terminations = list(terminations)

    def sign_offs(self, agreement_id: str) -> list[SignOff]:
        """Return every signature to the agreement, oldest first."""
        found = [each for each in self._sign_offs if each.agreement_id == agreement_id]
        return sorted(found, key=lambda each: each.signed_at)

    def suspensions(self, agreement_id: str) -> list[Suspension]:
        """Return every suspension of the agreement, oldest first."""
        found = [each for each in self._suspensions if each.agreement_id == agreement_id]
        return sorted(found, key=lambda each: each.suspended_at)

    def terminations(self, agreement_id: str) -> list[Termination]:
        """Return every notice to end the agreement, oldest first."""
        found = [each for each in self._terminations if each.agreement_id == agreement_id]
        return sorted(found, key=lambda each: each.given_at)

    def sign(self, sign_off: SignOff) -> None:
        """Record a signature."""
        self._sign_offs.append(sign_off)

    def suspend(self, suspension: Suspension) -> None:
        """Record a suspension."""
        self._suspensions.append(suspension)

    def lift(self, agreement_id: str, partner: str, lifted_at: dt.datetime) -> None:
        """Lift what this partner suspended; what others suspended stays."""
        self._suspensions = [
            replace(each, lifted_at=lifted_at)
            if (each.agreement_id, each.partner, each.lifted_at) == (agreement_id, partner, None)
            else each
            for each in self._suspensions
        ]

    def terminate(self, termination: Termination) -> None:
        """Record a notice to end an agreement."""
        self._terminations.append(termination)

    def withdraw_notice(self, agreement_id: str, partner: str, withdrawn_at: dt.datetime) -> None:
        """Take back this partner's notice; what others gave stays."""
        self._terminations = [
            replace(each, withdrawn_at=withdrawn_at)
            if (each.agreement_id, each.partner, each.withdrawn_at) == (agreement_id, partner, None)
            else each
            for each in self._terminations
        ]

    def void(self, agreement_id: str) -> None:
        """Make every signature to an agreement void: its text goes back to a draft."""
        self._sign_offs = [each for each in self._sign_offs if each.agreement_id != agreement_id]


class MemoryFlagStatements:
    """Flags stated on screen, in a list."""

    def __init__(self, statements: Sequence[Statement] = ()) -> None:
        self._statements = list(statements)

    def statements(self) -> list[Statement]:
        """Return every statement, oldest first."""
        return list(self._statements)

    def version(self) -> tuple[object, ...]:
        """Return how many there are: none is ever changed."""
        return (len(self._statements),)

    def add(self, statement: Statement) -> None:
        """Record a statement."""
        self._statements.append(statement)


class MemoryAuditTrail:
    """A hash-chained trail in a list.

    Attributes:
        is_writable: False refuses every event, as a database that is down would.
    """

    def __init__(self) -> None:
        self.is_writable = True
        self._entries: list[tuple[str, dict[str, Any], str]] = []
        self._lock = Lock()

    def append(self, event: Mapping[str, Any]) -> str:
        """Add one event and return its chain hash.

        Raises:
            AuditUnavailableError: if the trail is not writable.
        """
        if not self.is_writable:
            raise AuditUnavailableError
        kept = copy.deepcopy(dict(event))
        with self._lock:
            previous = self._entries[-1][2] if self._entries else CHAIN_START
            digest = chain_hash(previous, kept)
            self._entries.append((previous, kept, digest))
        return digest

    def entries(self) -> list[tuple[str, dict[str, Any], str]]:
        """Return (hash before, event, hash) in order, as `verify_chain` reads them."""
        return copy.deepcopy(self._entries)
