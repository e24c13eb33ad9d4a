"""Frozen contracts as they are published: terms, and what was paid to whom."""

from wholeplace.money.contracts.open_formats import PaidPart, Published
from wholeplace.web.commissioning.contracting import terms_of
from wholeplace.web.commissioning.models import Contract
from wholeplace.web.gateway.wiring import OpenPlace

__all__ = ["published_contracts"]

_PUBLISHED = ("frozen", "running", "ended")


def published_contracts(place: OpenPlace) -> list[Published]:
    """Return every contract that was frozen, oldest first, with its approved payments."""
    rows = Contract.objects.filter(state__in=_PUBLISHED).order_by("id").prefetch_related("payments")
    found = []
    for contract in rows:
        if contract.frozen_at is None:
            continue
        terms = terms_of(contract)
        labels = {each.id: each.label for each in terms.milestones}
        paid = tuple(
            PaidPart(
                f"{contract.id}-{payment.pk}",
                org_id,
                pence,
                payment.decided_at.date(),
                labels.get(payment.milestone, "Outcomes"),
            )
            for payment in contract.payments.all()
            if payment.state == "approved" and payment.decided_at is not None
            for org_id, pence in payment.parts.items()
        )
        found.append(
            Published(
                contract.id,
                terms,
                f"GB-WHOLEPLACE-{contract.organisation}",
                place.terms.words("partner", contract.organisation),
                contract.frozen_at.date(),
                contract.terms_hash,
                paid,
            )
        )
    return found
