"""Dates, levels and attribute values as people write them."""

import datetime as dt
import re
from typing import Any

__all__ = ["LEVEL_WORDS", "say_attribute", "say_date"]

_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August",
    "September", "October", "November", "December",
)  # fmt: skip
_DATE = re.compile(r"^(\d{4})-(\d{2})(?:-(\d{2}))?")
LEVEL_WORDS = {0: "nothing", 1: "known to", 2: "summary", 3: "detail"}


def say_date(value: str | dt.date | None) -> str:
    """Return 3 March 2026, or March 2026 where only the month may be shown."""
    found = _DATE.match(str(value or ""))
    if not found:
        return ""
    month = f"{_MONTHS[int(found[2]) - 1]} {found[1]}"
    return f"{int(found[3])} {month}" if found[3] else month


def say_attribute(name: str, value: Any) -> str:
    """Return an attribute's value with its unit: pence as pounds, shares as per cent."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if name.endswith("_pence") and isinstance(value, int | float):
        return f"£{value / 100:,.2f}"
    if name.endswith("_share") and isinstance(value, int | float):
        return f"{value * 100:.0f}%"
    if isinstance(value, float):
        return f"{value:g}"
    text = str(value)
    return say_date(text) if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text) else text
