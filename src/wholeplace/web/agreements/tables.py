"""The rows and cells of the agreements pages."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from wholeplace.agreements import Agreement, Clause, Level, MatrixCell, Rules, Standing, clause_text

__all__ = [
    "AgreementRow",
    "GroupCell",
    "GroupTable",
    "PairCell",
    "agreement_row",
    "clause_rows",
    "group_table",
    "pair_table",
    "state_tag",
]

_STATES = {
    "in-force": ("In force", "green"),
    "unsigned": ("Not signed by all", "yellow"),
    "suspended": ("Suspended", "red"),
    "not-started": ("Not started", "blue"),
    "ended": ("Ended", "grey"),
    "terminated": ("Ended by notice", "grey"),
    "superseded": ("Replaced", "grey"),
}
_LIFE_STATES = {
    "draft": ("Draft", "grey"),
    "review": ("In review", "purple"),
    "withdrawn": ("Withdrawn", "grey"),
    "signing": ("Being signed", "yellow"),
    "agreed": ("Signed, starts later", "blue"),
    "active": ("In force", "green"),
    "suspended": ("Suspended", "red"),
    "expired": ("Ended", "grey"),
    "terminated": ("Ended by notice", "grey"),
    "superseded": ("Replaced", "grey"),
}
_LEVELS = {
    Level.NOTHING: ("Nothing", ""),
    Level.EXISTENCE: ("Known to", "grey"),
    Level.SUMMARY: ("Summary", "yellow"),
    Level.DETAIL: ("Detail", "green"),
}


@dataclass(frozen=True)
class AgreementRow:
    """One agreement with where it stands."""

    agreement: Agreement
    standing: Standing
    state: str
    colour: str


@dataclass(frozen=True)
class ClauseRow:
    """One clause, short and in full."""

    id: str
    source: str
    recipient: str
    roles: tuple[str, ...]
    purpose: str
    fields: tuple[str, ...]
    level: str
    colour: str
    consent: str
    text: str


@dataclass(frozen=True)
class PairCell:
    """What one partner's people see at most of another's: level and in how many field groups."""

    level: str
    colour: str
    groups: int
    is_same: bool


@dataclass(frozen=True)
class GroupCell:
    """What one partner's people see at most of one field group of another's."""

    level: str
    colour: str
    needs_consent: bool
    is_partial: bool
    agreements: tuple[tuple[str, str, int], ...]
    is_same: bool


@dataclass(frozen=True)
class GroupTable:
    """Who sees which field groups of one partner's information.

    Attributes:
        groups: labels of the columns.
        rows: for each recipient, its name and a cell for each group.
        agreements: (id, title) of those that decide, in the order of their numbers.
    """

    groups: tuple[str, ...]
    rows: tuple[tuple[str, tuple[GroupCell, ...]], ...]
    agreements: tuple[tuple[str, str], ...]


def agreement_row(agreement: Agreement, standing: Standing) -> AgreementRow:
    """Return an agreement with its state in words and colour."""
    return AgreementRow(agreement, standing, *_STATES[standing.state])


def state_tag(state: str) -> tuple[str, str]:
    """Return the words and the colour of a state of an agreement's life."""
    return _LIFE_STATES[state]


def clause_rows(rules: Rules, agreement: Agreement) -> list[ClauseRow]:
    """Return every clause of an agreement, in its order."""
    terms = rules.terms
    return [
        ClauseRow(
            clause.id,
            terms.words("partner", clause.source),
            "Every other party"
            if clause.recipient == "all-parties"
            else terms.words("partner", clause.recipient),
            tuple(terms.words("role", each) for each in clause.roles),
            terms.words("purpose", clause.purpose),
            tuple(terms.words("field", each) for each in clause.fields),
            *_LEVELS[clause.level],
            _conditions(clause),
            clause_text(clause, terms, agreement.vocabulary),
        )
        for clause in agreement.clauses
    ]


def _conditions(clause: Clause) -> str:
    """Return what must hold of the person, short."""
    consent = {"none": "", "required": "With consent", "unless-refused": "Unless refused"}
    factors = f"With {clause.needs_factors} or more factors" if clause.needs_factors else ""
    return ", ".join(each for each in (consent[clause.consent], factors) if each)


def pair_table(
    cells: Mapping[tuple[str, str, str], MatrixCell], partners: Iterable[str]
) -> list[tuple[str, list[PairCell]]]:
    """Return one row for each source, with a cell for each recipient."""
    names = list(partners)
    rows = []
    for source in names:
        row = []
        for recipient in names:
            found = [c for (s, r, _), c in cells.items() if (s, r) == (source, recipient)]
            level = max((each.level for each in found), default=Level.NOTHING)
            row.append(PairCell(*_LEVELS[level], len(found), source == recipient))
        rows.append((source, row))
    return rows


def group_table(
    rules: Rules,
    cells: Mapping[tuple[str, str, str], MatrixCell],
    source: str,
    partners: Mapping[str, str],
) -> GroupTable:
    """Return one row for each recipient of a source's data, with a cell for each field group.

    Groups that no agreement names of this source have no column.
    """
    named = {rules.terms.fields[each].group for each in rules.supplied.get(source, ())}
    groups = sorted(named, key=list(rules.terms.groups).index)
    deciding = {
        (rules.clauses[ref].agreement.title, rules.clauses[ref].agreement.id)
        for (owner, _, _), cell in cells.items()
        if owner == source
        for ref in cell.clauses
    }
    numbers = {each: number for number, (_, each) in enumerate(sorted(deciding), start=1)}
    return GroupTable(
        tuple(rules.terms.words("field", group) for group in groups),
        tuple(
            (
                name,
                tuple(
                    _group_cell(rules, cells.get((source, each, group)), numbers, source == each)
                    for group in groups
                ),
            )
            for each, name in partners.items()
        ),
        tuple((each, title) for title, each in sorted(deciding)),
    )


def _group_cell(
    rules: Rules, cell: MatrixCell | None, numbers: Mapping[str, int], is_same: bool
) -> GroupCell:
    if cell is None:
        return GroupCell(
            *_LEVELS[Level.NOTHING],
            needs_consent=False,
            is_partial=False,
            agreements=(),
            is_same=is_same,
        )
    titles = {
        rules.clauses[ref].agreement.id: rules.clauses[ref].agreement.title for ref in cell.clauses
    }
    return GroupCell(
        *_LEVELS[cell.level],
        cell.needs_consent,
        cell.is_partial,
        tuple((each, titles[each], numbers[each]) for each in sorted(titles, key=numbers.get)),  # type: ignore[arg-type]
        is_same,
    )
