"""Money and figures in words, for templates."""

from decimal import Decimal
from typing import Any

from django import template

from wholeplace.foundation.values import format_pence, format_rounded
from wholeplace.money.benefits.workings import number, percent

__all__: list[str] = []

register = template.Library()


@register.filter
def pounds(pence: Any) -> str:
    """Return pence as people write money."""
    return format_pence(int(pence)) if pence is not None else "not shown"


@register.filter
def whole_pounds(pence: Any) -> str:
    """Return pence as whole pounds, for tables of large amounts."""
    if pence is None:
        return "not shown"
    sign, amount = ("−" if pence < 0 else ""), abs(int(pence))
    return f"{sign}£{(amount + 50) // 100:,}"


@register.filter
def about(pence: Any) -> str:
    """Return pence as money in a sentence."""
    return format_rounded(int(pence))


@register.filter
def as_share(value: Any) -> str:
    """Return a share as a percentage."""
    return percent(Decimal(value))


@register.filter
def as_figure(value: Any, kind: str = "") -> str:
    """Return a figure of a case by its kind."""
    if value is None:
        return ""
    return percent(Decimal(value)) if kind == "share" else number(Decimal(value))


@register.filter
def named(key: str, names: Any) -> str:
    """Return the words for an id; the id itself where there are none."""
    return str(names.get(key, key)) if key else ""


@register.filter
def item(mapping: Any, key: Any) -> Any:
    """Return what a mapping holds under a key."""
    return mapping.get(key)
