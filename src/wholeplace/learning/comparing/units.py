"""The units of a study in one fixed order, so that the order of rows never matters."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wholeplace.foundation.errors import WholeplaceError

__all__ = ["Floats", "Units", "gather_units"]

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Units:
    """People, households or areas of a study, in the order of their ids.

    Attributes:
        ids: unique.
        is_reached: True for those whom the intervention reached.
        names: of the covariates, in the order of the columns.
        covariates: one row for each unit, one column for each name.
    """

    ids: tuple[str, ...]
    is_reached: NDArray[np.bool_]
    names: tuple[str, ...]
    covariates: Floats
    order: NDArray[np.int64]

    def arrange(self, values: Sequence[float] | Floats) -> Floats:
        """Return values that were given in the order of the rows, in the order of the ids.

        Raises:
            WholeplaceError: if one is missing.
        """
        arranged = np.asarray(values, dtype=np.float64)[self.order]
        if len(arranged) != len(self.ids) or not np.isfinite(arranged).all():
            raise WholeplaceError(
                "The comparison was not made.",
                "A unit has no value of the outcome.",
                "Leave out units that were not followed up, and say so in the plan.",
            )
        return arranged

    def choose(self, names: Sequence[str]) -> "Units":
        """Return the same units with only these covariates."""
        columns = [self.names.index(name) for name in names]
        return Units(
            self.ids, self.is_reached, tuple(names), self.covariates[:, columns], self.order
        )


def gather_units(
    ids: Sequence[str],
    is_reached: Sequence[bool] | NDArray[np.bool_],
    covariates: Mapping[str, Sequence[float] | Floats],
) -> Units:
    """Return units of columns given in any order of rows.

    Raises:
        WholeplaceError: if an id comes twice, a covariate is missing for somebody, or one of the
            groups has fewer than two units.
    """
    order = np.array(sorted(range(len(ids)), key=lambda row: ids[row]), dtype=np.int64)
    reached = np.asarray(is_reached, dtype=np.bool_)[order]
    names = tuple(sorted(covariates))
    columns = [np.asarray(covariates[name], dtype=np.float64)[order] for name in names]
    table = np.column_stack(columns) if columns else np.empty((len(ids), 0))
    wrong = ""
    if len(set(ids)) != len(ids):
        wrong = "An id comes twice."
    elif min(int(reached.sum()), int((~reached).sum())) < 2:
        wrong = "Each group needs at least two units."
    elif not np.isfinite(table).all():
        wrong = "A covariate is missing for some units."
    if wrong:
        raise WholeplaceError(
            "The comparison was not made.", wrong, "Mend the list of units and try again."
        )
    return Units(tuple(ids[row] for row in order), reached, names, table, order)
