"""Disclosure control: how counts of people may leave.

    protect_areas              people by area, every level and set of areas at once
    release_table              the same, against all that left before, recorded in a ledger
    protect_denominator        people of whom several tables count parts
    protect_counts             a one-way or two-way table by itself
    rounded_number_of_people   one number in a sentence
    audit_release              the attack alone

A count up to the threshold is hidden (`fewer than 8`), and so is a zero unless the caller
states that zeros are safe: that nobody in a group has a need can tell as much about the group
as that all have. Every other count is rounded to a multiple of the base, in such a way that
everything adds up (`controlled_rounding`). Then it is attacked as an outsider would attack it
(`recovery`), taking the narrowest guess that rounding allows, that every figure went to the
nearest multiple; wherever a hidden count keeps fewer than `least_range` possible values,
another figure beside it is hidden too, until none does. What cannot be made safe is refused.

Why it holds: all figures are sums of the same rounded cells, so the rounded cells themselves fit
everything published, and so does whatever lies near them. Figures that were each rounded by
themselves contradict each other a little, and each contradiction narrows the truth. That is
also why figures that belong together have to be protected together, or through the ledger.

Nothing here is random: the same counts always give the same table, so asking again tells nothing.

Guarded, each by a law that attacks with a programme of its own:

- **Areas that nearly coincide.** All sets are cut into the pieces that their boundaries make; each
  small piece, and each small difference of two areas that share ground, keeps its range.
- **Nested needs and thresholds**, where they are categories and groups of one table.
- **Successive releases** of the same people: a figure is repeated as it was, hidden or shown, and
  new ones are attacked with it known, whoever received which.
- **Months**, and **recipients whose evidence differs**: a figure is repeated while it is nearly
  right, and changes only when the people do. Where one group of people is said to lie within
  another (`Relation`), the two are attacked together, and so is what lies between them.

Not guarded, and not to be promised:

- An attacker who knows counts of people that nobody published: all but one of the members of a
  group, or by how many a group grew since last month.
- Two populations between which no `Relation` was stated, and ledgers kept apart.
- An attacker who runs this very code on every table of counts that might be true, and keeps those
  that give the page he sees. The attack knows the rule, not the way ties were settled.
- Whatever a count that is large says of everybody in it (that nine in ten have a need).

Source: the rule of hiding up to 7 and then rounding to 5 is OpenSAFELY's; secondary
suppression, controlled rounding and attack by linear programming follow Hundepool and others,
*Statistical Disclosure Control* (Wiley, 2012), chapter 4.
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
