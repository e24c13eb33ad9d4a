"""The assessment of a family: headline by headline of the framework that its case began with.

For each headline a scale from 1 (it goes well) to 5 (it cannot go on so), what works well, what
people worry about, and which needs stand. It is the family's and the workers' own judgement:
nothing is added up and nobody is ranked by it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from wholeplace.foundation.errors import UnsafeActionError
from wholeplace.partnership.definitions import Framework

__all__ = ["SCALE", "HeadlineView", "check_assessment", "movement", "other_need"]

SCALE: Final[Mapping[int, str]] = {
    1: "It goes well",
    2: "Small worries",
    3: "Worries that need help",
    4: "Serious worries",
    5: "It cannot go on so",
}
"""How a headline is, in the family's and the worker's own judgement."""


@dataclass(frozen=True)
class HeadlineView:
    """How a family is under one headline.

    Attributes:
        headline: id in the framework.
        scale: 1 to 5.
        needs: ids of the framework's needs that stand, as assessed.
    """

    headline: str
    scale: int
    works_well: str = ""
    worries: str = ""
    needs: tuple[str, ...] = ()


def other_need(headline: str) -> str:
    """Return the id of a need of a headline that no rule of the framework covers."""
    return f"{headline}:other"


def check_assessment(views: Sequence[HeadlineView], framework: Framework) -> None:
    """Refuse an assessment that is not of the whole family.

    Raises:
        UnsafeActionError: if a headline is missing or named twice, a scale is none of the five,
            or a need is not one of its headline.
    """
    wanted = {each.id: each for each in framework.headlines}
    given = [each.headline for each in views]
    missing = [each.label for name, each in wanted.items() if name not in given]
    if missing or len(given) != len(set(given)) or set(given) - set(wanted):
        raise UnsafeActionError(
            "The assessment was not kept.",
            f"It does not cover every headline once. Missing: {', '.join(missing) or 'none'}.",
            "Say of each headline how it is.",
        )
    for each in views:
        known = {need.id for need in wanted[each.headline].needs} | {other_need(each.headline)}
        if each.scale not in SCALE or set(each.needs) - known:
            raise UnsafeActionError(
                "The assessment was not kept.",
                f"“{wanted[each.headline].label}” has no such scale or need.",
                "Choose one of the five, and needs of that headline.",
            )


def movement(before: Sequence[HeadlineView], after: Sequence[HeadlineView]) -> dict[str, int]:
    """Return by how much each headline moved; negative is better. Those in both alone."""
    was = {each.headline: each.scale for each in before}
    return {
        each.headline: each.scale - was[each.headline] for each in after if each.headline in was
    }
