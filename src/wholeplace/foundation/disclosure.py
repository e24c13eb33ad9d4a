"""Disclosure control: how counts of people may leave.

A count up to the threshold is hidden (`fewer than 8`), and so is a zero unless the caller
states that zeros are safe: that nobody in a group has a need can tell as much about the group
as that all have. Every other count is rounded to a multiple of the base, in such a way that
the table still adds up (`controlled_rounding`). Then the table is attacked as an outsider
would attack it (`recovery`), once by what it promises and once by the narrower guess that
everything was rounded to the nearest multiple; wherever a hidden count keeps fewer than
`least_range` possible values, another count in its line is hidden too, until none does.

Nothing here is random: the same counts always give the same table, so asking again for one
table tells nothing new. That is true of one table only. What is and is not guarded between
tables:

- Guarded: totals that several tables share. Each table rounded by itself would round one total
  its own way (65 here, 60 there), and the two together say more than either: 61 to 64. So a
  total is rounded once and given to every table that has it (`totals`); the table repeats it as
  it was published, hidden or shown, adds up to it, and is attacked with it known. `places.needs`
  does this for residents and needs in all area sets of one snapshot and recipient.
- Not guarded: the same people cut along other borders. Where an area of one set nearly is an
  area of another, the difference of their two counts is known within rounding (`error_at_most`
  each), and a count hidden in one table to protect another may be shown in the other set.
- Not guarded: needs that contain each other, two recipients whose agreements cover different
  evidence, and two months. Their differences, too, are known within rounding.

So publish tables at set dates only, in few area sets, and never narrow a count to a small group
by taking two that differ by it.

Source: the rule of hiding up to 7 and then rounding to 5 is OpenSAFELY's; secondary
suppression and attack by linear programming follow Hundepool and others, *Statistical
Disclosure Control* (Wiley, 2012), chapter 4.
"""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from wholeplace.foundation.area_tables import PLACE, AreaTable, ProtectedAreas
from wholeplace.foundation.errors import WholeplaceError
from wholeplace.foundation.protected import Figure, ProtectedCount, ProtectedTable
from wholeplace.foundation.protecting import Setting, protect_figures
from wholeplace.foundation.recovery import audit_release, ranges_left, recover_cells
from wholeplace.foundation.release_ledger import Population, Record, ReleaseLedger
from wholeplace.foundation.releases import (
    Audit,
    Denominator,
    Relation,
    Release,
    protect_areas,
    protect_denominator,
    release_table,
)

__all__ = [
    "PLACE",
    "AreaTable",
    "Audit",
    "Denominator",
    "Figure",
    "Population",
    "ProtectedAreas",
    "ProtectedCount",
    "ProtectedTable",
    "Record",
    "Relation",
    "Release",
    "ReleaseLedger",
    "Setting",
    "audit_release",
    "protect_areas",
    "protect_counts",
    "protect_denominator",
    "ranges_left",
    "recover_cells",
    "release_table",
    "rounded_number_of_people",
]


def protect_counts(
    table: Mapping[str, int] | Mapping[tuple[str, str], int],
    *,
    threshold: int = 7,
    base: int = 5,
    zeros_are_safe: bool = False,
    least_range: int = 5,
    totals: Mapping[Figure, ProtectedCount] | None = None,
) -> ProtectedTable:
    """Return a table of counts with its totals, as it may be shown.

    Args:
        table: name → count for a one-way table; (row, column) → count for a two-way table,
            where pairs left out count zero. Each person is counted in one cell only.
        threshold: the largest count that is hidden.
        base: multiple to which other counts are rounded; 1 does not round.
        zeros_are_safe: True only where it harms nobody to know that there are none, such as
            a service that does not exist in an area.
        least_range: how many values a hidden count must still be able to have; never more
            than all but one of those that a small count has.
        totals: totals of this table that were published before, in another: repeated here as
            they are. They must be of the same people and agree with each other.

    Raises:
        WholeplaceError: if something in the table is not a count, or there is nothing in it, or
            it does not have the totals published before.
    """
    setting = Setting(threshold, base, zeros_are_safe, least_range)
    rows, columns, cells = _read_table(table)
    shape = ProtectedTable(rows, columns, {}, threshold, base, zeros_are_safe, 0)
    sums = shape.parts()
    given = dict(totals or {})
    _check_totals(given, cells, sums, setting)
    found = protect_figures(cells, sums, setting, given=given)
    return replace(
        shape, figures=MappingProxyType(dict(found.figures)), error_at_most=found.error_at_most
    )


def _check_totals(
    given: Mapping[Figure, ProtectedCount],
    cells: Mapping[Figure, int],
    sums: Mapping[Figure, tuple[Figure, ...]],
    setting: Setting,
) -> None:
    """Refuse totals published before that cannot be this table's own."""
    for total, count in given.items():
        is_of_it = total in sums and count.threshold == setting.threshold
        exact = sum(cells[part] for part in sums.get(total, ()))
        if is_of_it and count.shown is not None:
            is_of_it = count.shown % setting.base == 0 and abs(count.shown - exact) < setting.base
        if not is_of_it or (count.hidden == "small" and exact > setting.threshold):
            raise WholeplaceError(
                "The table cannot be protected.",
                "A total published before is not a total of this table.",
                "Give the totals of the same people, rounded to the same base.",
            )


def _read_table(
    table: Mapping[str, int] | Mapping[tuple[str, str], int],
) -> tuple[tuple[str, ...], tuple[str, ...], dict[Figure, int]]:
    for count in table.values():
        if isinstance(count, bool) or not isinstance(count, int) or count < 0:
            raise WholeplaceError(
                "The table cannot be protected.",
                "A cell is not a whole number of people, 0 or more.",
                "Give counts, not rates or shares.",
            )
    if not table:
        raise WholeplaceError("The table cannot be protected.", "It is empty.", "Give counts.")
    two_way = {key: count for key, count in table.items() if isinstance(key, tuple)}
    one_way = {key: count for key, count in table.items() if isinstance(key, str)}
    if two_way and one_way:
        raise WholeplaceError(
            "The table cannot be protected.",
            "Some cells have one name and some have two.",
            "Give a one-way or a two-way table.",
        )
    if one_way:
        return tuple(one_way), (), {("cell", row): count for row, count in one_way.items()}
    rows = tuple(dict.fromkeys(row for row, _ in two_way))
    columns = tuple(dict.fromkeys(column for _, column in two_way))
    cells: dict[Figure, int] = {
        ("cell", row, column): two_way.get((row, column), 0) for row in rows for column in columns
    }
    return rows, columns, cells


def rounded_number_of_people(count: int, *, setting: Setting | None = None) -> str:
    """Return a single number of people in words for a sentence: “about 1,240”, “fewer than 8”.

    It is for one number by itself. Numbers that belong together, or that add up to another, are
    a table: use `protect_areas` or `protect_counts`.

    Args:
        count: people, exact.
        setting: the rule; OpenSAFELY's where left out.

    Raises:
        WholeplaceError: if it is no number of people.
    """
    rule = setting or Setting()
    protected = protect_counts(
        {"all": count},
        threshold=rule.threshold,
        base=rule.base,
        zeros_are_safe=rule.zeros_are_safe,
        least_range=rule.least_range,
    ).total
    if protected.shown is None:
        return f"fewer than {rule.threshold + 1}"
    return f"about {protected}" if rule.base > 1 and protected.shown else str(protected)
