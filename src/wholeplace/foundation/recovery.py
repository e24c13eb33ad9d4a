"""The attack on a published table: how closely can its hidden counts be worked out?

An attacker knows every figure as published, its threshold and base, and which counts add up to
which. Whatever whole counts fit all of that are still possible; `foundation.attack` finds the
smallest and largest of them. Disclosure control runs this before it publishes.
"""

from collections.abc import Mapping
from typing import Protocol

from wholeplace.foundation.attack import Asked, Attack, Known, Range
from wholeplace.foundation.protected import Figure, ProtectedCount

__all__ = [
    "Published",
    "attack_on",
    "audit_release",
    "bounds_of",
    "least_of",
    "narrow_figures",
    "ranges_left",
    "recover_cells",
]


class Published(Protocol):
    """A table as it was published, of whatever shape."""

    @property
    def figures(self) -> Mapping[Figure, ProtectedCount]:
        """Every figure published."""
        ...

    @property
    def threshold(self) -> int:
        """Counts up to this are hidden."""
        ...

    @property
    def base(self) -> int:
        """Others are rounded to a multiple of this."""
        ...

    @property
    def zeros_are_safe(self) -> bool:
        """True where a true zero is shown as zero."""
        ...

    @property
    def error_at_most(self) -> int:
        """No figure shown is further than this from the exact count."""
        ...

    def parts(self) -> Mapping[Figure, tuple[Figure, ...]]:
        """Return figures with the cells that they add up."""
        ...


def known_of(published: Published, slack: int) -> list[Known]:
    """Return what a table tells: bounds on each figure."""
    sums = published.parts()
    knowns = []
    for figure, count in published.figures.items():
        low, high = bounds_of(
            count.shown, count.hidden, slack, published.threshold, published.zeros_are_safe
        )
        knowns.append(Known(sums.get(figure, (figure,)), low, high))
    return knowns


def bounds_of(
    shown: int | None, hidden: str, slack: int, threshold: int, zeros_are_safe: bool
) -> tuple[int, int | None]:
    """Return the smallest and largest count that one published figure allows."""
    if shown is not None:
        if shown == 0 and zeros_are_safe:
            return 0, 0
        return max(threshold + 1, shown - slack), shown + slack
    if hidden == "small":
        return (1 if zeros_are_safe else 0), threshold
    # `not shown` promises nothing: it may stand for a zero, a small or a large count.
    return 0, None


def attack_on(
    published: Published, slack: int, witness: Mapping[Figure, int] | None = None
) -> Attack:
    """Return the attack on one table."""
    sums = published.parts()
    cells = dict.fromkeys(figure for figure in published.figures if figure not in sums)
    cells |= dict.fromkeys(part for parts in sums.values() for part in parts)
    return Attack([*cells], known_of(published, slack), sums.values(), witness)


def ranges_left(published: Published, slack: int | None = None) -> dict[Figure, Range] | None:
    """Return the smallest and largest count still possible for each hidden figure.

    Args:
        published: the table.
        slack: how far the attacker takes a shown figure to be from the truth; the table's
            own `error_at_most` when left out.

    Returns:
        Figure → (smallest, largest; None where it has no bound); None where no counts fit,
        because the attacker took the slack too small.
    """
    attack = attack_on(published, published.error_at_most if slack is None else slack)
    if not attack.is_possible():
        return None
    sums = published.parts()
    return {
        figure: attack.range_of(Asked(sums.get(figure, (figure,))))
        for figure, count in published.figures.items()
        if not count.is_shown
    }


def recover_cells(published: Published, slack: int | None = None) -> dict[Figure, int]:
    """Return the hidden figures that an attacker works out exactly; none is as it should be.

    Args:
        published: the table.
        slack: as for `ranges_left`.
    """
    ranges = ranges_left(published, slack) or {}
    return {figure: low for figure, (low, high) in ranges.items() if low == high}


def audit_release(
    published: Published, *, slack: int | None = None, least: int = 5
) -> list[Figure]:
    """Return the hidden figures of a table that keep too few values under attack.

    It knows nothing but the table as published, not even what its maker knew: the counts that
    it moves around are worked out from the table itself. Nothing may be published for which
    this is not empty; `protect_areas` and `release_table` see to that themselves.

    Args:
        published: the table.
        slack: how far the attacker takes a shown figure to be from the truth; half the base,
            the narrowest guess that rounding allows, when left out.
        least: how many values each hidden figure must keep.
    """
    return narrow_figures(published, published.base // 2 if slack is None else slack, least)


def narrow_figures(published: Published, slack: int, least: int) -> list[Figure]:
    """Return the hidden figures that keep fewer than `least` possible counts.

    As `ranges_left`, but stops at each figure as soon as enough counts are known possible.
    """
    attack = attack_on(published, slack)
    sums = published.parts()
    asked = {
        figure: (
            Asked(sums.get(figure, (figure,))),
            least_of(count.hidden, least, published.threshold, published.zeros_are_safe),
        )
        for figure, count in published.figures.items()
        if not count.is_shown
    }
    return attack.find_narrow(asked)


def least_of(hidden: str, least: int, threshold: int, zeros_are_safe: bool) -> int:
    """Return how many values a hidden figure is to keep."""
    if hidden != "small":
        return least
    # Even with all else hidden, a line's unseen total rules one value out.
    return min(least, max(1, threshold - (1 if zeros_are_safe else 0)))
