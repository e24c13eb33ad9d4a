"""Designs that use time, areas or a threshold as the comparison."""

from wholeplace.learning.designs.discontinuity import Discontinuity, estimate_at_threshold
from wholeplace.learning.designs.panel import Panel, gather_panel
from wholeplace.learning.designs.placebos import PlaceboResult, run_placebos
from wholeplace.learning.designs.staggered import GroupTime, Staggered, estimate_staggered
from wholeplace.learning.designs.synthetic import (
    Predictor,
    SyntheticControl,
    fit_synthetic,
)
from wholeplace.learning.designs.two_period import TwoPeriod, estimate_two_period

__all__ = [
    "Discontinuity",
    "GroupTime",
    "Panel",
    "PlaceboResult",
    "Predictor",
    "Staggered",
    "SyntheticControl",
    "TwoPeriod",
    "estimate_at_threshold",
    "estimate_staggered",
    "estimate_two_period",
    "fit_synthetic",
    "gather_panel",
    "run_placebos",
]
