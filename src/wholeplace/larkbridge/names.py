"""Giving names: by sex and generation, with a long tail of surnames."""

from itertools import accumulate
from random import Random

from wholeplace.larkbridge.definitions import read_names, read_rates

__all__ = ["NameGiver"]


class NameGiver:
    """Draws names; common ones often, rare ones seldom.

    Args:
        rng: where chance comes from.
    """

    def __init__(self, rng: Random) -> None:
        words = read_names()
        self._rng = rng
        self._given = {
            (sex, era): (names, list(accumulate(1 / (rank + 6) for rank in range(len(names)))))
            for sex, eras in words["given"].items()
            for era, names in eras.items()
        }
        self._middle = words["middle_names"]
        made = [start + end for start in words["surname_starts"] for end in words["surname_ends"]]
        Random("surnames").shuffle(made)  # noqa: S311 - invented names
        self._surnames = [*words["surnames"], *made]
        common = len(words["surnames"])
        self._weights = list(
            accumulate(
                1 / (rank + 12) if rank < common else 0.0032 for rank in range(len(self._surnames))
            )
        )
        self._double = read_rates().among_people("double_barrelled")

    def given(self, sex: str, birth_year: int, taken: frozenset[str] = frozenset()) -> str:
        """Return a given name of the person's generation that no sibling bears."""
        era = "older" if birth_year < 1962 else "middle" if birth_year < 2000 else "younger"
        names, weights = self._given[sex, era]
        for _ in range(20):
            name = str(self._rng.choices(names, cum_weights=weights)[0])
            if name not in taken:
                return name
        return name

    def middle(self, sex: str) -> str:
        """Return a middle name, or two, or none."""
        draw = self._rng.random()
        if draw < 0.2:
            return ""
        first = str(self._rng.choice(self._middle[sex]))
        if draw < 0.93:
            return first
        second = str(self._rng.choice(self._middle[sex]))
        return first if second == first else f"{first} {second}"

    def single_surname(self) -> str:
        """Return a surname of one part."""
        return str(self._rng.choices(self._surnames, cum_weights=self._weights)[0])

    def surname(self) -> str:
        """Return a surname, now and then of two parts."""
        name = self.single_surname()
        if self._rng.random() < self._double:
            other = self.single_surname()
            if other != name:
                return f"{name}-{other}"
        return name
