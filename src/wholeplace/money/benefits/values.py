"""Fiscal value and public value: two answers to two questions, never one sum.

Fiscal value is what public bodies no longer spend. Public value is what is better for everybody:
the same savings, without money that only changes hands, and with what residents and the economy
gain. So the second holds most of the first, and adding them counts a pound twice. The types
refuse it.
"""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from wholeplace.foundation.values import format_pence, format_rounded

__all__ = ["FiscalValue", "PublicValue", "ratio_of"]


@dataclass(frozen=True, order=True)
class _Value:
    pence: int

    def __add__(self, other: Any) -> Any:
        """Add a value of the same kind.

        Raises:
            TypeError: for any other kind: that would count the same pound twice.
        """
        if type(other) is not type(self):
            raise TypeError("fiscal value and public value are never added: one holds the other")
        return type(self)(self.pence + other.pence)

    def __sub__(self, other: Any) -> Any:
        """Take away a value of the same kind; raises TypeError for any other."""
        if type(other) is not type(self):
            raise TypeError("fiscal value and public value are never set off against each other")
        return type(self)(self.pence - other.pence)

    def __str__(self) -> str:
        return format_pence(self.pence)

    @property
    def rounded(self) -> str:
        """The value in a sentence."""
        return format_rounded(self.pence)


class FiscalValue(_Value):
    """Money of public bodies."""


class PublicValue(_Value):
    """What is better for everybody, public bodies among them."""


def ratio_of(benefit_pence: int, cost_pence: int) -> Decimal | None:
    """Return benefit for each pound of cost, to two places; None where nothing is spent."""
    if cost_pence <= 0:
        return None
    return (Decimal(benefit_pence) / Decimal(cost_pence)).quantize(Decimal("0.01"), ROUND_HALF_UP)
