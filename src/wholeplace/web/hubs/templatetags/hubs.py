"""Distances as people say them."""

from django import template

__all__: list[str] = []

register = template.Library()


@register.filter
def way(metres: float | None) -> str:
    """Return a distance: 850 m, 2.1 km, 12 km; a dash where there is none."""
    if metres is None:
        return "–"
    if metres < 995:
        return f"{round(metres, -1):.0f} m"
    km = metres / 1000
    return f"{km:.1f} km" if km < 9.95 else f"{km:.0f} km"


@register.filter
def get(found: dict[str, str], key: str) -> str:
    """Return the value of a key, which a template cannot name by a variable."""
    return found.get(key, "")
