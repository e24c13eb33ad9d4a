"""How clauses are used: which never are, what is refused again and again, what is seen most.

Entries of the trail are folded by day into counts; a report adds up the days of a period. So what
a report reads grows with days, organisations and fields, not with entries.
"""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from wholeplace.agreements.deciding.decision import NearMiss, decide
from wholeplace.agreements.deciding.rules import BoundClause, Rules
from wholeplace.agreements.subjects.request import Reason, Request, Subject, Viewer
from wholeplace.agreements.texts.agreement import Level

__all__ = [
    "ClauseUse",
    "FieldSeen",
    "RefusalKey",
    "RepeatedRefusal",
    "UseKey",
    "UseReport",
    "fold_event",
    "report_use",
    "round_count",
    "use_figures",
]


_Refused = tuple[str, str, str, str, str, str]


class UseKey(NamedTuple):
    """One day's use of one clause for one field, by one organisation's role."""

    day: dt.date
    organisation: str
    role: str
    purpose: str
    source: str
    field: str
    level: str
    clause: str


class RefusalKey(NamedTuple):
    """One day's refusals of one field to one practitioner."""

    day: dt.date
    organisation: str
    role: str
    purpose: str
    source: str
    field: str
    blocks: str
    actor: str


@dataclass(frozen=True)
class ClauseUse:
    """A clause in force and in how many sights it decided.

    Attributes:
        sights: a person and a field, once a sight; rounded where it is shown.
    """

    bound: BoundClause
    sights: int


@dataclass(frozen=True)
class RepeatedRefusal:
    """What one organisation's role asked for and was not shown.

    Attributes:
        requests: people and pages for which it was asked.
        practitioners: how many different people asked.
        near_misses: clauses that one change would have let show it, by today's rules.
    """

    organisation: str
    role: str
    purpose: str
    source: str
    field: str
    blocks: tuple[str, ...]
    requests: int
    practitioners: int
    near_misses: tuple[NearMiss, ...]


@dataclass(frozen=True)
class FieldSeen:
    """A field of a partner, seen by others or by its own people."""

    source: str
    field: str
    agreement: str
    sights: int


@dataclass(frozen=True)
class UseReport:
    """What a period showed.

    Attributes:
        unused: clauses in force that decided nothing.
        used: the others, most used first.
        refusals: at least as many as `use_figures().repeated`, most requests first.
        seen: fields by agreement, most seen first; own data stands under `own-data`.
    """

    starts_on: dt.date
    ends_on: dt.date
    unused: tuple[BoundClause, ...]
    used: tuple[ClauseUse, ...]
    refusals: tuple[RepeatedRefusal, ...]
    seen: tuple[FieldSeen, ...]

    @property
    def is_empty(self) -> bool:
        """Whether nobody looked at anybody in the period."""
        return not self.used and not self.refusals and not self.seen


@dataclass(frozen=True)
class UseFigures:
    """The figures of `clause_use.yaml`."""

    small_count: int
    rounded_to: int
    repeated: int
    few_practitioners: int
    not_by_looking: frozenset[str]


@cache
def use_figures() -> UseFigures:
    """Return the figures; the file is read once."""
    from ruamel.yaml import YAML

    text = files("wholeplace.agreements.account").joinpath("clause_use.yaml").read_text("utf-8")
    read = YAML(typ="safe", pure=True).load(text)
    values = {name: read[name]["value"] for name in UseFigures.__dataclass_fields__}
    return UseFigures(**{**values, "not_by_looking": frozenset(values["not_by_looking"])})


def round_count(count: int) -> str:
    """Return a count about residents as it may be shown: rounded, and small ones not told."""
    figures = use_figures()
    if count == 0:
        return "0"
    if count < figures.small_count:
        return f"fewer than {figures.small_count}"
    nearest = figures.rounded_to
    return f"about {(count + nearest // 2) // nearest * nearest:,}"


def fold_event(
    event: Mapping[str, Any],
    time_zone: str,
    used: Counter[UseKey] | None = None,
    refused: Counter[RefusalKey] | None = None,
) -> tuple[Counter[UseKey], Counter[RefusalKey]]:
    """Return what one entry adds to its day; nothing where it is no sight.

    Args:
        event: of the trail.
        time_zone: where days begin and end.
        used: counts to add to; new ones when left out.
        refused: the same for refusals.
    """
    used = Counter() if used is None else used
    refused = Counter() if refused is None else refused
    if event.get("kind") != "sight":
        return used, refused
    day = dt.datetime.fromisoformat(str(event["at"])).astimezone(ZoneInfo(time_zone)).date()
    organisation, role = str(event.get("organisation") or ""), str(event.get("role") or "")
    who = (day, organisation, role, str(event.get("purpose") or ""))
    actor = str(event.get("actor") or "")
    for subject in event.get("subjects") or []:
        for source, fields in (subject.get("seen") or {}).items():
            for name, levels in fields.items():
                for level, facts in levels.items():
                    for clause in facts.get("clauses") or ():
                        used[UseKey(*who, source, name, level, clause)] += 1
        for source, fields in (subject.get("refused") or {}).items():
            for name, facts in fields.items():
                blocks = facts.get("blocks") or []
                # A sealed person must not show even as a refusal more.
                if "sealed" not in blocks:
                    key = RefusalKey(*who, source, name, ",".join(sorted(blocks)), actor)
                    refused[key] += 1
    return used, refused


def report_use(
    rules: Rules,
    used: Mapping[UseKey, int],
    refused: Mapping[RefusalKey, int],
    starts_on: dt.date,
    ends_on: dt.date,
    partner: str = "",
) -> UseReport:
    """Return the report of a period.

    Args:
        rules: of today; clauses in force today are judged.
        used: counts by day; days outside the period are passed over.
        refused: the same for refusals.
        starts_on: first day.
        ends_on: last day.
        partner: only what this partner gives or is given; everything when empty.
    """
    by_clause: Counter[str] = Counter()
    by_field: Counter[tuple[str, str, str]] = Counter()
    for use, count in used.items():
        if starts_on <= use.day <= ends_on and partner in ("", use.source, use.organisation):
            by_clause[use.clause] += count
            agreement = use.clause.partition("/")[0]
            by_field[use.source, use.field, agreement] += count
    judged = [each for each in rules.clauses.values() if _is_judged(each, partner)]
    return UseReport(
        starts_on,
        ends_on,
        tuple(each for each in judged if not by_clause[each.ref]),
        tuple(
            sorted(
                (ClauseUse(each, by_clause[each.ref]) for each in judged if by_clause[each.ref]),
                key=lambda each: (-each.sights, each.bound.ref),
            )
        ),
        tuple(_refusals(rules, refused, starts_on, ends_on, partner)),
        tuple(
            FieldSeen(*key, count)
            for key, count in sorted(by_field.items(), key=lambda each: (-each[1], each[0]))
        ),
    )


def _is_judged(bound: BoundClause, partner: str) -> bool:
    """Whether people's looking could use it at all: in force, and no clause for machines."""
    is_theirs = partner in ("", bound.clause.source, *bound.recipients)
    by_looking = bound.clause.purpose not in use_figures().not_by_looking
    return bound.is_in_force and is_theirs and by_looking and bound.level > Level.NOTHING


def _refusals(
    rules: Rules,
    refused: Mapping[RefusalKey, int],
    starts_on: dt.date,
    ends_on: dt.date,
    partner: str,
) -> list[RepeatedRefusal]:
    counts: Counter[_Refused] = Counter()
    actors: dict[_Refused, set[str]] = defaultdict(set)
    for key, count in refused.items():
        if starts_on <= key.day <= ends_on and partner in ("", key.source, key.organisation):
            what = (key.organisation, key.role, key.purpose, key.source, key.field, key.blocks)
            counts[what] += count
            actors[what].add(key.actor)
    found = []
    for what, count in counts.items():
        if count < use_figures().repeated:
            continue
        organisation, role, purpose, source, name, blocks = what
        found.append(
            RepeatedRefusal(
                organisation,
                role,
                purpose,
                source,
                name,
                tuple(each for each in blocks.split(",") if each),
                count,
                len(actors[what]),
                _near_misses(rules, organisation, role, purpose, source, name),
            )
        )
    found.sort(key=lambda each: (-each.requests, each.organisation, each.source, each.field))
    return found


def _near_misses(
    rules: Rules, organisation: str, role: str, purpose: str, source: str, name: str
) -> tuple[NearMiss, ...]:
    """Return what was near, of somebody of whom nothing is stated and with a live reason."""
    at = dt.datetime.now(dt.UTC)
    viewer = Viewer("somebody", organisation, role)
    reason = Reason("example", "case", "", frozenset(["somebody"]), at, None, "somebody")
    asked = Request(viewer, purpose, reason, at, Subject("somebody", ""))
    return decide(rules, asked, source, name).near_misses
