"""Cutting an opened value down to the level decided.

Summary gives the vocabulary's own label and the month of an event, never the partner's words;
of a record field what the vocabulary names (initials, year, postcode sector, held). A value
that is not as expected is cut to "held": a strange shape never shows more.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from wholeplace.agreements.texts.agreement import Level
from wholeplace.agreements.texts.terms import FieldTerm

__all__ = ["Cut", "cut_down"]

_HELD = "held"
_MONTH = re.compile(r"^(\d{4}-\d{2})-\d{2}")
_POSTCODE = re.compile(r"^([A-Z]{1,2}\d[A-Z\d]?) ?(\d)[A-Z]{2}$")


@dataclass(frozen=True)
class Cut:
    """What may be shown of a value.

    Attributes:
        label: what kind of thing it is.
        text: the value in words; for an event, its label.
        start_on: day (detail) or month (summary) as ISO 8601 text; empty where not shown.
        end_on: day, at detail alone.
        values: attributes of an event or columns of a record field, at detail alone.
    """

    label: str
    text: str
    start_on: str = ""
    end_on: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)


def cut_down(term: FieldTerm, level: Level, value: object) -> Cut | None:
    """Return what the level lets through; None at existence and below."""
    if level <= Level.EXISTENCE:
        return None
    given = value if isinstance(value, Mapping) else {}
    if term.kind == "event":
        return _event(term, level, given)
    return _record(term, level, given)


def _event(term: FieldTerm, level: Level, given: Mapping[str, Any]) -> Cut:
    start_on = str(given.get("start_on") or "")
    if level == Level.SUMMARY:
        month = _MONTH.match(start_on)
        return Cut(term.label, term.label, month[1] if month else "")
    label = str(given.get("label") or term.label)
    attributes = given.get("attributes")
    values = dict(attributes) if isinstance(attributes, Mapping) else {}
    return Cut(label, label, start_on, str(given.get("end_on") or ""), values)


def _record(term: FieldTerm, level: Level, given: Mapping[str, Any]) -> Cut:
    if level == Level.SUMMARY:
        summarise = _SUMMARIES.get(term.summary)
        return Cut(term.label, (summarise(term, given) if summarise else "") or _HELD)
    values = {key: value for key, value in given.items() if value not in (None, "")}
    written = [str(values[key]) for key in term.columns if isinstance(values.get(key), str)]
    between = " " if term.summary == "initials" else ", "
    return Cut(
        term.label, between.join(written or [str(each) for each in values.values()]), values=values
    )


def _initials(term: FieldTerm, given: Mapping[str, Any]) -> str:
    words = " ".join(str(given[key]) for key in term.columns if given.get(key)).split()
    return " ".join(f"{word[0].upper()}." for word in words)


def _year(term: FieldTerm, given: Mapping[str, Any]) -> str:
    dated = (str(given.get(key) or "") for key in term.columns)
    return next((text[:4] for text in dated if _MONTH.match(text)), "")


def _sector(term: FieldTerm, given: Mapping[str, Any]) -> str:
    postcode = _POSTCODE.match(str(given.get("postcode") or "").strip().upper())
    return f"{postcode[1]} {postcode[2]}" if postcode else ""


_SUMMARIES = {"initials": _initials, "year": _year, "sector": _sector}
