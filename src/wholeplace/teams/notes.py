"""Notes of a case: structured, dated, signed, never a chat; each says who may read it.

A note is never changed: a correction stands in its place and the first stays readable behind it.
"""

from collections.abc import Collection, Mapping
from typing import Final

__all__ = ["NOTE_KINDS", "READERS", "is_reader"]

NOTE_KINDS: Final[Mapping[str, str]] = {
    "contact": "Contact",
    "visit": "Visit",
    "analysis": "Analysis",
    "voice-of-the-child": "Voice of the child",
    "voice-of-the-family": "Voice of the family",
    "decision": "Decision",
}

READERS: Final[Mapping[str, str]] = {
    "team": "The team round the family, as far as agreements let each of them",
    "organisation": "My own organisation’s people on this case",
    "named": "Only the people of the team whom I choose",
}
"""Who may read a note. The gateway decides on top of it, and can only show less."""


def is_reader(
    readers: str,
    *,
    viewer: str,
    viewers_organisation: str,
    author: str,
    authors_organisation: str,
    named: Collection[str] = (),
) -> bool:
    """Tell whether a note is meant for somebody of the team; its author always reads it.

    Args:
        readers: one of `READERS`; an unknown word means the author alone.
        viewer: user id.
        viewers_organisation: the one that they act for.
        author: user id.
        authors_organisation: for which the note was written.
        named: user ids chosen by the author.
    """
    if viewer == author and viewers_organisation == authors_organisation:
        return True
    if readers == "team":
        return True
    if readers == "organisation":
        return viewers_organisation == authors_organisation
    return readers == "named" and viewer in named
