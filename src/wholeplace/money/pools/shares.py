"""Dividing whole pence by shares: nothing is lost, nothing is made, and the order does not matter."""

from collections.abc import Mapping
from decimal import Decimal

__all__ = ["divide_pence"]


def divide_pence(pence: int, shares: Mapping[str, Decimal]) -> dict[str, int]:
    """Return an amount divided by shares, in whole pence that add up to it exactly.

    Each gets the whole pence of their share; pence left over go one each to those whose share
    was cut most, by name where that is equal. Nobody is more than a penny from their share.

    Args:
        pence: may be negative: a loss is divided as a gain is.
        shares: 0 or more each, not all 0; they need not add up to 1.

    Raises:
        ValueError: if a share is negative, or all are 0.
    """
    total = sum(shares.values())
    if total <= 0 or min(shares.values()) < 0:
        raise ValueError("shares are 0 or more, and some are more")
    sign, amount = (-1 if pence < 0 else 1), abs(pence)
    exact = {name: Decimal(amount) * share / total for name, share in shares.items()}
    whole = {name: int(value) for name, value in exact.items()}
    left = amount - sum(whole.values())
    most_cut = sorted(shares, key=lambda name: (whole[name] - exact[name], name))
    for name in most_cut[:left]:
        whole[name] += 1
    return {name: sign * whole[name] for name in shares}
