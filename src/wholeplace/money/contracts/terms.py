"""What an outcomes contract says, whole, as one value that can be hashed.

Only whole numbers, texts and days: shares in basis points (10,000 are the whole), rates for each
1,000 of the cohort, money in pence. Two equal texts have one hash on any machine.
"""

import datetime as dt
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from wholeplace.foundation.canonical import content_hash
from wholeplace.money.contracts.joint import missing_joint_working, requirements

__all__ = [
    "WHOLE_SHARE",
    "Cohort",
    "ContractTerms",
    "Counterfactual",
    "Metric",
    "Milestone",
    "OutcomePrice",
    "Provider",
    "find_faults",
    "hash_members",
    "hash_terms",
]

WHOLE_SHARE = 10_000
"""All of it, in basis points."""


class _Text(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Provider(_Text):
    """One provider and its share of every payment.

    Attributes:
        org_id: identifier in a public register, such as `GB-CHC-1234567`.
        share_points: basis points.
    """

    org_id: str
    name: str
    share_points: int = Field(ge=0, le=WHOLE_SHARE)


class Milestone(_Text):
    """A payment for something done by a day, with the evidence that shows it."""

    id: str
    label: str
    evidence: str
    due_on: dt.date
    pence: int = Field(ge=0)


class Metric(_Text):
    """What is measured: how many of the cohort have a need, by the place's own rule.

    Attributes:
        rule: the rule in words, as it was on the day of freezing.
    """

    framework: str
    version: str
    need: str
    label: str
    rule: str


class Counterfactual(_Text):
    """What would have been without the contract, and how that is known.

    Attributes:
        rate_per_1000: of the cohort who would have the need on the day of measuring.
        grade: of the evidence, 1 to 5 on the Maryland scale.
    """

    rate_per_1000: int = Field(ge=0, le=1000)
    method: str
    source: str
    grade: int = Field(ge=1, le=5)


class OutcomePrice(_Text):
    """What is paid for outcomes.

    Attributes:
        pence: for each person fewer with the need than the counterfactual expects.
        least_fall_tenths: least relative fall, in tenths of a per cent, below which nothing is paid.
        central_points: share that a central fund pays, in basis points.
    """

    pence: int = Field(ge=0)
    least_fall_tenths: int = Field(ge=0, le=1000)
    most_pence: int = Field(ge=0)
    central_points: int = Field(default=0, ge=0, le=WHOLE_SHARE)


class Cohort(_Text):
    """For whom the contract is: fixed people, known here by a count and a hash.

    Attributes:
        rule: who they are, in words.
        members_hash: of their ids in order; empty until frozen.
    """

    rule: str
    size: int = Field(default=0, ge=0)
    members_hash: str = ""


class ContractTerms(_Text):
    """One contract.

    Attributes:
        need: what people need and what shows it, in words.
        joint_working: ids of requirements; see `joint.requirements`.
        social_value: question id to its weight in the award, in per cent.
        agreement: the information-sharing agreement that providers sign.
        measured_on: the day on which outcomes are measured.
    """

    title: str
    form: Literal["contract", "grant"]
    buyer: str
    need: str
    service: str
    joint_working: tuple[str, ...]
    agreement: str
    social_value: dict[str, int] = {}
    social_weight: int = Field(default=10, ge=0, le=100)
    starts_on: dt.date
    ends_on: dt.date
    measured_on: dt.date
    cohort: Cohort
    metric: Metric
    counterfactual: Counterfactual
    milestones: tuple[Milestone, ...] = ()
    price: OutcomePrice
    providers: tuple[Provider, ...]

    @property
    def most_pence(self) -> int:
        """The most that the contract can come to."""
        return sum(each.pence for each in self.milestones) + self.price.most_pence


def hash_terms(terms: ContractTerms) -> str:
    """Return the SHA-256 of everything that a contract says."""
    return content_hash(terms.model_dump(mode="json"))


def hash_members(person_ids: list[str]) -> str:
    """Return the SHA-256 of a cohort's members, whatever their order."""
    return content_hash(sorted(set(person_ids)))


def find_faults(terms: ContractTerms, today: dt.date) -> tuple[str, ...]:
    """Return everything that keeps a contract from being frozen, each with its mending."""
    known = {each.id for each in requirements()}
    shares = sum(each.share_points for each in terms.providers)
    found = []
    if shares != WHOLE_SHARE:
        found.append(
            f"Providers' shares make {shares / 100:g} per cent. Change them until they make 100."
        )
    if not terms.providers or len({each.org_id for each in terms.providers}) < len(terms.providers):
        found.append("Each provider stands once, with its own identifier. Put the list right.")
    found += [
        f"Joint working is not written in: “{each.label}”. Choose it; no specification goes without."
        for each in missing_joint_working(terms.joint_working)
    ]
    if unknown := set(terms.joint_working) - known:
        found.append(f"There is no requirement {', '.join(sorted(unknown))}. Choose from the list.")
    found += _day_faults(terms, today)
    if terms.social_value and sum(terms.social_value.values()) != 100:
        found.append("The weights of the questions on social value make 100 together. Change them.")
    if not terms.counterfactual.source.strip() or not terms.counterfactual.method.strip():
        found.append("The counterfactual has no method or no source. Say how it is known.")
    if any(
        not terms.starts_on <= each.due_on <= terms.ends_on or not each.evidence.strip()
        for each in terms.milestones
    ):
        found.append(
            "Each milestone lies within the contract and names its evidence. Correct them."
        )
    return tuple(found)


def _day_faults(terms: ContractTerms, today: dt.date) -> list[str]:
    found = []
    if terms.starts_on <= today:
        found.append(
            "The first day is not in the future. Cohort, metric and counterfactual are fixed before "
            "work begins, so choose a later first day."
        )
    if terms.ends_on <= terms.starts_on:
        found.append("The last day is not after the first. Correct the days.")
    if terms.measured_on <= terms.starts_on:
        found.append("Outcomes are measured before work begins. Choose a later day.")
    return found
