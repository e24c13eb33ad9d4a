"""What is shared about one person: every clause in force, asked of their own flags.

By the rules alone: it says what each partner may show of whatever it has, never what it has.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from wholeplace.agreements.deciding.counting import PLANNING
from wholeplace.agreements.deciding.decision import Block, decide
from wholeplace.agreements.deciding.rules import BoundClause, Rules
from wholeplace.agreements.subjects.request import Reason, Request, Subject, Viewer
from wholeplace.agreements.texts.agreement import Level

__all__ = ["SharedRow", "sharing_about"]


@dataclass(frozen=True)
class SharedRow:
    """What one clause gives one recipient about this person.

    Attributes:
        level: what is left of the clause's level for this person, given a live reason.
        fields: vocabulary fields seen at that level.
        most: the level that the clause names.
        consent: the clause's rule, `none`, `required` or `unless-refused`.
        said: what the person has said about the purpose: yes, no, unknown or unstated.
        blocks: what cut it down.
        is_count: the clause lets people be counted, and shows nobody.
    """

    source: str
    recipient: str
    roles: tuple[str, ...]
    purpose: str
    level: Level
    fields: tuple[str, ...]
    most: Level
    clause: str
    consent: str
    said: str
    blocks: tuple[Block, ...]
    is_count: bool


def sharing_about(rules: Rules, subject: Subject, at: dt.datetime) -> list[SharedRow]:
    """Return every sharing between two partners that agreements in force name, for this person.

    A clause of a partner with itself is its own use and no sharing. Sorted by source, then
    recipient.
    """
    rows: list[SharedRow] = []
    for bound in rules.clauses.values():
        if not bound.is_in_force or bound.level == Level.NOTHING:
            continue
        for recipient in bound.recipients:
            if recipient != bound.clause.source:
                rows.extend(_rows(rules, bound, recipient, subject, at))
    rows.sort(key=lambda each: (each.source, each.recipient, each.clause, -each.level))
    return rows


def _rows(
    rules: Rules, bound: BoundClause, recipient: str, subject: Subject, at: dt.datetime
) -> Iterable[SharedRow]:
    """Return one row for each level that this clause itself gives, over all its roles."""
    clause = bound.clause
    asked = {role: _request(recipient, role, clause.purpose, subject, at) for role in clause.roles}
    by_level: dict[Level, set[str]] = {}
    blocks: dict[Block, None] = {}
    for role in clause.roles:
        for name in bound.fields:
            decision = decide(rules, asked[role], clause.source, name)
            is_given = bound.ref in decision.clauses
            if not is_given and decision.level >= bound.level:
                # Another clause gives more; it stands in that one's row.
                continue
            level = min(decision.level, bound.level) if is_given else Level.NOTHING
            by_level.setdefault(level, set()).add(name)
            if level < bound.level:
                blocks |= dict.fromkeys(decision.blocks)
    given: Mapping[Level, set[str]] = {
        level: names for level, names in by_level.items() if level > Level.NOTHING
    } or by_level
    for level, names in given.items():
        yield SharedRow(
            clause.source, recipient, tuple(clause.roles), clause.purpose, level,
            tuple(sorted(names)), bound.level, bound.ref, clause.consent,
            subject.consent_to(clause.purpose), tuple(blocks), clause.purpose == PLANNING,
        )  # fmt: skip


def _request(recipient: str, role: str, purpose: str, subject: Subject, at: dt.datetime) -> Request:
    """Return what somebody with that role and a live reason would ask."""
    viewer = Viewer("somebody", recipient, role)
    reason = Reason(
        "example", "case", "", frozenset([subject.person_id]), at, None, viewer.user_id,
        purpose=purpose,
    )  # fmt: skip
    return Request(viewer, purpose, reason, at, subject)
