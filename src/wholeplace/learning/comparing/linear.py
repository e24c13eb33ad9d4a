"""Sums, least squares and logistic regression whose bits do not depend on threads.

Products of long arrays are made by `einsum`, which adds in one fixed order, and not by the
matrix library, which divides them among threads. The small systems left over are solved directly.
"""

from dataclasses import dataclass

import numpy as np

from wholeplace.foundation.errors import WholeplaceError
from wholeplace.learning.comparing.units import Floats

__all__ = ["LinearFit", "cross", "fit_linear", "fit_logistic", "times", "with_constant"]

_ITERATIONS = 100
_CLOSE = 1e-10


@dataclass(frozen=True)
class LinearFit:
    """Least squares: coefficients, their robust covariance (HC3) and degrees of freedom."""

    coefficients: Floats
    covariance: Floats
    residuals: Floats
    freedom: int

    def error(self, column: int) -> float:
        """Return the standard error of one coefficient."""
        return float(np.sqrt(self.covariance[column, column]))


def times(table: Floats, coefficients: Floats) -> Floats:
    """Return the table times a column, added in one fixed order."""
    return np.asarray(np.einsum("ij,j->i", table, coefficients))


def cross(left: Floats, right: Floats) -> Floats:
    """Return the transposed left table times the right one, added in one fixed order."""
    return np.asarray(np.einsum("ij,ik->jk", left, right))


def with_constant(table: Floats) -> Floats:
    """Return the table with a first column of ones."""
    return np.column_stack([np.ones(len(table)), table])


def fit_linear(table: Floats, outcome: Floats, weights: Floats | None = None) -> LinearFit:
    """Return weighted least squares with errors that hold where spread differs (HC3).

    Source: MacKinnon and White 1985; a unit's squared residual is divided by (1 - leverage)².
    Units without weight count for nothing.

    Raises:
        WholeplaceError: if columns say the same thing.
    """
    weights = np.ones(len(outcome)) if weights is None else weights
    held = weights > 0
    table, outcome, weights = table[held], outcome[held], weights[held]
    inverse = _inverse(cross(table * weights[:, None], table))
    coefficients = times(inverse, cross(table * weights[:, None], outcome[:, None])[:, 0])
    residuals = outcome - times(table, coefficients)
    leverage = weights * np.einsum("ij,jk,ik->i", table, inverse, table)
    scores = table * (weights * residuals / np.maximum(1 - leverage, 1e-8))[:, None]
    covariance = np.einsum("ij,jk,kl->il", inverse, cross(scores, scores), inverse)
    return LinearFit(coefficients, covariance, residuals, len(outcome) - table.shape[1])


def fit_logistic(table: Floats, answers: Floats) -> Floats:
    """Return the coefficients of a logistic regression by Newton's method.

    Raises:
        WholeplaceError: if the answers can be told exactly, so that there is no best answer.
    """
    coefficients = np.zeros(table.shape[1])
    for _ in range(_ITERATIONS):
        chance = 1 / (1 + np.exp(-np.clip(times(table, coefficients), -35, 35)))
        score = cross(table, (answers - chance)[:, None])[:, 0]
        step = times(_inverse(cross(table * (chance * (1 - chance))[:, None], table)), score)
        coefficients = coefficients + np.clip(step, -5, 5)
        if float(np.abs(step).max()) < _CLOSE:
            return np.asarray(coefficients)
    raise WholeplaceError(
        "The comparison was not made.",
        "What is known of the units tells exactly who was reached, so nobody can be compared.",
        "Leave out the covariate that decides it, or use a design for thresholds.",
    )


def _inverse(matrix: Floats) -> Floats:
    scale = np.sqrt(np.maximum(np.diag(matrix), 1e-300))
    scaled = matrix / scale[:, None] / scale[None, :]
    if not np.isfinite(scaled).all() or np.linalg.cond(scaled) > 1e13:
        raise WholeplaceError(
            "The comparison was not made.",
            "Two covariates say the same thing, or one is the same for everybody.",
            "Leave one of them out.",
        )
    return np.asarray(np.linalg.inv(scaled) / scale[:, None] / scale[None, :])
