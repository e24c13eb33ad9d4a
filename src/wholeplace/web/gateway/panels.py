"""Parts that other apps add to the page of one person: each app registers its own.

A part gets only what the gateway already let through on that page, so that it shows nothing more
and needs no sight of its own. The person page draws the parts in order, below its own sections.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from django.http import HttpRequest
from django.utils.safestring import SafeString

from wholeplace.agreements.gateway import SeenItem

__all__ = ["DrawnPanel", "PersonPanel", "PersonSeen", "draw_panels", "register_panel"]


@dataclass(frozen=True)
class PersonSeen:
    """What stands on the page of one person already.

    Attributes:
        items: values that the gateway let through, each at its level; the fullest, most widely
            held and newest first within a field.
        needs: needs shown: headline, need and label.
        purpose: of the page.
        on: the place's today.
    """

    person_id: str
    items: Sequence[SeenItem]
    needs: Sequence[tuple[str, str, str]]
    purpose: str
    on: dt.date


@dataclass(frozen=True)
class DrawnPanel:
    """One part, as it is drawn: `id` is its anchor on the page."""

    id: str
    title: str
    html: SafeString


class PersonPanel(Protocol):
    """A part that an app adds."""

    @property
    def id(self) -> str:
        """Its anchor on the page."""
        ...

    @property
    def title(self) -> str:
        """Its heading."""
        ...

    @property
    def order(self) -> int:
        """Lower stands higher."""
        ...

    def draw(self, request: HttpRequest, seen: PersonSeen) -> SafeString:
        """Return safe markup below the heading; empty where there is nothing to say."""
        ...


_panels: dict[str, PersonPanel] = {}


def register_panel(panel: PersonPanel) -> None:
    """Add a part to the page of a person; called once, when an app starts.

    Raises:
        ValueError: if another part has its id.
    """
    if type(_panels.setdefault(panel.id, panel)) is not type(panel):
        raise ValueError(f"two parts of the person page are called {panel.id}")


def draw_panels(request: HttpRequest, seen: PersonSeen) -> list[DrawnPanel]:
    """Return every part that has something to say, in order."""
    in_order = sorted(_panels.values(), key=lambda each: (each.order, each.id))
    drawn = [DrawnPanel(each.id, each.title, each.draw(request, seen)) for each in in_order]
    return [each for each in drawn if each.html]
