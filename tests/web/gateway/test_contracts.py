"""The records in the database keep the promises that agreements ask of any records."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from tests.agreements.contracts import ConcurrentTrailContract, SignOffsContract

from wholeplace.agreements import SignOff, Suspension
from wholeplace.web.chain.models import Entry
from wholeplace.web.chain.trail import DjangoAuditTrail
from wholeplace.web.gateway.records import DjangoSignOffs


@pytest.mark.django_db
class TestDjangoSignOffs(SignOffsContract):
    def make(self) -> DjangoSignOffs:
        return DjangoSignOffs()

    def put_sign_off(self, records: DjangoSignOffs, sign_off: SignOff) -> None:
        records.sign(sign_off)

    def put_suspension(self, records: DjangoSignOffs, suspension: Suspension) -> None:
        records.suspend(suspension)

    def lift(
        self, records: DjangoSignOffs, agreement_id: str, partner: str, at: dt.datetime
    ) -> None:
        records.lift(agreement_id, partner, at)

    def take_back(
        self, records: DjangoSignOffs, agreement_id: str, partner: str, at: dt.datetime
    ) -> None:
        records.withdraw_notice(agreement_id, partner, at, withdrawn_by="ben")

    def void(self, records: DjangoSignOffs, agreement_id: str) -> None:
        records.void(agreement_id, dt.datetime.now(dt.UTC))


@pytest.mark.django_db
class TestDjangoAuditTrail(ConcurrentTrailContract):
    @pytest.fixture(autouse=True)
    def _unwritable(self, unwritable_trail: Any) -> Iterator[None]:
        self.refusing = unwritable_trail()
        self.is_broken = False
        yield
        if self.is_broken:
            self.refusing.__exit__(None, None, None)

    def make(self) -> DjangoAuditTrail:
        return DjangoAuditTrail()

    def entries(self, trail: DjangoAuditTrail) -> list[tuple[str, dict[str, Any], str]]:
        found = Entry.objects.order_by("position")
        return [(each.previous, each.event, each.hash) for each in found]

    def break_it(self, trail: DjangoAuditTrail) -> None:
        self.refusing.__enter__()
        self.is_broken = True
