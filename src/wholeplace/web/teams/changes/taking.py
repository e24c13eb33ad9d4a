"""What every change has in common: ids, words, who says so, and the row in the trail."""

import datetime as dt
import secrets
from collections.abc import Iterable
from typing import Any

from wholeplace.agreements.subjects.request import Viewer
from wholeplace.foundation.errors import UnsafeActionError
from wholeplace.foundation.lifecycle import Lifecycle
from wholeplace.web.chain.trail import record, subject_pseudonyms

__all__ = ["check_words", "last_change", "new_id", "note_change", "refuse", "said"]

_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"


def new_id() -> str:
    """Return an opaque id that can be read out on the telephone."""
    letters = "".join(secrets.choice(_LETTERS) for _ in range(12))
    return "-".join((letters[:4], letters[4:8], letters[8:]))


def note_change(kind: str, viewer: Viewer, person_ids: Iterable[str], **facts: Any) -> None:
    """Write a change into the trail, with its people by pseudonym; never a word of it.

    Raises:
        AuditUnavailableError: if it cannot be recorded; nothing may be changed then.
    """
    named = subject_pseudonyms(each for each in set(person_ids) if each)
    record(
        kind, actor=viewer.user_id, organisation=viewer.organisation, role=viewer.role,
        subjects=[{"subject": named[each]} for each in sorted(named)], **facts,
    )  # fmt: skip


def check_words(words: str, least: int, what: str = "why") -> str:
    """Return words on one line.

    Raises:
        UnsafeActionError: if they are too short to tell anybody anything.
    """
    told = said(words)
    if len(told) < least:
        raise refuse(f"Say {what}, in at least {least} characters.", "Somebody else will read it.")
    return told


def said(words: str) -> str:
    """Return what was typed, without spaces around its lines and more than one empty line."""
    lines = [" ".join(each.split()) for each in words.strip().splitlines()]
    kept = [line for place, line in enumerate(lines) if line or (place and lines[place - 1])]
    return "\n".join(kept)


def refuse(
    why: str, do_next: str = "Load the page again to see what can be done."
) -> UnsafeActionError:
    """Return the error that nothing was changed."""
    return UnsafeActionError("Nothing was changed.", why, do_next)


def last_change(life: Lifecycle, state: str, at: dt.datetime | None, event: str = "") -> str:
    """Return what somebody else did meanwhile, in words that name nobody."""
    when = f" on {at:%-d %B, %H:%M} UTC" if at else ""
    labels = {step.event: step.label for step in life.steps}
    what = f" ({labels.get(event, event.replace('-', ' '))})" if event else ""
    return f"Somebody else changed it{when}{what}: it is now “{life.states[state].lower()}”."
