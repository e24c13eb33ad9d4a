"""Shifts as a calendar file (iCalendar). It names no resident and no colleague."""

import datetime as dt
from collections.abc import Iterable, Mapping
from zoneinfo import ZoneInfo

from wholeplace.places.hubs.rota.shifts import Shift

__all__ = ["write_calendar"]

_LONGEST_LINE = 73


def write_calendar(
    shifts: Iterable[Shift], hubs: Mapping[str, tuple[str, str]], zone: str, at: dt.datetime
) -> bytes:
    """Return one's own shifts as an iCalendar file. Source: RFC 5545, sections 3.1, 3.3.11, 3.6.1.

    Args:
        shifts: of one person; whose they are does not stand in the file.
        hubs: site id to name and address.
        zone: the place's time zone; instants are written in UTC.
        at: UTC instant of writing.
    """
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Wholeplace//Hub rota//EN",
        "CALSCALE:GREGORIAN",
    ]
    for each in shifts:
        name, address = hubs.get(each.site, (each.site, ""))
        lines += [
            "BEGIN:VEVENT",
            f"UID:{each.series}-{each.on:%Y%m%d}@wholeplace",
            f"DTSTAMP:{_instant(at)}",
            f"DTSTART:{_instant(_at(each.on, each.starts, zone))}",
            f"DTEND:{_instant(_at(each.on, each.ends, zone))}",
            f"SUMMARY:{_text(f'{name}: {each.what}')}",
            f"LOCATION:{_text(address)}",
            "END:VEVENT",
        ]
    lines.append("END:VCALENDAR")
    return "".join(f"{part}\r\n" for line in lines for part in _fold(line)).encode()


def _at(day: dt.date, clock: dt.time, zone: str) -> dt.datetime:
    return dt.datetime.combine(day, clock, ZoneInfo(zone))


def _instant(at: dt.datetime) -> str:
    return f"{at.astimezone(dt.UTC):%Y%m%dT%H%M%SZ}"


def _text(words: str) -> str:
    for each in ("\\", ";", ","):
        words = words.replace(each, f"\\{each}")
    return words.replace("\r", "").replace("\n", "\\n")


def _fold(line: str) -> list[str]:
    """Return a line in pieces of at most 75 bytes, each but the first begun by a space."""
    parts, part, size = [], "", 0
    for each in line:
        width = len(each.encode())
        if size + width > _LONGEST_LINE:
            parts.append(part)
            part, size = " ", 1
        part, size = part + each, size + width
    return [*parts, part]
