"""A preview in words: named roles at named partners, with the fields that they gain or lose."""

from collections.abc import Iterable
from dataclasses import dataclass

from wholeplace.agreements import Level, Terms
from wholeplace.agreements.deciding.preview import Sight, SightChange

__all__ = ["PreviewRow", "tell_preview"]


@dataclass(frozen=True)
class PreviewRow:
    """What one role at one partner gains or loses of one partner's information, for one purpose.

    Attributes:
        fields: each field's words, grouped where before and after are alike.
    """

    role: str
    recipient: str
    source: str
    purpose: str
    fields: tuple[str, ...]
    before: str
    after: str


def tell_preview(changes: Iterable[SightChange], terms: Terms) -> list[PreviewRow]:
    """Return the changes as rows: fields that change alike stand together."""
    grouped: dict[tuple[str, ...], list[str]] = {}
    for each in changes:
        key = (
            terms.words("partner", each.recipient),
            terms.words("role", each.role),
            terms.words("partner", each.source),
            terms.words("purpose", each.purpose),
            _sight_words(each.before),
            _sight_words(each.after),
        )
        grouped.setdefault(key, []).append(terms.words("field", each.field))
    return [
        PreviewRow(role, recipient, source, purpose, tuple(fields), before, after)
        for (recipient, role, source, purpose, before, after), fields in sorted(grouped.items())
    ]


def _sight_words(sight: Sight) -> str:
    agreed, unstated, refused = sight.levels
    if agreed == unstated == refused:
        return _level(agreed)
    if unstated == refused:
        rest = f", otherwise {_level(refused).lower()}" if refused else ""
        return f"{_level(agreed)} with consent{rest}"
    rest = f", then {_level(refused).lower()}" if refused else ""
    return f"{_level(max(agreed, unstated))} unless refused{rest}"


def _level(level: Level) -> str:
    return level.label.capitalize()
