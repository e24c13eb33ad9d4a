"""A place's own `bodies/*.yaml`: read, and checked with the rest of the place folder."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from wholeplace.foundation.errors import CheckFailedError, Fault
from wholeplace.partnership.draft import PlaceDraft
from wholeplace.partnership.texts import MarkedText, read_yaml
from wholeplace.partnership.wording import read_definition, suggest_word
from wholeplace.places.bodies.definitions import Covers, LocalBodies, england

__all__ = ["check_bodies", "read_local_bodies"]

FOLDER = "bodies"


def read_local_bodies(folder: Path) -> tuple[LocalBodies, ...]:
    """Return what a place folder says of its bodies; nothing where it has no `bodies/`.

    Raises:
        CheckFailedError: if a file has faults.
    """
    read = list(_read(folder))
    faults = [fault for _, _, found in read for fault in found]
    if faults:
        raise CheckFailedError(faults)
    return tuple(each for _, each, _ in read if each is not None)


def check_bodies(draft: PlaceDraft) -> list[Fault]:
    """Return every fault of a place folder's `bodies/`: a checker for `check_place`."""
    faults: list[Fault] = []
    for text, bodies, found in _read(draft.folder):
        faults += found
        if text is not None and bodies is not None:
            faults += _faults_of(draft, text, bodies)
    return sorted(faults)


def _read(
    folder: Path,
) -> Iterator[tuple[MarkedText | None, LocalBodies | None, list[Fault]]]:
    here = folder / FOLDER
    for path in sorted(here.glob("*.yaml")) if here.is_dir() else ():
        text, faults = read_yaml(path, f"{FOLDER}/{path.name}")
        if text is None:
            yield None, None, faults
            continue
        bodies, wrong = read_definition(LocalBodies, text)
        yield text, bodies, [*faults, *wrong]


def _faults_of(draft: PlaceDraft, text: MarkedText, bodies: LocalBodies) -> Iterator[Fault]:
    law = england()
    topics = {each.id for each in law.topics}
    for number, holder in enumerate(bodies.holders):
        at = ("holders", number)
        yield from _unknown(text, (*at, "role"), holder.role, law.roles)
        for topic in holder.topics:
            yield from _unknown(text, (*at, "topics"), topic, topics)
        yield from _shared(draft, text, at, holder)
    for number, each in enumerate(bodies.arrangements):
        at = ("arrangements", number)
        yield from _unknown(text, (*at, "topic"), each.topic, topics)
        yield from _shared(draft, text, at, each)


def _shared(
    draft: PlaceDraft, text: MarkedText, at: tuple[str | int, ...], each: Any
) -> Iterator[Fault]:
    covers: Covers | None = each.covers
    if each.partner is not None:
        yield from _unknown(text, (*at, "partner"), each.partner, draft.partner_ids)
    if covers is not None:
        yield from _unknown(text, (*at, "covers"), covers.areas, draft.area_set_ids)
    if each.valid_to is not None and each.valid_to < each.valid_from:
        what = "`valid_to` is before `valid_from`"
        yield text.fault((*at, "valid_to"), what, "a later day", "correct one of the two")


def _unknown(
    text: MarkedText, at: tuple[str | int, ...], word: str, known: Iterable[str]
) -> Iterator[Fault]:
    names = list(known)
    if word not in names:
        what = f"`{word}` is not known"
        yield text.fault(at, what, "a word that is defined", suggest_word(word, names))
