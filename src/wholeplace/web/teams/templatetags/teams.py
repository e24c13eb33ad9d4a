"""Days as far as they may be shown: a day, a month or a year, in words."""

import re

from django import template

__all__: list[str] = []

register = template.Library()
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August",
    "September", "October", "November", "December",
)  # fmt: skip


@register.filter
def on(value: object) -> str:
    """Return 3 March 2026, March 2026, or 2026; the text itself where it is no date."""
    text = str(value or "")
    found = re.match(r"^(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?", text)
    if not found or not found[2]:
        return text
    month = f"{_MONTHS[int(found[2]) - 1]} {found[1]}"
    return f"{int(found[3])} {month}" if found[3] else month
