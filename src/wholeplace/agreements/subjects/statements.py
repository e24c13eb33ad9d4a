"""Flags that people state on screen, and whom each of them protects after every re-linking.

A statement is about a human being, but who is one person is worked out anew at each run. So it
is anchored to partners' own ids of them, and a later statement names the earlier ones that it
replaces; nothing is ever changed or taken away. `project_statements` is the one rule for what
holds of whom, for the pages and for the pipeline alike.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from wholeplace.agreements.subjects.flags import (
    Flag,
    FlagKind,
    FlagValue,
    strictest_flags,
    strictness,
)
from wholeplace.foundation.canonical import content_hash

__all__ = [
    "SCREEN",
    "Anchor",
    "Projection",
    "Statement",
    "hash_statements",
    "project_statements",
    "standing_statements",
]

SCREEN = "stated-on-screen"
"""What stands for a dataset in the reach of a statement made on screen."""

_OF_THE_RESIDENT = frozenset({"consent", "objection"})


@dataclass(frozen=True, order=True)
class Anchor:
    """One partner's own id of a person in one dataset."""

    dataset: str
    source_id: str


@dataclass(frozen=True)
class Statement:
    """One thing said about one person's flags, as it was said.

    Attributes:
        id: opaque.
        value: empty where it says nothing (an entry that was a mistake, a recorded check).
        partner: for which it was said.
        person_id: who the anchors were at that time.
        anchors: of the partner that said it, or of everyone where it holds no record.
        reached: every partner's ids of the person at that time; what protects reaches them all.
        replaces: ids of the statements in whose place it stands.
        guardians: user ids; of a seal, whom it does not hide the person from.
        holds_until: the last day of a statement that lets more be seen; None for ever.
    """

    id: str
    flag: FlagKind
    value: FlagValue | Literal[""]
    purpose: str
    partner: str
    person_id: str
    anchors: frozenset[Anchor]
    reached: frozenset[Anchor] = frozenset()
    replaces: tuple[str, ...] = ()
    guardians: frozenset[str] = frozenset()
    holds_until: dt.date | None = None

    @property
    def protects(self) -> bool:
        """Whether it lets less be seen, and so must never be lost."""
        return self.value != "" and strictness(self.flag, self.value) > 0


@dataclass(frozen=True)
class Projection:
    """What statements make of people.

    Attributes:
        flags: person id to what is stated of them; strictest only.
        seals: person id to the guardians that each sealing partner's seals leave.
        statements: person id to the ids of all statements that reach them, standing or not.
    """

    flags: Mapping[str, tuple[Flag, ...]] = field(default_factory=dict)
    seals: Mapping[str, Mapping[str, frozenset[str]]] = field(default_factory=dict)
    statements: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def guardians(self, person_id: str, sealing_partners: Collection[str]) -> frozenset[str]:
        """Return the users from whom no partner's seal hides a person.

        A partner that sealed somebody and named nobody on screen leaves nobody.
        """
        by_partner = self.seals.get(person_id, {})
        left = [by_partner.get(partner, frozenset()) for partner in sealing_partners]
        return frozenset.intersection(*left) if left else frozenset()


def standing_statements(statements: Iterable[Statement]) -> dict[str, Statement]:
    """Return, for each statement's id, the one that stands in its place now."""
    known = {each.id: each for each in statements}
    later = {old: each.id for each in known.values() for old in each.replaces}
    found: dict[str, Statement] = {}
    for name in known:
        newest = name
        while newest in later:
            newest = later[newest]
        found[name] = known[newest]
    return found


def project_statements(
    statements: Sequence[Statement],
    people_at: Mapping[Anchor, Collection[str]],
    reached: Mapping[str, Collection[str]],
    on: dt.date,
) -> Projection:
    """Return what holds of whom.

    What protects holds of everybody whom it ever reached. What lets more be seen holds only of
    the one person whom all its anchors lead to now: where they lead to two, nobody can tell
    which of them agreed, and it counts as not known for both until somebody asks again. The
    same where it ran out, and for people whom only an earlier refusal had reached.

    Args:
        statements: all that were ever made.
        people_at: anchor to the people who hold a record under it now.
        reached: statement id to the people whom its reach gives now.
        on: the day that is asked about.
    """
    standing = standing_statements(statements)
    lines: dict[str, list[Statement]] = defaultdict(list)
    for each in statements:
        lines[standing[each.id].id].append(each)
    flags: dict[str, list[Flag]] = defaultdict(list)
    seals: dict[str, dict[str, frozenset[str]]] = defaultdict(dict)
    about: dict[str, set[str]] = defaultdict(set)
    for current_id, line in lines.items():
        now = standing[current_id]
        held = _people(now.anchors, people_at)
        protected = {
            person
            for each in line
            if each.protects
            for person in (*_people(each.anchors | each.reached, people_at),
                           *reached.get(each.id, ()))
        }  # fmt: skip
        everybody = held | protected
        for person in everybody:
            about[person] |= {each.id for each in line}
        for person, value in _values(now, held, everybody, on).items():
            flags[person].append(Flag(now.flag, value, now.purpose, now.partner))
            if now.flag == "sealed" and now.protects:
                mine = seals[person]
                mine[now.partner] = mine.get(now.partner, now.guardians) & now.guardians
    return Projection(
        {person: strictest_flags(each) for person, each in flags.items()},
        dict(seals),
        {person: frozenset(each) for person, each in about.items()},
    )


def hash_statements(statements: Iterable[Statement]) -> str:
    """Return what changes whenever a flag stated on screen may."""
    return content_hash(
        sorted(
            [each.id, each.value, list(each.replaces), str(each.holds_until or "")]
            for each in statements
        )
    )


def _values(
    now: Statement, held: Collection[str], everybody: Collection[str], on: dt.date
) -> dict[str, FlagValue]:
    if now.value == "":
        return {}
    value: FlagValue = now.value
    if now.protects or now.flag not in _OF_THE_RESIDENT:
        return dict.fromkeys(everybody, value)
    is_sure = len(held) == 1 and (now.holds_until is None or on <= now.holds_until)
    return {person: value if is_sure and person in held else "unknown" for person in everybody}


def _people(anchors: Iterable[Anchor], people_at: Mapping[Anchor, Collection[str]]) -> set[str]:
    return {person for anchor in anchors for person in people_at.get(anchor, ())}
