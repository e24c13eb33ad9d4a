"""What became of an area: recoded, merged, split; and which codes held on a day.

A count by old codes is carried to new ones by the same crosswalks as any other: a recode or a
merger moves all of it, a split shares it out by weight.
"""

import csv
import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from wholeplace.foundation.errors import WholeplaceError
from wholeplace.places.converting.crosswalk import Crosswalk, Unit, build_crosswalk

__all__ = ["AreaChange", "kind_of_change", "read_changes", "succeed", "successor_crosswalk"]

ChangeKind = Literal["recoded", "merged", "split", "redrawn"]


@dataclass(frozen=True)
class AreaChange:
    """One area's end, with one area that took its place.

    Attributes:
        old: code until the day before.
        new: code from the day on; a split has a change for each new area.
        on: the day.
        weight: share or number of people that went this way; only their ratio counts.
    """

    old: str
    new: str
    on: dt.date
    weight: float = 1.0


def read_changes(file: Path) -> tuple[AreaChange, ...]:
    """Return the changes in a CSV with the columns old, new, on and, for splits, weight.

    Raises:
        WholeplaceError: if a column is missing, a day is no day or a weight no number.
    """
    try:
        with file.open(encoding="utf-8-sig", newline="") as stream:
            return tuple(
                AreaChange(
                    row["old"].strip(),
                    row["new"].strip(),
                    dt.date.fromisoformat(row["on"].strip()),
                    float(row.get("weight") or 1),
                )
                for row in csv.DictReader(stream)
            )
    except (OSError, KeyError, ValueError, AttributeError, csv.Error) as error:
        raise WholeplaceError(
            f"The changes in {file.name} cannot be used.",
            "It needs the columns old, new and on (a day such as 2023-04-01), and weight for splits.",
            "Mend the file.",
        ) from error


def succeed(
    code: str, changes: Iterable[AreaChange], asked_on: dt.date, known_on: dt.date = dt.date.min
) -> dict[str, float]:
    """Return what a code became by a day: code → share; itself where nothing changed.

    Args:
        code: as it was.
        changes: of the whole set.
        asked_on: the day for which current codes are wanted.
        known_on: the day on which the code was in use; a code may be used again for another area.
    """
    found = {code: 1.0}
    for day in sorted({each.on for each in changes if known_on < each.on <= asked_on}):
        step: dict[str, list[AreaChange]] = {}
        for each in changes:
            if each.on == day:
                step.setdefault(each.old, []).append(each)
        moved: dict[str, float] = {}
        for old, share in found.items():
            ways = step.get(old)
            weights = sum(each.weight for each in ways) if ways else 0.0
            for each in ways or ():
                part = each.weight / weights if weights else 1 / len(ways or ())
                moved[each.new] = moved.get(each.new, 0.0) + share * part
            if not ways:
                moved[old] = moved.get(old, 0.0) + share
        found = moved
    return found


def kind_of_change(code: str, changes: Iterable[AreaChange]) -> ChangeKind | None:
    """Return what happened to an area that ended; None where it did not end."""
    listed = list(changes)
    into = {each.new for each in listed if each.old == code}
    if not into:
        return None
    from_others = {each.old for each in listed if each.new in into} - {code}
    if len(into) > 1:
        return "redrawn" if from_others else "split"
    return "merged" if from_others else "recoded"


def successor_crosswalk(
    name: str,
    codes: Iterable[str],
    changes: Iterable[AreaChange],
    asked_on: dt.date,
    weights: Mapping[str, float] | None = None,
    known_on: dt.date = dt.date.min,
) -> Crosswalk:
    """Return the crosswalk from a set's codes to those that hold on a later day.

    Args:
        name: id of the set.
        codes: as they were on `known_on`.
        changes: of the set.
        asked_on: the later day.
        weights: people in each old area, for the error of splits; each alike when not given.
        known_on: the day of the old codes.
    """
    listed = tuple(changes)
    units = [
        Unit(code, new, share * (weights or {}).get(code, 1.0), code)
        for code in codes
        for new, share in succeed(code, listed, asked_on, known_on).items()
    ]
    return build_crosswalk(f"{name} then", f"{name} on {asked_on}", units, "output-area")
