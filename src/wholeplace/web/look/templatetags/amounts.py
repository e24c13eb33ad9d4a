"""Money, tenths and charts as people read them."""

from typing import Any

from django import template

from wholeplace.web.look.trend import Trend

__all__: list[str] = []

register = template.Library()


@register.filter
def pounds(pence: Any) -> str:
    """Return an amount of pence as pounds: £1,234 or £1,234.50; nothing where there is none."""
    if not isinstance(pence, int):
        return ""
    sign, left = ("−" if pence < 0 else ""), abs(pence)
    whole, part = divmod(left, 100)
    return f"{sign}£{whole:,}" + (f".{part:02d}" if part else "")


@register.filter
def tenths(value: Any) -> str:
    """Return a number of tenths with its decimal: 486 gives 48.6."""
    return "not measured" if not isinstance(value, int) else f"{value / 10:,.1f}"


@register.filter
def percent(share: Any) -> str:
    """Return a share as a percentage with one decimal: 0.25 gives 25.0%."""
    return "" if share is None else f"{float(share) * 100:.1f}%"


@register.filter
def points(value: int) -> str:
    """Return basis points as a percentage: 5500 gives 55%."""
    return f"{value / 100:g}%"


@register.inclusion_tag("components/trend.html")
def trend_chart(chart: Trend) -> dict[str, Any]:
    """Draw lines over years."""
    return {"chart": chart}
