"""Single values in the standard's form: read as they are, mended, or left out."""

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any

__all__ = ["read_value"]

_DATES = frozenset({"assured_date", "valid_from", "valid_to", "dtstart"})
_TIMES = frozenset({"opens_at", "closes_at"})
_LARGEST = {"latitude": 90.0, "longitude": 180.0}
_TIME = re.compile(r"^([01]?\d|2[0-3]):?([0-5]\d)(?::?([0-5]\d))?(?:\.\d+)?Z?$")
_ADDRESS = re.compile(r"^[A-Za-z][A-Za-z0-9+.-]*://[^\s<>\"{}|\\^`]+$")
_DOMAIN = re.compile(r"^(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,}(?:/[^\s<>\"{}|\\^`]*)?$")
_EMAIL = re.compile(r"^[^@\s<>]+@[^@\s<>]+\.[^@\s<>]+$")
_SAFE_SCHEMES = ("http://", "https://")


def read_value(schema: Mapping[str, Any], name: str, value: Any) -> tuple[Any, str]:
    """Return a value in the form that its schema asks for, and the fault that it had.

    Returns:
        The value, None where it must be left out; and a code of `faults.FAULT_WORDS`, empty
        where there was no fault.
    """
    if schema.get("type") == "number":
        return _read_number(name, value)
    if isinstance(value, list | dict | bool):
        return None, "dropped"
    text = str(value).strip()
    fault = "" if isinstance(value, str) else "mended"
    if not text:
        return None, "dropped"
    if "enum" in schema:
        return _read_choice(schema["enum"], text)
    if schema.get("format") == "uri":
        return _read_address(text)
    if schema.get("format") == "email":
        return _read_email(text)
    if schema.get("format") == "date-time":
        return _read_instant(text)
    if name in _DATES:
        return _read_date(text)
    if name in _TIMES:
        return _read_time(text)
    return text, fault


def _read_number(name: str, value: Any) -> tuple[Any, str]:
    if isinstance(value, bool):
        return None, "dropped"
    fault = ""
    if isinstance(value, str):
        try:
            value, fault = float(value.strip().lstrip("£").replace(",", "")), "mended"
        except ValueError:
            return None, "dropped"
    if not isinstance(value, int | float) or value != value or abs(value) == float("inf"):
        return None, "dropped"
    if abs(value) > _LARGEST.get(name, float("inf")):
        return None, "dropped"
    return (int(value) if float(value).is_integer() else value), fault


def _read_choice(choices: list[str], text: str) -> tuple[Any, str]:
    if text in choices:
        return text, ""
    known = {each.casefold(): each for each in choices}
    found = known.get(" ".join(re.split(r"[\s_-]+", text.casefold())))
    return (found, "mended") if found else (None, "dropped")


def _read_address(text: str) -> tuple[Any, str]:
    if _ADDRESS.match(text):
        # Only what a browser may open: `javascript:` and the like never leave here.
        return (text, "") if text.lower().startswith(_SAFE_SCHEMES) else (None, "dropped")
    return (f"https://{text}", "mended") if _DOMAIN.match(text) else (None, "dropped")


def _read_email(text: str) -> tuple[Any, str]:
    bare = text.removeprefix("mailto:")
    if not _EMAIL.match(bare):
        return None, "dropped"
    return bare, "" if bare == text else "mended"


def _read_date(text: str) -> tuple[Any, str]:
    try:
        day = dt.date.fromisoformat(text[:10])
    except ValueError:
        found = re.match(r"^(\d{1,2})/(\d{1,2})/(\d{4})$", text)
        if not found:
            return None, "dropped"
        try:
            return dt.date(int(found[3]), int(found[2]), int(found[1])).isoformat(), "mended"
        except ValueError:
            return None, "dropped"
    return day.isoformat(), "" if day.isoformat() == text else "mended"


def _read_instant(text: str) -> tuple[Any, str]:
    try:
        at = dt.datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        return None, "dropped"
    if "T" in text and at.tzinfo is not None:
        return text, ""
    at = at if at.tzinfo else at.replace(tzinfo=dt.UTC)
    return at.isoformat().replace("+00:00", "Z"), "mended"


def _read_time(text: str) -> tuple[Any, str]:
    found = _TIME.match(text)
    if not found:
        return None, "dropped"
    time = f"{int(found[1]):02}:{found[2]}:{found[3] or '00'}"
    return time, "" if time == text else "mended"
