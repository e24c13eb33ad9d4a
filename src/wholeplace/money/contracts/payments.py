"""What is paid: for a milestone that was reached, and for outcomes that were measured.

An outcome payment follows from four fixed things (cohort, metric, counterfactual, price) and one
measured (how many of the cohort have the need). Nobody types an amount.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from wholeplace.foundation.errors import UnsafeActionError
from wholeplace.money.contracts.terms import WHOLE_SHARE, ContractTerms
from wholeplace.outcomes.areas.allocation import share_out

__all__ = [
    "OutcomeDue",
    "co_fund",
    "least_shown",
    "outcome_due",
    "relative_fall",
    "split_payment",
]

_LEAST_SHOWN = 8


def least_shown() -> int:
    """Return the smallest count of a cohort that a payment may tell of (the rule of counts up to 7)."""
    return _LEAST_SHOWN


@dataclass(frozen=True)
class OutcomeDue:
    """What an outcome payment comes to, step by step.

    Attributes:
        expected: of the cohort with the need, had nothing been done; exact.
        avoided: fewer than expected; exact, negative where there are more.
        fall: avoided of expected; None where none was expected.
        is_enough: whether the fall reaches the least that is paid for.
        people: whole people paid for.
        is_held: True where the count is so small that the payment would tell of a few people.
    """

    size: int
    observed: int
    expected: Fraction
    avoided: Fraction
    fall: Fraction | None
    is_enough: bool
    people: int
    pence: int
    central_pence: int
    is_held: bool

    @property
    def local_pence(self) -> int:
        """What the place pays itself."""
        return self.pence - self.central_pence


def relative_fall(observed: Fraction, expected: Fraction) -> Fraction | None:
    """Return by which share an observed rate lies below an expected one; None if none was expected."""
    return (expected - observed) / expected if expected else None


def outcome_due(terms: ContractTerms, observed: int, measured: int | None = None) -> OutcomeDue:
    """Return what is due for outcomes.

    Args:
        terms: as frozen.
        observed: how many of the cohort have the need on the day of measuring.
        measured: how many of the cohort could be measured; somebody erased since, or who objected,
            counts neither as with the need nor as without. All of it when absent.

    Raises:
        UnsafeActionError: if more have it than there are in the cohort.
    """
    size = terms.cohort.size if measured is None else measured
    if not 0 <= observed <= size <= terms.cohort.size:
        raise UnsafeActionError(
            "Nothing was computed.",
            "More people were measured than the cohort has.",
            "Measure the cohort again.",
        )
    expected = Fraction(size * terms.counterfactual.rate_per_1000, 1000)
    avoided = expected - observed
    fall = relative_fall(Fraction(observed), expected)
    is_enough = fall is not None and avoided > 0 and fall * 1000 >= terms.price.least_fall_tenths
    people = int(avoided) if is_enough else 0
    pence = min(people * terms.price.pence, terms.price.most_pence)
    return OutcomeDue(
        size,
        observed,
        expected,
        avoided,
        fall,
        is_enough,
        people,
        pence,
        pence * terms.price.central_points // WHOLE_SHARE,
        min(observed, size - observed) < _LEAST_SHOWN,
    )


def split_payment(terms: ContractTerms, pence: int) -> Mapping[str, int]:
    """Return each provider's part of a payment, by its share, to the penny.

    Raises:
        UnsafeActionError: if the shares do not make the whole.
    """
    shares = {each.org_id: each.share_points for each in terms.providers}
    if sum(shares.values()) != WHOLE_SHARE:
        raise UnsafeActionError(
            "Nothing was shared out.",
            "Providers' shares do not make 100 per cent.",
            "Correct them in a new contract.",
        )
    return share_out(pence, shares)


def co_fund(central_pence: int, central_percent: int) -> tuple[int, int]:
    """Return what a place adds to a central share, and the whole.

    A central fund of `central_pence` that pays `central_percent` of outcome payments brings the
    rest with it.
    """
    whole = Fraction(central_pence * 100, central_percent)
    return round(whole) - central_pence, round(whole)
