"""An investment agreement: the published template's fields, and what partners sign.

The fields are those of Greater Manchester's investment-agreement template: programme, investor
partners, description against what is done now, location, dates, sources of money (pooled, aligned,
external), cost, key outcomes, performance framework, return on investment against today's, what
becomes of savings, milestones, leads, and definitions.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from wholeplace.foundation.canonical import content_hash
from wholeplace.foundation.lifecycle import Lifecycle, Step
from wholeplace.foundation.values import format_rounded
from wholeplace.money.benefits.appraising import Appraisal
from wholeplace.money.benefits.flows import flows_of
from wholeplace.money.benefits.totals import totals_of
from wholeplace.money.benefits.workings import number

__all__ = [
    "DEAL_LIFE",
    "FIELDS",
    "DealField",
    "deal_actors",
    "deal_hash",
    "draft_fields",
    "missing_fields",
]


@dataclass(frozen=True)
class DealField:
    """One field of the agreement.

    Attributes:
        id: key in what is signed.
        hint: what to write.
    """

    id: str
    label: str
    hint: str


FIELDS = (
    DealField("programme", "Programme", "What it is called"),
    DealField("description", "What will be done, and how that differs from now", "What a family would notice"),
    DealField("location", "Where", "The whole place, or which parts of it"),
    DealField("dates", "From when until when", ""),
    DealField("sources", "Where the money comes from", "Pooled, aligned or external, and how much of each"),
    DealField("cost", "What it costs", ""),
    DealField("outcomes", "What it is to change", ""),
    DealField("performance", "How it is followed", "Who looks at what, and how often"),
    DealField("return_now", "What is returned today for each pound", "What is known of the way things are done now"),
    DealField("return_expected", "What is expected for each pound", ""),
    DealField("gains", "Who pays and who gains", ""),
    DealField("reinvestment", "What becomes of savings", "Who pays back or puts in again, from what, and when"),
    DealField("milestones", "Milestones", "Dates at which something can be seen to have happened"),
    DealField("leads", "Who leads it for each partner", "Job titles; people change"),
    DealField("definitions", "What words mean here", "Only those that could be read in two ways"),
)  # fmt: skip

_WRITER, _SIGNATORY = "writer", "signatory"

DEAL_LIFE = Lifecycle(
    "investment agreement",
    {"draft": "Draft", "signing": "Being signed", "in-force": "In force", "ended": "Ended"},
    "draft",
    (
        Step("offer", ("draft",), "signing", frozenset({_WRITER}), "Ask partners to sign"),
        Step(
            "recall", ("signing",), "draft", frozenset({_WRITER}),
            "Take it back to change it", ("words",),
        ),
        Step("sign", ("signing",), "signing", frozenset({_SIGNATORY}), "Sign for your organisation"),
        Step("complete", ("signing",), "in-force", frozenset({"last-signature"}), "All have signed"),
        Step("end", ("in-force",), "ended", frozenset({_SIGNATORY}), "End the agreement", ("words",)),
    ),
)  # fmt: skip
"""Draft, signed by each partner on one text, in force. A changed text is signed anew."""


def deal_actors(role: str, organisation: str, partners: tuple[str, ...]) -> frozenset[str]:
    """Return what somebody is to an agreement."""
    found = set()
    if role in ("commissioner", "finance-lead"):
        found.add(_WRITER)
    if role == "signatory" and organisation in partners:
        found.add(_SIGNATORY)
    return frozenset(found)


def deal_hash(fields: Mapping[str, str], partners: tuple[str, ...], case_version: str) -> str:
    """Return the SHA-256 of what is signed: every field, the partners, the case that it rests on."""
    return content_hash(
        {"fields": dict(fields), "partners": sorted(partners), "case": case_version}
    )


def missing_fields(fields: Mapping[str, str]) -> tuple[DealField, ...]:
    """Return the fields that nobody has filled in; an agreement with any is not offered."""
    return tuple(each for each in FIELDS if not fields.get(each.id, "").strip())


def draft_fields(appraisal: Appraisal, place_name: str, names: Mapping[str, str]) -> dict[str, str]:
    """Return the fields that can be drafted from a case; the others are empty."""
    intervention, totals = appraisal.intervention, totals_of(appraisal)
    flows = flows_of(appraisal)
    first, last = appraisal.year_words(0), appraisal.year_words(intervention.delivery_years - 1)
    payers = [each for each in flows if each.pays_pence]

    def name(key: str) -> str:
        return names.get(key, key)

    drafted = {
        "programme": intervention.title,
        "description": intervention.summary,
        "location": place_name,
        "dates": f"{first} to {last}; gains are counted to {appraisal.year_words(intervention.horizon_years - 1)}",
        "sources": "\n".join(f"{name(each.agency)}: {format_rounded(each.pays_pence)}" for each in payers),
        "cost": f"{totals.cost.rounded} in today’s value, in prices of {appraisal.settings.price_year}",
        "outcomes": "\n".join(
            f"{each.unit[:1].upper()}{each.unit[1:]}: {number(each.estimate)} for each {each.per} "
            f"(between {number(each.low)} and {number(each.high)})"
            for each in intervention.effects
        ),
        "return_expected": _return_words(totals.fiscal_ratio, totals.public_ratio, totals.payback_words),
        "gains": "\n".join(
            f"{name(each.agency)}: pays {format_rounded(each.pays_pence)}, gains {format_rounded(each.gains_pence)}"
            for each in flows
        ),
    }  # fmt: skip
    return {each.id: drafted.get(each.id, "") for each in FIELDS}


def _return_words(fiscal: object, public: object, payback: str) -> str:
    words = f"£{fiscal} saved by public bodies for each £1; £{public} of public value for each £1."
    return words + (
        f" Paid back in {payback}." if payback else " Not paid back within the years counted."
    )
