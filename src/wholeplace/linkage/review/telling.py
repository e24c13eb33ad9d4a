"""What a reviewer is told of how two records compare, at the level that agreements give.

What a comparison comes to tells of both records at once: who sees one birth date in full and
reads that the other agrees has seen both. So it is decided on at the lowest level over both
records and every field that it looks at:

- *detail*: how they agree, and what that is worth;
- *summary*: how they agree, in words alone; what a rare value adds would tell of the value;
- *existence*: only whether it speaks for one person or against;
- *nothing*: not told.

Below detail, a field that such an outcome tells of is shown of neither record at a higher level
than of the other.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from wholeplace.agreements import Level
from wholeplace.linkage.model import LinkModel
from wholeplace.linkage.review.fields import EVERY_FIELD, compared_fields

__all__ = ["Told", "levelled_fields", "tell_comparisons"]

LevelOf = Callable[[str], Level]
"""Field → the lowest level of it over both records."""


@dataclass(frozen=True)
class Told:
    """One comparison as it may be told.

    Attributes:
        label: what was compared.
        words: how it came out; empty where it is not told.
        bits: what it is worth for (above 0) or against; None where that is not told.
        direction: for, against, neither, or empty where it is not told.
        level: at which it is told.
        withheld: fields that keep it from being told in full.
    """

    label: str
    words: str
    bits: float | None
    direction: str
    level: Level
    withheld: tuple[str, ...]


def tell_comparisons(
    levels: Sequence[tuple[str, str, float]], model: LinkModel, level_of: LevelOf
) -> tuple[Told, ...]:
    """Return every comparison as it may be told, the strongest that is told in full first.

    Args:
        levels: (comparison's name, words of its level, bits).
        model: the model that made them.
        level_of: what agreements give.
    """
    by_name = {each.name: each for each in model.comparisons}
    told = []
    for name, words, bits in levels:
        fields = compared_fields(model, by_name[name]) if name in by_name else EVERY_FIELD
        lowest = min((level_of(field) for field in fields), default=Level.DETAIL)
        label = by_name[name].label if name in by_name else name
        withheld = tuple(field for field in fields if level_of(field) < Level.DETAIL)
        told.append(_tell(label, words, bits, lowest, withheld))
    # Strength is told by order too, so what is not told in full keeps the model's order.
    full = [each for each in told if each.bits is not None]
    return (
        *sorted(full, key=lambda each: -abs(each.bits or 0.0)),
        *(each for each in told if each.bits is None),
    )


def levelled_fields(
    levels: Sequence[tuple[str, str, float]], model: LinkModel, level_of: LevelOf
) -> frozenset[str]:
    """Return the fields that are shown of neither record at a higher level than of the other."""
    by_name = {each.name: each for each in model.comparisons}
    found = set[str]()
    for name, _, _ in levels:
        fields = compared_fields(model, by_name[name]) if name in by_name else EVERY_FIELD
        if fields and min(level_of(field) for field in fields) > Level.NOTHING:
            found |= {field for field in fields if level_of(field) < Level.DETAIL}
    return frozenset(found)


def _tell(label: str, words: str, bits: float, level: Level, withheld: tuple[str, ...]) -> Told:
    direction = "neither" if abs(bits) < 0.05 else ("for" if bits > 0 else "against")
    if level == Level.DETAIL:
        return Told(label, words, bits, direction, level, withheld)
    if level == Level.SUMMARY:
        return Told(label, words, None, direction, level, withheld)
    if level == Level.EXISTENCE:
        said = {
            "for": "speaks for one person",
            "against": "speaks for two people",
            "neither": "says nothing either way",
        }
        return Told(label, said[direction], None, direction, level, withheld)
    return Told(label, "", None, "", level, withheld)
