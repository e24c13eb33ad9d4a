"""Who is meant, for somebody who must find the person in their own system."""

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from wholeplace.agreements.texts.terms import Terms

if TYPE_CHECKING:
    from wholeplace.agreements.gateway import Revealed

__all__ = ["IDENTIFYING", "tell_who"]

IDENTIFYING = ("identity.name", "identity.birth-date", "contact.address", "identity.nhs-number")


def tell_who(
    revealed: "Revealed", terms: Terms, fields: Sequence[str] = IDENTIFYING
) -> list[dict[str, Any]]:
    """Return a row for each identifying field that was revealed, each value with who holds it.

    Where a name is told in full, initials from another partner only confuse, so each field is
    told at the fullest level alone.
    """
    rows = []
    for field in fields:
        items = [each for each in revealed.items if each.field == field]
        fullest = max((each.level for each in items), default=None)
        values: dict[str, set[str]] = {}
        for item in items:
            if item.level == fullest:
                values.setdefault(_in_words(item.text), set()).add(
                    terms.words("partner", item.partner)
                )
        if values:
            said = [
                {"text": text, "partners": ", ".join(sorted(by))} for text, by in values.items()
            ]
            rows.append({"label": terms.words("field", field), "values": said})
    return rows


def _in_words(text: str) -> str:
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        return text
    return f"{day.day} {day:%B %Y}"
