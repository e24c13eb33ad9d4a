"""A whole study of people from a frozen plan: what was found, how sure, how good, all at once."""

from wholeplace.learning.studies.comparison import (
    ComparisonStudy,
    OutcomeFinding,
    run_comparison,
)

__all__ = ["ComparisonStudy", "OutcomeFinding", "run_comparison"]
