"""What every view must state: who may open it and what it shows."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

__all__ = ["Route", "route", "route_of"]

Shows = Literal["public", "operations", "personal", "counts"]
Doors = Literal["anyone", "signed-in"]
View = TypeVar("View", bound=Callable[..., Any])
_MARK = "wholeplace_route"


@dataclass(frozen=True)
class Route:
    """The mark on a view.

    Attributes:
        roles: roles that may open it; `anyone` and `signed-in` stand for everybody and for
            everybody who has signed in.
        shows: `public` (nothing that needs care), `operations` (how the system runs, no
            person's record), `personal` (through the gateway alone), `counts` (through
            disclosure control alone).
    """

    roles: frozenset[str]
    shows: Shows

    def admits(self, role: str | None) -> bool:
        """Return whether someone acting in this role (None: not signed in) may open it."""
        if "anyone" in self.roles:
            return True
        return role is not None and ("signed-in" in self.roles or role in self.roles)


def route(*, roles: Collection[str] | Doors, shows: Shows) -> Callable[[View], View]:
    """Mark a view. A view without this mark is refused by the gateway's middleware."""
    named = frozenset({roles} if isinstance(roles, str) else roles)
    if not named:
        raise ValueError("a route needs at least one role")
    if "anyone" in named and shows == "personal":
        raise ValueError("a personal page is never open to anyone")

    def mark(view: View) -> View:
        setattr(view, _MARK, Route(named, shows))
        return view

    return mark


def route_of(view: Any) -> Route | None:
    """Return the mark on a view, or None where it has none."""
    found = getattr(view, _MARK, None)
    return found if isinstance(found, Route) else None
