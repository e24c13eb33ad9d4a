"""Who may see what of whom: partner by partner, field group by field group.

From the compiled rules alone, so it is the same for everybody and says nothing of any person.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from wholeplace.agreements.deciding.rules import BoundClause, Rules
from wholeplace.agreements.texts.agreement import Level

__all__ = ["MatrixCell", "sharing_matrix"]


@dataclass(frozen=True)
class MatrixCell:
    """The most that a partner's people may see of another's field group.

    Attributes:
        level: the highest level that any clause in force gives.
        needs_consent: True where every clause of that level depends on consent.
        is_partial: True where only some of the group's fields are at that level.
        clauses: refs of the clauses that give that level.
    """

    source: str
    recipient: str
    group: str
    level: Level
    needs_consent: bool
    is_partial: bool
    clauses: tuple[str, ...]


def sharing_matrix(
    rules: Rules, purpose: str | None = None, role: str | None = None
) -> dict[tuple[str, str, str], MatrixCell]:
    """Return the cells that are not empty, by (source, recipient, field group).

    Args:
        rules: of the day.
        purpose: count only clauses for this purpose; every purpose when None.
        role: count only clauses for this role; every role when None.
    """
    found: dict[tuple[str, str, str], list[tuple[str, BoundClause]]] = {}
    for (recipient, its_role, its_purpose, source, name), clauses in rules.index.items():
        if purpose not in (None, its_purpose) or role not in (None, its_role):
            continue
        key = (source, recipient, rules.terms.fields[name].group)
        found.setdefault(key, []).extend((name, each) for each in clauses)
    return {
        key: cell for key, pairs in found.items() if (cell := _cell(rules, key, pairs)) is not None
    }


def _cell(
    rules: Rules, key: tuple[str, str, str], pairs: Iterable[tuple[str, BoundClause]]
) -> MatrixCell | None:
    pairs = list(pairs)
    level = max(bound.level for _, bound in pairs)
    if level == Level.NOTHING:
        return None
    top = [(name, bound) for name, bound in pairs if bound.level == level]
    return MatrixCell(
        *key,
        level=level,
        needs_consent=all(bound.clause.consent == "required" for _, bound in top),
        is_partial={name for name, _ in top} != set(rules.terms.expand(key[2])),
        clauses=tuple(sorted({bound.ref for _, bound in top})),
    )
