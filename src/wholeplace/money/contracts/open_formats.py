"""Contracts and grants in open formats, for anybody to read and compare.

OCDS 1.1.5 release package (standard.open-contracting.org) and 360Giving grants
(standard.threesixtygiving.org). Neither holds anything about a person of the cohort: how many they
are stands there only where there are enough of them.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from wholeplace.money.contracts.payments import least_shown, split_payment
from wholeplace.money.contracts.terms import ContractTerms, Provider

__all__ = ["PaidPart", "Published", "grants_package", "release_package"]

_PREFIX = "ocds-wholeplace"
_ZONE = "T00:00:00Z"


@dataclass(frozen=True)
class PaidPart:
    """One approved payment's part for one provider."""

    id: str
    org_id: str
    pence: int
    on: dt.date
    what: str


@dataclass(frozen=True)
class Published:
    """One contract as it is published.

    Attributes:
        ref: its number here.
        frozen_on: day on which its terms were fixed, which is the day of the award.
        terms_hash: of everything that it says.
    """

    ref: str
    terms: ContractTerms
    buyer_id: str
    buyer_name: str
    frozen_on: dt.date
    terms_hash: str
    paid: tuple[PaidPart, ...] = ()


def release_package(
    published: Iterable[Published], *, uri: str, publisher: str, on: dt.date
) -> dict[str, Any]:
    """Return an OCDS release package of contracts, one compiled release each."""
    return {
        "uri": uri,
        "version": "1.1",
        "publishedDate": f"{on.isoformat()}{_ZONE}",
        "publisher": {"name": publisher},
        "license": "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
        "releases": [_release(each, on) for each in published],
    }


def _release(each: Published, on: dt.date) -> dict[str, Any]:
    suppliers = [{"id": one.org_id, "name": one.name} for one in each.terms.providers]
    buyer = {"id": each.buyer_id, "name": each.buyer_name}
    return {
        "ocid": f"{_PREFIX}-{each.ref}",
        "id": f"{each.ref}-{on.isoformat()}",
        "date": f"{on.isoformat()}{_ZONE}",
        "tag": ["contract"],
        "initiationType": "tender",
        "language": "en",
        "parties": [
            {**buyer, "roles": ["buyer"]},
            *({**one, "roles": ["supplier"]} for one in suppliers),
        ],
        "buyer": buyer,
        "tender": {
            "id": f"{each.ref}-tender",
            "title": each.terms.title,
            "description": each.terms.service,
            "status": "complete",
            "value": _value(each.terms.most_pence),
            "eligibilityCriteria": "Joint working: " + ", ".join(each.terms.joint_working),
        },
        "awards": [
            {
                "id": f"{each.ref}-award",
                "title": each.terms.title,
                "status": "active",
                "date": f"{each.frozen_on.isoformat()}{_ZONE}",
                "value": _value(each.terms.most_pence),
                "suppliers": suppliers,
                "contractPeriod": _period(each.terms),
            }
        ],
        "contracts": [_contract(each, on)],
    }


def _contract(each: Published, on: dt.date) -> dict[str, Any]:
    terms = each.terms
    return {
        "id": each.ref,
        "awardID": f"{each.ref}-award",
        "title": terms.title,
        "description": _description(each),
        "status": "active" if on <= terms.ends_on else "terminated",
        "period": _period(terms),
        "value": _value(terms.most_pence),
        "dateSigned": f"{each.frozen_on.isoformat()}{_ZONE}",
        "milestones": [
            {
                "id": one.id,
                "title": one.label,
                "description": one.evidence,
                "dueDate": f"{one.due_on.isoformat()}{_ZONE}",
                "status": "scheduled",
            }
            for one in terms.milestones
        ],
        "implementation": {"transactions": _transactions(each)},
    }


def _period(terms: ContractTerms) -> dict[str, str]:
    return {
        "startDate": f"{terms.starts_on.isoformat()}{_ZONE}",
        "endDate": f"{terms.ends_on.isoformat()}{_ZONE}",
    }


def _description(each: Published) -> str:
    terms = each.terms
    size = f"{terms.cohort.size} people" if terms.cohort.size >= least_shown() else "a small group"
    return (
        f"For {size}: {terms.cohort.rule} Measured on {terms.measured_on.isoformat()}: "
        f"{terms.metric.label}. Without the contract {terms.counterfactual.rate_per_1000} in 1,000 "
        f"are expected ({terms.counterfactual.source}). Terms fixed with hash {each.terms_hash}."
    )


def _transactions(each: Published) -> list[dict[str, Any]]:
    names = {one.org_id: one.name for one in each.terms.providers}
    return [
        {
            "id": f"{part.id}-{part.org_id}",
            "source": part.what,
            "date": f"{part.on.isoformat()}{_ZONE}",
            "value": _value(part.pence),
            "payer": {"id": each.buyer_id, "name": each.buyer_name},
            "payee": {"id": part.org_id, "name": names[part.org_id]},
        }
        for part in each.paid
    ]


def grants_package(published: Iterable[Published]) -> dict[str, Any]:
    """Return grants as 360Giving data: one grant for each provider of each grant agreement."""
    return {
        "grants": [
            _grant(each, provider, amounts)
            for each in published
            if each.terms.form == "grant"
            for amounts in [split_payment(each.terms, each.terms.most_pence)]
            for provider in each.terms.providers
        ]
    }


def _grant(each: Published, provider: Provider, amounts: Mapping[str, int]) -> dict[str, Any]:
    terms = each.terms
    return {
        "id": f"360G-wholeplace-{each.ref}-{provider.org_id}",
        "title": terms.title,
        "description": terms.service,
        "currency": "GBP",
        "amountAwarded": amounts[provider.org_id] / 100,
        "awardDate": each.frozen_on.isoformat(),
        "plannedDates": [
            {
                "startDate": terms.starts_on.isoformat(),
                "endDate": terms.ends_on.isoformat(),
                "duration": max(1, round((terms.ends_on - terms.starts_on).days / 30.44)),
            }
        ],
        "recipientOrganization": [{"id": provider.org_id, "name": provider.name}],
        "fundingOrganization": [{"id": each.buyer_id, "name": each.buyer_name}],
    }


def _value(pence: int) -> dict[str, Any]:
    return {"amount": pence / 100, "currency": "GBP"}
