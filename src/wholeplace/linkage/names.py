"""Familiar forms of given names: Bob is Robert, Sam is Samuel or Samantha.

The list is `data/nicknames.csv`, which states its source. A name's *forms* are the formal
names it may stand for; two names agree when they share a form. Its *root* is one word for
the whole family of names, for blocking only.
"""

import csv
from collections import defaultdict
from functools import cache
from importlib.resources import files

import pyarrow as pa

__all__ = ["given_forms", "is_like_given_name", "read_nicknames"]


@cache
def read_nicknames() -> dict[str, frozenset[str]]:
    """Return each listed name with the formal names that it may stand for, itself included."""
    text = (files("wholeplace") / "linkage" / "data" / "nicknames.csv").read_text("utf-8")
    lines = (line for line in text.splitlines() if not line.startswith("#"))
    forms: dict[str, set[str]] = defaultdict(set)
    for row in csv.DictReader(lines):
        forms[row["form"]] |= {row["form"], row["formal"]}
        forms[row["formal"]].add(row["formal"])
    return {name: frozenset(found) for name, found in forms.items()}


def given_forms() -> pa.Table:
    """Return the list as a table: name, forms (list), root."""
    forms = read_nicknames()
    root = {name: name for name in forms}

    def find(name: str) -> str:
        while root[name] != name:
            name = root[name]
        return name

    for name, found in sorted(forms.items()):
        for other in sorted(found):
            first, second = sorted((find(name), find(other)))
            root[second] = first
    names = sorted(forms)
    return pa.table(
        {
            "name": names,
            "forms": pa.array([sorted(forms[name]) for name in names], pa.list_(pa.string())),
            "root": [find(name) for name in names],
        }
    )


def is_like_given_name(one: str, other: str) -> bool:
    """Tell whether two standardised given names may be one: equal, familiar, an initial, close."""
    if one == other or (one[0] == other[0] and min(len(one), len(other)) == 1):
        return True
    forms = read_nicknames()
    if forms.get(one, frozenset((one,))) & forms.get(other, frozenset((other,))):
        return True
    if one.startswith(other[:3]) and (one.startswith(other) or other.startswith(one)):
        return True
    return _slips(one, other) <= (1 if min(len(one), len(other)) < 6 else 2)


def _slips(one: str, other: str) -> int:
    """Count insertions, deletions, changes and neighbours changed over between two words."""
    before, row = [0] * (len(other) + 1), list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        oldest, before, row = before, row, [i] + [0] * len(other)
        for j, facing in enumerate(other, 1):
            row[j] = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != facing))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == facing:
                row[j] = min(row[j], oldest[j - 2] + 1)
    return row[-1]
