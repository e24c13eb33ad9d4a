import datetime as dt
from typing import Any

from wholeplace.agreements import MemoryAuditTrail, MemorySignOffs, SignOff, Suspension

from .contracts import ConcurrentTrailContract, SignOffsContract


class TestMemorySignOffs(SignOffsContract):
    def make(self) -> MemorySignOffs:
        return MemorySignOffs()

    def put_sign_off(self, records: MemorySignOffs, sign_off: SignOff) -> None:
        records.sign(sign_off)

    def put_suspension(self, records: MemorySignOffs, suspension: Suspension) -> None:
        records.suspend(suspension)

    def lift(
        self, records: MemorySignOffs, agreement_id: str, partner: str, at: dt.datetime
    ) -> None:
        records.lift(agreement_id, partner, at)


class TestMemoryAuditTrail(ConcurrentTrailContract):
    def make(self) -> MemoryAuditTrail:
        return MemoryAuditTrail()

    def entries(self, trail: MemoryAuditTrail) -> list[tuple[str, dict[str, Any], str]]:
        return trail.entries()

    def break_it(self, trail: MemoryAuditTrail) -> None:
        trail.is_writable = False
