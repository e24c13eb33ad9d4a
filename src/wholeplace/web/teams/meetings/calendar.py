"""A calendar file that tells whoever finds it no more than that somebody meets then."""

import datetime as dt

from icalendar import Calendar, Event

from wholeplace.teams.agenda import SERIES_KINDS
from wholeplace.web.teams.meetings.finding import ends_at
from wholeplace.web.teams.models import Meeting

__all__ = ["calendar_file"]


def calendar_file(found: Meeting, url: str, at: dt.datetime) -> bytes:
    """Return a meeting as an iCalendar file: when, what kind, and where to read more.

    No name, case, agenda or venue: calendars are shared, and a venue may be somebody's home.
    Source: RFC 5545.

    Shape:
        url: address of the meeting's page, where one signs in.
        at: UTC instant at which the file is made.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//Wholeplace//Meetings//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "CANCEL" if found.state == "cancelled" else "PUBLISH")
    event = Event()
    event.add("uid", f"{found.pk}@wholeplace")
    event.add("sequence", found.version)
    event.add("dtstamp", at)
    event.add("dtstart", found.starts_at.astimezone(dt.UTC))
    event.add("dtend", ends_at(found).astimezone(dt.UTC))
    event.add("summary", f"{SERIES_KINDS[found.series.kind]} meeting")
    event.add("description", f"Sign in to read the agenda and where it is: {url}")
    event.add("url", url)
    event.add("class", "PRIVATE")
    event.add("status", "CANCELLED" if found.state == "cancelled" else "CONFIRMED")
    calendar.add_component(event)
    return bytes(calendar.to_ical())
