"""Contracts of the records: every implementation is held to these same tests.

Subclass in a test module, and give the fixtures that make the implementation.
"""

import copy
import datetime as dt
from abc import ABC, abstractmethod
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from wholeplace.agreements import (
    AuditTrail,
    AuditUnavailableError,
    SignOff,
    SignOffs,
    Suspension,
    Termination,
)
from wholeplace.foundation.chain import chain_hash, verify_chain

AT = dt.datetime(2026, 3, 1, 10, 30, 15, 123456, tzinfo=dt.UTC)
EVENT: dict[str, Any] = {
    "kind": "sight",
    "at": "2026-03-01T10:30:15.123456+00:00",
    "page": "people:show",
    "actor": "ana",
    "reason": None,
    "subjects": [
        {"subject": "p-1", "seen": {"police": {"crime.offence": {"summary": {"items": 2}}}}}
    ],
    "alerts": [],
}


class SignOffsContract(ABC):
    """What every `SignOffs` promises."""

    @abstractmethod
    def make(self) -> SignOffs:
        """Return one that holds nothing."""

    @abstractmethod
    def put_sign_off(self, records: Any, sign_off: SignOff) -> None:
        """Record a signature, as the implementation does."""

    @abstractmethod
    def put_suspension(self, records: Any, suspension: Suspension) -> None:
        """Record a suspension, as the implementation does."""

    @abstractmethod
    def lift(self, records: Any, agreement_id: str, partner: str, at: dt.datetime) -> None:
        """Lift a partner's suspension, as the implementation does."""

    def put_notice(self, records: Any, notice: Termination) -> None:
        """Record a notice, as the implementation does."""
        records.terminate(notice)

    def take_back(self, records: Any, agreement_id: str, partner: str, at: dt.datetime) -> None:
        """Take back a partner's notice, as the implementation does."""
        records.withdraw_notice(agreement_id, partner, at)

    def void(self, records: Any, agreement_id: str) -> None:
        """Make an agreement's signatures void, as the implementation does."""
        records.void(agreement_id)

    def test_notices_come_back_whole_and_one_is_taken_back_alone(self) -> None:
        records = self.make()
        notices = [
            Termination("family", each, "ben", AT, AT.date(), "we leave")
            for each in ("police", "clinic")
        ]
        for each in notices:
            self.put_notice(records, each)
        assert list(records.terminations("family")) == notices
        assert list(records.terminations("another")) == []
        self.take_back(records, "family", "police", AT)
        found = {each.partner: each.withdrawn_at for each in records.terminations("family")}
        assert found == {"police": AT, "clinic": None}

    def test_void_signatures_are_as_if_never_put(self) -> None:
        records = self.make()
        for agreement_id in ("family", "another"):
            self.put_sign_off(records, SignOff(agreement_id, "a" * 64, "police", "ben", AT))
        self.void(records, "family")
        assert list(records.sign_offs("family")) == []
        assert len(records.sign_offs("another")) == 1
        again = SignOff("family", "a" * 64, "police", "ben", AT)
        self.put_sign_off(records, again)
        assert list(records.sign_offs("family")) == [again]

    def test_nothing_recorded_is_nothing_returned(self) -> None:
        records = self.make()
        assert list(records.sign_offs("family")) == []
        assert list(records.suspensions("family")) == []

    def test_signatures_come_back_whole_and_oldest_first(self) -> None:
        records = self.make()
        later = SignOff("family", "b" * 64, "police", "ben", AT + dt.timedelta(days=1))
        first = SignOff("family", "a" * 64, "police", "ben", AT)
        other = SignOff("another", "a" * 64, "police", "ben", AT)
        for each in (later, first, other):
            self.put_sign_off(records, each)
        assert list(records.sign_offs("family")) == [first, later]
        assert list(records.sign_offs("another")) == [other]

    def test_a_suspension_is_seen_at_once_and_stays_after_it_is_lifted(self) -> None:
        records = self.make()
        stopped = Suspension("family", "police", "ben", AT, "a breach")
        self.put_suspension(records, stopped)
        assert list(records.suspensions("family")) == [stopped]
        lifted_at = AT + dt.timedelta(hours=2)
        self.lift(records, "family", "police", lifted_at)
        (found,) = records.suspensions("family")
        assert found == Suspension("family", "police", "ben", AT, "a breach", lifted_at)

    def test_lifting_ones_own_suspension_leaves_the_others(self) -> None:
        records = self.make()
        for partner in ("police", "clinic"):
            self.put_suspension(records, Suspension("family", partner, "ben", AT, "a breach"))
        self.lift(records, "family", "police", AT + dt.timedelta(hours=1))
        found = {each.partner: each.lifted_at for each in records.suspensions("family")}
        assert found["police"] is not None
        assert found["clinic"] is None


class AuditTrailContract(ABC):
    """What every `AuditTrail` promises."""

    @abstractmethod
    def make(self) -> AuditTrail:
        """Return one that holds nothing."""

    @abstractmethod
    def entries(self, trail: Any) -> list[tuple[str, dict[str, Any], str]]:
        """Return (hash before, event, hash) of everything committed, in order."""

    @abstractmethod
    def break_it(self, trail: Any) -> None:
        """Make the trail unwritable, as a database that is down or refuses would be."""

    def test_an_appended_event_is_committed_under_the_hash_returned(self) -> None:
        trail = self.make()
        digest = trail.append(EVENT)
        ((before, event, stated),) = self.entries(trail)
        assert event == EVENT
        assert stated == digest == chain_hash(before, EVENT)

    def test_events_form_one_chain(self) -> None:
        trail = self.make()
        for number in range(5):
            trail.append({**EVENT, "page": f"page {number}"})
        entries = self.entries(trail)
        assert [event["page"] for _, event, _ in entries] == [f"page {n}" for n in range(5)]
        assert verify_chain(entries) is None

    def test_what_the_caller_changes_afterwards_changes_nothing(self) -> None:
        trail = self.make()
        event = copy.deepcopy(EVENT)
        trail.append(event)
        event["subjects"].clear()
        assert self.entries(trail)[0][1] == EVENT

    def test_an_unwritable_trail_says_so_and_keeps_nothing(self) -> None:
        trail = self.make()
        trail.append(EVENT)
        self.break_it(trail)
        with pytest.raises(AuditUnavailableError):
            trail.append(EVENT)

    def test_an_event_without_one_canonical_form_is_refused(self) -> None:
        trail = self.make()
        with pytest.raises(TypeError):
            trail.append({**EVENT, "share": 0.5})
        assert self.entries(trail) == []


class ConcurrentTrailContract(AuditTrailContract):
    """Further, where several threads may write to one trail."""

    def test_events_of_many_threads_form_one_chain(self) -> None:
        trail = self.make()
        with ThreadPoolExecutor(8) as pool:
            digests = list(pool.map(lambda n: trail.append({**EVENT, "page": str(n)}), range(80)))
        entries = self.entries(trail)
        assert verify_chain(entries) is None
        assert sorted(digests) == sorted(stated for _, _, stated in entries)
