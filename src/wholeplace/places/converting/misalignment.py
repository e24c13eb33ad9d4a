"""How badly two sets of boundaries fit: fragments, residents in them, and what moving a line does.

The main match of an area is the area of the other set in which most of its residents live. A
resident outside it is one for whom the two partners' areas do not agree.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from wholeplace.places.converting.crosswalk import OUTSIDE, Unit

__all__ = ["Fragment", "LineMoved", "Misalignment", "compare_sets", "find_moves", "move_line"]


@dataclass(frozen=True)
class Fragment:
    """What one area has in common with an area of the other set.

    Attributes:
        people: weight of the units in it.
        share: of the first area's people.
        is_main: whether the second is the first's main match.
    """

    source: str
    target: str
    people: float
    share: float
    is_main: bool


@dataclass(frozen=True)
class Misalignment:
    """How one set of areas fits another.

    Attributes:
        fragments: by first area, the largest first.
        people: in all.
        outside: people outside the main match of their area.
    """

    fragments: tuple[Fragment, ...]
    people: float
    outside: float

    @property
    def outside_share(self) -> float:
        """The share of people outside the main match, 0 to 1."""
        return self.outside / self.people if self.people else 0.0

    @property
    def one_to_one(self) -> int:
        """How many areas of the first set have all their people in one area of the other."""
        return sum(1 for each in self.fragments if each.is_main and each.share >= 1 - 1e-9)


@dataclass(frozen=True)
class LineMoved:
    """What would change if one partner gave a fragment to its neighbour.

    Attributes:
        fragment: the piece that would move.
        to: the area of the first set that it would move to.
        people: who would change area.
        outside_before: people outside the main match now.
        outside_after: after the move.
    """

    fragment: Fragment
    to: str
    people: float
    outside_before: float
    outside_after: float

    @property
    def fewer(self) -> float:
        """How many fewer people would be outside the main match."""
        return self.outside_before - self.outside_after


def compare_sets(units: Iterable[Unit]) -> Misalignment:
    """Return how the areas that units name as source fit those that they name as target."""
    together: dict[str, dict[str, float]] = {}
    for unit in units:
        held = together.setdefault(unit.source, {})
        held[unit.target] = held.get(unit.target, 0.0) + unit.weight
    fragments: list[Fragment] = []
    people = outside = 0.0
    for source in sorted(together):
        held = together[source]
        total = sum(held.values())
        # The ground outside every area of the other set is nobody's match.
        inside = {code: weight for code, weight in held.items() if code != OUTSIDE}
        main = min(inside, key=lambda code: (-inside[code], code), default=None)
        people += total
        outside += total - (held[main] if main is not None else 0.0)
        fragments += [
            Fragment(source, code, weight, weight / total if total else 0.0, code == main)
            for code, weight in sorted(held.items(), key=lambda each: (-each[1], each[0]))
        ]
    return Misalignment(tuple(fragments), people, outside)


def move_line(units: Sequence[Unit], source: str, target: str, to: str) -> LineMoved:
    """Return what changes if everybody of one fragment moves to another area of the first set.

    Args:
        units: of both sets.
        source: the area that gives the fragment up.
        target: the area of the other set that the fragment lies in.
        to: the area of the first set that takes it.
    """
    before = compare_sets(units)
    fragment = next(
        each for each in before.fragments if (each.source, each.target) == (source, target)
    )
    after = compare_sets(
        unit._replace(source=to) if (unit.source, unit.target) == (source, target) else unit
        for unit in units
    )
    return LineMoved(fragment, to, fragment.people, before.outside, after.outside)


def find_moves(
    units: Sequence[Unit], neighbours: Mapping[str, frozenset[str]] | None = None
) -> tuple[LineMoved, ...]:
    """Return the moves of one line that would bring most people into their main match.

    Each fragment outside a main match is offered to the area of the first set whose own main
    match it lies in, and that has most people there. A move that helps nobody is left out.

    Args:
        units: of both sets.
        neighbours: which areas of the first set touch; a fragment moves only to a neighbour of
            its area where this is given.
    """
    before = compare_sets(units)
    homes: dict[str, list[Fragment]] = {}
    for each in before.fragments:
        if each.is_main:
            homes.setdefault(each.target, []).append(each)
    found = []
    for each in before.fragments:
        takers = [
            home
            for home in homes.get(each.target, ())
            if home.source != each.source
            and (neighbours is None or home.source in neighbours.get(each.source, frozenset()))
        ]
        if each.is_main or each.target == OUTSIDE or not takers or not each.people:
            continue
        taker = max(takers, key=lambda home: home.people)
        moved = move_line(units, each.source, each.target, taker.source)
        if moved.fewer > 0:
            found.append(moved)
    return tuple(sorted(found, key=lambda move: -move.fewer))
