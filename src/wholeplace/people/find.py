"""Finding a person by what a searcher already knows: two facts at least, never a trawl.

What the searcher may not see is left out first of all, before facts are compared, people
ranked or the list cut short: it changes nothing of the answer.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal

from wholeplace.agreements import SealedItem, Subject
from wholeplace.foundation.store import SqlFile
from wholeplace.linkage.names import is_like_given_name
from wholeplace.people.facts import Facts, swap_day_and_month
from wholeplace.people.read import read_identity, read_subjects
from wholeplace.people.reader import SnapshotReader
from wholeplace.people.searchable import Searchable

__all__ = ["MOST_FOUND", "Findings", "Found", "find_people", "search_people"]

MOST_FOUND = 20
"""Most people that a search returns."""

# Enough for everyone in a block of flats; beyond it a key identifies nobody.
_MOST_CANDIDATES = 500
_SHOWN = ("identity.name", "identity.birth-date", "contact.address")
_FIELD_OF = {
    "name": "identity.name",
    "birth_date": "identity.birth-date",
    "postcode": "contact.address",
    "nhs_number": "identity.nhs-number",
    "nino": "identity.nino",
    "upn": "identity.upn",
    "phone": "contact.phone",
    "email": "contact.email",
}

Certainty = Literal["match", "also-possible"]


@dataclass(frozen=True)
class Found:
    """One person whom a search may mean.

    Attributes:
        certainty: `match` where every fact agrees; `also-possible` where day and month may be
            exchanged, a name is only like, or one of three or more facts disagrees.
        items: sealed name, date of birth and address, and the fields searched by.
        matched_fields: vocabulary fields that the facts agreed with, each as some partner
            holds it from whom the searcher could see it.
    """

    person_id: str
    certainty: Certainty
    subject: Subject
    items: tuple[SealedItem, ...]
    matched_fields: frozenset[str]


@dataclass(frozen=True)
class Findings:
    """What a search comes to.

    Attributes:
        found: for the searcher, the surest first.
        sealed: people who would have been found but for a seal. For the trail and the guardians
            alone: nothing of them may change what the searcher is told, or how soon.
    """

    found: tuple[Found, ...]
    sealed: tuple[Subject, ...]


def find_people(
    snapshot: SnapshotReader, facts: Facts, searchable: Searchable, *, most: int = MOST_FOUND
) -> list[Found]:
    """Return the people whom facts may mean, the surest first, at most `most`.

    Args and raises: as `search_people`.
    """
    return list(search_people(snapshot, facts, searchable, most=most).found)


def search_people(
    snapshot: SnapshotReader, facts: Facts, searchable: Searchable, *, most: int = MOST_FOUND
) -> Findings:
    """Return whom facts may mean, at most `most`, and who is hidden by a seal alone.

    Tolerant of capitals, accents, apostrophes, familiar names, former names, and of day and
    month exchanged. Whoever is meant, as many reads are made.

    Args:
        snapshot: a reader of the published snapshot.
        facts: what the searcher knows.
        searchable: by what they may search; anything else is as good as not held.
        most: where the list is cut short.

    Raises:
        TooFewFactsError: if fewer than two identifying facts are given.
    """
    facts.check()
    keys = facts.keys
    if not keys:
        return Findings((), ())
    swapped = _swapped_key(facts)
    wanted = {fact: [key] for fact, key in keys.items()}
    if swapped:
        wanted["birth_date"].append(swapped)
    candidates = _read_candidates(snapshot, wanted, searchable)
    subjects = read_subjects(snapshot, candidates)
    known = _read_known(snapshot, subjects, searchable)
    ranked, sealed = [], []
    for person_id in candidates:
        agreed = _agree(facts, keys, swapped, known[person_id])
        certainty = _certainty(agreed)
        if certainty and searchable.is_sealed(subjects[person_id]):
            sealed.append(subjects[person_id])
        elif certainty:
            misses = sum(1 for each in agreed.values() if each != "yes")
            ranked.append((certainty != "match", misses, person_id, certainty, agreed))
    chosen = sorted(ranked, key=lambda each: each[:3])[:most]
    return Findings(
        tuple(_read_found(snapshot, subjects, [(each[2], each[3], each[4]) for each in chosen])),
        tuple(sealed),
    )


def _read_candidates(
    snapshot: SnapshotReader, wanted: Mapping[str, Iterable[str]], searchable: Searchable
) -> list[str]:
    """Return everybody of whom a partner that counts holds one of the keys."""
    candidates: set[str] = set()
    for fact, keys in wanted.items():
        partners = searchable.partners(_FIELD_OF[fact])
        for key in keys:
            given = {"key": key, "partners": partners, "most": _MOST_CANDIDATES}
            candidates |= {row["person_id"] for row in snapshot.rows_of(_file("read_key"), given)}
    return sorted(candidates)


def _read_known(
    snapshot: SnapshotReader, subjects: Mapping[str, Subject], searchable: Searchable
) -> dict[str, set[str]]:
    """Return each person's keys that they may be found by, or might but for a seal."""
    counts = {person_id: searchable.about(each) for person_id, each in subjects.items()}
    known: dict[str, set[str]] = {each: set() for each in subjects}
    for row in snapshot.rows_of(_file("read_keys_of"), {"person_ids": list(subjects)}):
        if counts[row["person_id"]](row["partner"], row["field"]):
            known[row["person_id"]].add(row["key"])
    return known


Agreement = Literal["yes", "like", "no"]


def _agree(
    facts: Facts, keys: Mapping[str, str], swapped: str | None, known: set[str]
) -> dict[str, Agreement]:
    """Return, for each fact given, whether the person's keys agree with it."""
    agreed: dict[str, Agreement] = {}
    for fact, key in keys.items():
        agreed[fact] = "yes" if key in known else "no"
        if fact == "birth_date" and key not in known and swapped in known:
            agreed[fact] = "like"
    if facts.words:
        theirs = {key.removeprefix("name:") for key in known if key.startswith("name:")}
        agreed["name"] = _agree_names(facts.words, theirs)
    return agreed


def _agree_names(words: Iterable[str], theirs: set[str]) -> Agreement:
    wanted = set(words)
    if wanted <= theirs:
        return "yes"
    near = all(
        word in theirs or any(is_like_given_name(word, other) for other in theirs)
        for word in wanted
    )
    # At least one word as written: two words that are only like could be anybody.
    return "like" if near and (len(wanted) == 1 or wanted & theirs) else "no"


def _certainty(agreed: Mapping[str, Agreement]) -> Certainty | None:
    values = list(agreed.values())
    if all(each == "yes" for each in values):
        return "match"
    allowed = 0 if len(values) < 3 else 1
    return "also-possible" if values.count("no") <= allowed else None


def _read_found(
    snapshot: SnapshotReader,
    subjects: Mapping[str, Subject],
    chosen: list[tuple[str, Certainty, dict[str, Agreement]]],
) -> list[Found]:
    ids = [person_id for person_id, _, _ in chosen]
    identity = read_identity(snapshot, ids)
    found = []
    for person_id, certainty, agreed in chosen:
        matched = frozenset(_FIELD_OF[fact] for fact, each in agreed.items() if each != "no")
        wanted = matched | set(_SHOWN)
        items = tuple(item for item in identity[person_id] if item.field in wanted)
        found.append(Found(person_id, certainty, subjects[person_id], items, matched))
    return found


def _swapped_key(facts: Facts) -> str | None:
    other = swap_day_and_month(facts.birth_date) if facts.birth_date else None
    return f"birth-date:{other.isoformat()}" if other else None


@cache
def _file(name: str) -> SqlFile:
    return SqlFile.read("people", name)
