"""What a family's claim comes to: the attachment at the start, and the result for what was earned."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from wholeplace.foundation.errors import UnsafeActionError
from wholeplace.partnership.programmes.terms import ClaimRoute, ClaimTerms

__all__ = ["ClaimDue", "attachment_due", "funded_families", "result_due"]


@dataclass(frozen=True)
class ClaimDue:
    """What is due for one family.

    Attributes:
        attachment_pence: due at the start in the year in which the family joined.
        result_pence: due for the result, over and above the attachment.
        route: by which it was earned; empty for an attachment alone.
        extras: routes paid on top.
    """

    attachment_pence: int
    result_pence: int
    route: str
    extras: tuple[str, ...] = ()

    @property
    def whole_pence(self) -> int:
        """Attachment and result together."""
        return self.attachment_pence + self.result_pence


def attachment_due(terms: ClaimTerms, year: str) -> int:
    """Return what is paid when a family is attached in a financial year, in pence.

    Nothing where the terms pay none, or none in that year.
    """
    most, share = terms.payments.most_pence, terms.payments.attachment_percent.get(year)
    if most is None or share is None:
        return 0
    return most * share // 100


def result_due(terms: ClaimTerms, year: str, earned: Iterable[str]) -> ClaimDue:
    """Return what is due for the routes that a family earned.

    The best route counts once; extras come on top, up to the most for one family. What was paid as
    attachment is part of the whole, so the result is the rest.

    Raises:
        UnsafeActionError: if no route was earned, or the terms state no amount for it.
    """
    ids = set(earned)
    routes = [each for each in terms.routes if each.id in ids and not each.is_extra]
    if not routes:
        raise UnsafeActionError(
            "Nothing is due.", "No result was earned by the rules.", "See which rules failed."
        )
    best = max(routes, key=lambda each: (each.pence or 0, each.id))
    if best.pence is None:
        raise UnsafeActionError(
            "Nothing can be computed.",
            "The framework states no amount for this result.",
            "State it in outcomes/ of the place folder under `routes_pence`.",
        )
    most = terms.payments.most_pence
    extras = [each for each in terms.routes if each.id in ids and each.is_extra and _adds(each)]
    whole = best.pence + sum(each.pence or 0 for each in extras)
    if most is not None and whole > most:
        whole, extras = max(best.pence, most), []
    attached = attachment_due(terms, year)
    return ClaimDue(attached, whole - attached, best.id, tuple(each.id for each in extras))


def _adds(route: ClaimRoute) -> bool:
    return bool(route.pence)


def funded_families(families: int, share: Fraction = Fraction(5, 6)) -> int:
    """Return how many families are paid for where a share is left out as deadweight, rounded down."""
    return int(families * share)
