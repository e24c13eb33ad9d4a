"""What all that is edited here shares: opaque ids, who is acting, and what last happened."""

import datetime as dt
import secrets
from collections.abc import Iterable

from wholeplace.agreements.subjects.request import Viewer
from wholeplace.web.accounts.models import User
from wholeplace.web.chain.trail import record
from wholeplace.web.money.models import MoneyStep

__all__ = [
    "LEAST_WORDS",
    "check_words",
    "last_words",
    "new_id",
    "note_step",
    "people_named",
    "tell",
]

LEAST_WORDS = 10
_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"


def new_id() -> str:
    """Return an opaque id."""
    letters = "".join(secrets.choice(_LETTERS) for _ in range(12))
    return "-".join((letters[:4], letters[4:8], letters[8:]))


def check_words(words: str) -> str:
    """Return words on one line.

    Raises:
        UnsafeActionError: if there are too few for anybody to judge.
    """
    from wholeplace.foundation.errors import UnsafeActionError

    said = " ".join(words.split())
    if len(said) < LEAST_WORDS:
        raise UnsafeActionError(
            "Nothing was changed.",
            f"Say why, in at least {LEAST_WORDS} characters.",
            "Others will read it.",
        )
    return said


def tell(kind: str, viewer: Viewer, **facts: object) -> None:
    """Write in the trail what is about to be done.

    Raises:
        AuditUnavailableError: if it cannot be recorded; nothing may be done then.
    """
    record(kind, actor=viewer.user_id, organisation=viewer.organisation, role=viewer.role, **facts)


def note_step(about: str, event: str, viewer: Viewer, at: dt.datetime, words: str = "") -> None:
    """Keep one thing that happened."""
    MoneyStep.objects.create(about=about, event=event, by=viewer.user_id, at=at, words=words)


def last_words(about: str) -> str:
    """Return who changed something last, in words for whoever changes it too."""
    last = MoneyStep.objects.filter(about=about).order_by("-id").first()
    if last is None:
        return "Somebody else changed it."
    by = people_named([last.by]).get(last.by, "Somebody who has left")
    said = f" (“{last.words}”)" if last.words else ""
    return f"{by} changed it on {last.at:%-d %B, %H:%M} UTC{said}."


def people_named(user_ids: Iterable[str]) -> dict[str, str]:
    """Return user id → name."""
    keys = [int(each) for each in user_ids if each.isdigit()]
    return {str(user.pk): user.name for user in User.objects.filter(pk__in=keys)}
