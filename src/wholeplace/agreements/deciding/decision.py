"""`decide`: how much of one field one viewer may see of one person, and why.

The order is fixed: sealed; objection and opt-out, by purpose; consent and the factors that the law
asks for, clause by clause; the highest level of the clauses left; then restricted and the lack of a live reason cut that down
to existence. A flag whose value is unknown blocks as `yes` would. Every answer is one look-up
after the first.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from wholeplace.agreements.deciding.rules import OWN_DATA, BoundClause, Rules
from wholeplace.agreements.figures import figures
from wholeplace.agreements.subjects.request import Circumstance, ConsentValue, Request
from wholeplace.agreements.texts.agreement import Clause, Level

__all__ = ["Block", "Decision", "NearMiss", "NearMissKind", "decide", "decide_page", "lowest_of"]

Block = Literal[
    "sealed", "objection", "national-opt-out", "restricted", "consent", "factors", "no-reason"
]
NearMissKind = Literal["role", "purpose", "standing", "consent", "factors", "reason"]

ConditionKind = Literal["consent", "factors"]

_CONDITIONS: tuple[ConditionKind, ...] = ("consent", "factors")
_MOST_REMEMBERED = 200_000


@dataclass(frozen=True)
class NearMiss:
    """A clause that would have given more but for one thing.

    Attributes:
        but_for: the one thing that does not fit.
        clause: its ref.
        level: the level that it would have given.
    """

    but_for: NearMissKind
    clause: str
    level: Level


@dataclass(frozen=True)
class Decision:
    """How much of a field may be seen, and what decided it.

    Attributes:
        clauses: refs of the clauses that give this much (`own-data` for one's own).
        blocks: what cut the level down, whatever the clauses say.
    """

    level: Level
    clauses: tuple[str, ...]
    blocks: tuple[Block, ...]
    near_misses: tuple[NearMiss, ...]
    ruleset_hash: str


def decide(rules: Rules, request: Request, source: str, field: str) -> Decision:
    """Return the decision on one field of one source, for one request."""
    key = (request.key, source, field)
    known: Decision | None = rules.decisions.get(key)
    if known is None:
        if len(rules.decisions) >= _MOST_REMEMBERED:
            rules.decisions.clear()
        known = rules.decisions[key] = _decide(rules, request, source, field)
    return known


def decide_page(
    rules: Rules, request: Request, wanted: Iterable[tuple[str, str]]
) -> dict[tuple[str, str], Decision]:
    """Return the decision on each (source, field) that a page wants."""
    return {(source, field): decide(rules, request, source, field) for source, field in set(wanted)}


def lowest_of(decisions: Sequence[Decision]) -> Decision:
    """Return the decision on what is about several people: the lowest of theirs.

    One person's consent never opens another's record, so a shared tenancy or a household is
    shown at the least that any one of its people allows.

    Raises:
        ValueError: if there are no decisions.
    """
    lowest = min(decisions, key=lambda each: each.level)
    blocks = tuple(dict.fromkeys(block for each in decisions for block in each.blocks))
    return Decision(lowest.level, lowest.clauses, blocks, lowest.near_misses, lowest.ruleset_hash)


def _decide(rules: Rules, request: Request, source: str, field: str) -> Decision:
    circumstance = request.circumstance
    if circumstance.is_sealed:
        return Decision(Level.NOTHING, (), ("sealed",), (), rules.hash)
    stops: list[Block] = []
    if circumstance.objection != "no":
        stops.append("objection")
    if circumstance.opt_out != "no":
        stops.append("national-opt-out")
    if stops:
        return Decision(Level.NOTHING, (), tuple(stops), (), rules.hash)
    offers = _offers(rules, request, source, field)
    given = [(level, ref) for level, ref, clause in offers if not _lacks(clause, circumstance)]
    highest = max((level for level, _ in given), default=Level.NOTHING)
    level = _cut(highest, circumstance)
    blocks: list[Block] = []
    if circumstance.restricted != "no" and highest > level:
        blocks.append("restricted")
    lacking = [
        _lacks(clause, circumstance)
        for each, _, clause in offers
        if _cut(each, circumstance) > level
    ]
    blocks += [each for each in _CONDITIONS if any(each in lacks for lacks in lacking)]
    if not circumstance.has_reason and highest > level:
        blocks.append("no-reason")
    clauses = tuple(ref for each, ref in given if each >= level) if level else ()
    near = _near_misses(rules, request, source, field, level)
    return Decision(level, clauses, tuple(blocks), near, rules.hash)


def _offers(
    rules: Rules, request: Request, source: str, field: str
) -> list[tuple[Level, str, Clause | None]]:
    """Return (level, ref, clause) of all that fits the viewer, purpose and field.

    No clause stands for one's own data, which asks for nothing.
    """
    viewer = request.viewer
    key = (viewer.organisation, viewer.role, request.purpose, source, field)
    offers: list[tuple[Level, str, Clause | None]] = [
        (bound.level, bound.ref, bound.clause) for bound in rules.index.get(key, ())
    ]
    is_own = source == viewer.organisation and field in rules.terms.fields
    if is_own and request.purpose in figures().own_data.get(viewer.role, ()):
        offers.insert(0, (Level.DETAIL, OWN_DATA, None))
    return offers


def _lacks(clause: Clause | None, circumstance: Circumstance) -> tuple[ConditionKind, ...]:
    """Return which of a clause's conditions about the person are not met."""
    if clause is None:
        return ()
    lacks: list[ConditionKind] = []
    factors = circumstance.factors
    if not _is_satisfied(clause.consent, circumstance.consent):
        lacks.append("consent")
    # How many is not known is as good as none.
    if clause.needs_factors and (factors is None or factors < clause.needs_factors):
        lacks.append("factors")
    return tuple(lacks)


def _is_satisfied(rule: str, consent: ConsentValue) -> bool:
    if rule == "none" or consent == "yes":
        return True
    return rule == "unless-refused" and consent == "unstated"


def _cut(level: Level, circumstance: Circumstance) -> Level:
    """Return what is left of a level where the subject is restricted or the reason is not live."""
    is_whole = circumstance.restricted == "no" and circumstance.has_reason
    return level if is_whole else min(level, Level.EXISTENCE)


def _near_misses(
    rules: Rules, request: Request, source: str, field: str, level: Level
) -> tuple[NearMiss, ...]:
    """Return the clauses that one change alone would have let give more."""
    circumstance, found = request.circumstance, []
    for bound in rules.nearby.get((request.viewer.organisation, source, field), ()):
        missing = _missing(bound, request)
        if len(missing) > 1:
            continue
        if missing:
            gain, but_for = _cut(bound.level, circumstance), missing[0]
        elif circumstance.has_reason:
            continue
        else:
            gain = _cut(bound.level, circumstance._replace(has_reason=True))
            but_for = "reason"
        if gain > level:
            found.append(NearMiss(but_for, bound.ref, gain))
    return tuple(found)


def _missing(bound: BoundClause, request: Request) -> list[NearMissKind]:
    clause = bound.clause
    missing: list[NearMissKind] = []
    if not bound.is_in_force:
        missing.append("standing")
    if clause.purpose != request.purpose:
        missing.append("purpose")
    if request.viewer.role not in clause.roles:
        missing.append("role")
    missing += _lacks(clause, request.circumstance)
    return missing
