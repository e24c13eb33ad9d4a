"""Whose record a resident's account opens, for pages of other apps that are about themselves.

The app that checks residents' identity says how to find out; pages ask here.
"""

from collections.abc import Callable

__all__ = ["own_person", "register_finder"]

_finder: dict[str, Callable[[str], str]] = {}


def register_finder(finder: Callable[[str], str]) -> None:
    """Say how to find whose record an account opens; called once, when the app starts.

    Shape:
        finder: user id to person id; empty where the account is not open.
    """
    _finder["finder"] = finder


def own_person(user_id: str) -> str:
    """Return whose record an account opens now; empty where it opens none."""
    finder = _finder.get("finder")
    return finder(user_id) if finder and user_id else ""
