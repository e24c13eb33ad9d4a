"""Pages of outcomes: families, claims, audits, returns, progress of the whole programme."""

from wholeplace.web.outcomes.views.overview import progress

__all__ = ["progress"]
