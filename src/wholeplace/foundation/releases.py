"""Releasing a table of people by area: protected, attacked with all that left before, recorded.

`release_table` is the one way for figures to leave for good. It asks the ledger what was
published before of the same people and of people who lie within each other, repeats what was
published, and hides whatever would, together with that, tell of a few.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from wholeplace.foundation.area_tables import AreaTable, ProtectedAreas
from wholeplace.foundation.errors import UnsafeActionError, WholeplaceError
from wholeplace.foundation.protected import Figure, ProtectedCount
from wholeplace.foundation.protecting import Protected, Setting, protect_figures
from wholeplace.foundation.related import Related, Relation, put_together
from wholeplace.foundation.release_ledger import Population, Record, ReleaseLedger

__all__ = [
    "Audit",
    "Denominator",
    "Relation",
    "Release",
    "protect_areas",
    "protect_denominator",
    "release_table",
]

Cells = tuple[Figure, ...]


@dataclass(frozen=True)
class Audit:
    """What the attack on everything published so far found.

    Attributes:
        hidden: how many figures of the new table are hidden.
        protecting: how many of them only because another would be given away.
        releases: how many earlier releases were attacked together with it.
        least_range: every hidden count, and every small difference of two figures, keeps at
            least this many values (one fewer than a small count can have, where that is less).
    """

    hidden: int
    protecting: int
    releases: int
    least_range: int


@dataclass(frozen=True)
class Release:
    """A table that may leave.

    Attributes:
        table: as it may be shown.
        audit: what the attack found.
        record: its entry in the ledger.
        is_repeated: True where the very same table left before.
    """

    table: ProtectedAreas
    audit: Audit
    record: Record
    is_repeated: bool = False


@dataclass(frozen=True)
class Denominator:
    """People of whom other tables count parts, as they were published and rounded.

    Attributes:
        table: as it may be shown.
        pieces: piece → people, rounded. It is never shown: tables of parts of these people
            are made to agree with it.
    """

    table: ProtectedAreas
    pieces: Mapping[str, int] = field(repr=False)


def protect_areas(
    shape: AreaTable,
    counts: Mapping[tuple[str, str], int],
    *,
    setting: Setting | None = None,
    targets: ProtectedAreas | None = None,
    out_of: Denominator | None = None,
) -> ProtectedAreas:
    """Return a table of people by area as it may be shown, every level and set at once.

    It is protected as if nothing had been published before; `release_table` asks the ledger.

    Args:
        shape: pieces, area sets, categories and groups.
        counts: (piece, category) → people; those left out count none.
        setting: the rule; OpenSAFELY's where left out.
        targets: the same table of an earlier day; its figures are repeated while they are
            nearly right.
        out_of: everybody of whom the categories are parts. Its figures are repeated in the empty
            column, and the table agrees with it in every piece, so that all tables made out of
            the same people are parts of one picture.

    Raises:
        WholeplaceError: if something in the table is not a count, or there is nothing in it.
        UnsafeActionError: if a hidden count would keep too few values whatever else is hidden.
    """
    work = _Work(shape, counts, setting or Setting())
    if targets is not None:
        work.aim(targets)
    if out_of is not None:
        work.take_out_of(out_of)
    return work.protect()


def protect_denominator(
    shape: AreaTable,
    counts: Mapping[tuple[str, str], int],
    *,
    setting: Setting | None = None,
    targets: ProtectedAreas | None = None,
    published: ProtectedAreas | None = None,
) -> Denominator:
    """Return people of whom other tables count parts, protected.

    Args:
        shape: as for `protect_areas`, as are `counts`, `setting` and `targets`.
        counts: (piece, category) → people.
        setting: the rule.
        targets: the same table of an earlier day.
        published: the very table, where it left before: repeated as it was.
    """
    work = _Work(shape, counts, setting or Setting())
    if published is not None:
        work.give(published)
    if targets is not None:
        work.aim(targets)
    table = work.protect()
    pieces = {
        piece: sum(work.rounded[piece, category] for category in shape.categories)
        for piece in shape.pieces
    }
    return Denominator(table, MappingProxyType(pieces))


def release_table(
    shape: AreaTable,
    counts: Mapping[tuple[str, str], int],
    *,
    ledger: ReleaseLedger,
    population: Population,
    recipient: str,
    title: str,
    released_at: dt.datetime,
    relations: Iterable[Relation] = (),
    setting: Setting | None = None,
) -> Release:
    """Protect a table against everything that left before, record it, and return it.

    Args:
        shape: pieces, area sets, categories and groups. It names every area set in which the
            same people were published before (`shown_sets` says which are published now).
        counts: (piece, category) → people.
        ledger: what left before; the record is committed there before this returns.
        population: which people are counted.
        recipient: for whom.
        title: what it is called.
        released_at: UTC instant.
        relations: how its people lie within people published before.
        setting: the rule; OpenSAFELY's where left out.

    Raises:
        WholeplaceError: if the table is no table of counts, or earlier releases of the same
            people cannot be compared with it.
        UnsafeActionError: if it cannot be published without giving somebody away.
    """
    with ledger.hold():
        records = ledger.list()
        same = [each for each in records if each.population == population]
        again = next((each for each in same if _is_again(each, shape, recipient)), None)
        if again is not None:
            return Release(again.table, _audit_of(again.table, 0, setting), again, is_repeated=True)
        work = _Work(shape, counts, setting or Setting())
        work.repeat(same)
        work.aim_at(records, population)
        related = work.relate(records, tuple(relations))
        table = work.protect()
        record = Record(released_at, recipient, title, population, table, ledger.last_hash())
        ledger.add(record)
        return Release(table, _audit_of(table, len(same) + related, setting), record)


def _is_again(record: Record, shape: AreaTable, recipient: str) -> bool:
    before = record.table.shape
    return record.recipient == recipient and before.as_plain() == shape.as_plain()


def _audit_of(table: ProtectedAreas, releases: int, setting: Setting | None) -> Audit:
    hidden = [count for count in table.figures.values() if not count.is_shown]
    protecting = sum(count.hidden == "protecting" for count in hidden)
    return Audit(len(hidden), protecting, releases, (setting or Setting()).least_range)


class _Work:
    """One table on its way out."""

    def __init__(
        self, shape: AreaTable, counts: Mapping[tuple[str, str], int], setting: Setting
    ) -> None:
        self.shape, self.setting = shape, setting
        self.counts = shape.read(counts)
        self.shown = shape.figures()
        self.names: dict[Cells, Figure] = {}
        for cells in self.shown.values():
            self._name(cells)
        self.given: dict[Figure, ProtectedCount] = {}
        self.targets: dict[Figure, int] = {}
        self.fixed: dict[Figure, int] = {}
        self.rounded: Mapping[Figure, int] = {}
        self.earlier: tuple[Related, ...] = ()

    def _name(self, cells: Cells) -> Figure:
        """Return the one name of all figures that count the same cells; a cell is its own."""
        cells = tuple(sorted(cells))
        name = cells[0] if len(cells) == 1 else ("sum", *cells[0], f"{len(self.names):06}")
        return self.names.setdefault(cells, name)

    def repeat(self, same: Iterable[Record]) -> None:
        """Take over what was published of the same people, as it was."""
        everything = self.shape.figures(of_every_set=True)
        for record in same:
            for figure, count in record.table.figures.items():
                if figure not in everything or record.table.threshold != self.setting.threshold:
                    raise WholeplaceError(
                        "The table cannot be protected.",
                        f"The same people were published before by {figure[0]}, "
                        "in a way that this table cannot be compared with.",
                        "Name every area set, category and group that was published of them, "
                        "and hide by the same threshold.",
                    )
                self.given[self._name(everything[figure])] = count

    def aim_at(self, records: Iterable[Record], population: Population) -> None:
        """Aim at the newest figures of the same question on an earlier day."""
        question = (population.what, population.evidence)
        for record in records:
            before = record.population
            if (before.what, before.evidence) == question and before != population:
                self.aim(record.table)

    def aim(self, before: ProtectedAreas) -> None:
        """Aim at the figures of an earlier day."""
        for figure, count in before.figures.items():
            if figure in self.shown and count.shown is not None:
                self.targets[self._name(self.shown[figure])] = count.shown

    def give(self, published: ProtectedAreas) -> None:
        """Repeat figures as they were published of the same people."""
        for figure, count in published.figures.items():
            if figure in self.shown:
                self.given[self._name(self.shown[figure])] = count

    def take_out_of(self, everybody: Denominator) -> None:
        """Repeat the figures of everybody, and keep to how their pieces were rounded."""
        self.give(everybody.table)
        for piece, rounded in everybody.pieces.items():
            cells = tuple((piece, category) for category in self.shape.categories)
            if tuple(sorted(cells)) not in self.names:
                self.fixed[self._name(cells)] = rounded

    def relate(self, records: Iterable[Record], relations: tuple[Relation, ...]) -> int:
        """Put earlier people beside the new ones; return how many releases that takes."""
        others = {relation.other for relation in relations}
        related = [record for record in records if record.population in others]
        by_population: dict[Population, list[Record]] = {}
        for record in related:
            by_population.setdefault(record.population, []).append(record)
        self.earlier = tuple(
            Related(self.shape, found, [each for each in relations if each.other == other])
            for other, found in by_population.items()
        )
        return len(related)

    def protect(self) -> ProtectedAreas:
        """Return the table as it may be shown."""
        sums = {name: cells for cells, name in self.names.items() if len(cells) > 1}
        single = {cells[0] for cells in self.names if len(cells) == 1}
        setting = self.setting
        found: Protected = protect_figures(
            self.counts,
            sums,
            setting,
            given=self.given,
            targets=self.targets,
            unseen=frozenset(self.counts) - single,
            watched=[
                each
                for each in self.shape.differences(self.counts, setting.threshold)
                if each.parts not in self.names
            ],
            earlier=put_together(self.earlier, setting),
            fixed=self.fixed,
        )
        if found.narrow:
            raise UnsafeActionError(
                "The table was not published.",
                "Together with what was published before it would tell of a few people, "
                "whatever else is hidden.",
                "Publish larger areas or fewer groups, or wait for the next period.",
            )
        self.rounded = found.rounded
        figures = {figure: found.figures[self._name(cells)] for figure, cells in self.shown.items()}
        return ProtectedAreas(
            self.shape,
            MappingProxyType(figures),
            setting.threshold,
            setting.base,
            setting.zeros_are_safe,
            found.error_at_most,
        )
