"""What every view must state: who may open it and what it shows."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

__all__ = ["Route", "route", "route_of"]

Shows = Literal["public", "operations", "personal", "by-link", "counts"]
Doors = Literal["anyone", "signed-in"]
View = TypeVar("View", bound=Callable[..., Any])
_MARK = "wholeplace_route"


@dataclass(frozen=True)
class Route:
    """The mark on a view: who may open it, what it shows, and how it says no.

    Attributes:
        roles: roles that may open it; `anyone` and `signed-in` stand for everybody and for
            everybody who has signed in.
        shows: `public` (nothing that needs care), `operations` (how the system runs, no
            person's record), `personal` (through the gateway alone), `by-link` (the same, to
            whoever holds a link and a code; the view checks both first), `counts` (through
            disclosure control alone).
        when: asked of each role that `roles` lets in; for pages whose roles are named by the
            place's own texts. None means always.
        explain: answers somebody who has signed in and may not open it; None gives the plain
            page, the same for every view.
    """

    roles: frozenset[str]
    shows: Shows
    when: Callable[[str], bool] | None = None
    explain: Callable[..., Any] | None = None

    def admits(self, role: str | None) -> bool:
        """Return whether someone acting in this role (None: not signed in) may open it."""
        if "anyone" in self.roles:
            return True
        if role is None or not ("signed-in" in self.roles or role in self.roles):
            return False
        return self.when is None or self.when(role)


def route(
    *,
    roles: Collection[str] | Doors,
    shows: Shows,
    when: Callable[[str], bool] | None = None,
    explain: Callable[..., Any] | None = None,
) -> Callable[[View], View]:
    """Mark a view. A view without this mark is refused by the gateway's middleware."""
    named = frozenset({roles} if isinstance(roles, str) else roles)
    if not named:
        raise ValueError("a route needs at least one role")
    if "anyone" in named and when is not None:
        raise ValueError("a page for anyone asks for no role")
    if "anyone" in named and shows == "personal":
        raise ValueError("a personal page is never open to anyone")

    def mark(view: View) -> View:
        setattr(view, _MARK, Route(named, shows, when, explain))
        return view

    return mark


def route_of(view: Any) -> Route | None:
    """Return the mark on a view, or None where it has none."""
    found = getattr(view, _MARK, None)
    return found if isinstance(found, Route) else None
