"""Filters that put estimates and shares into words."""

from django import template

from wholeplace.linkage.review.agreement import Agreement
from wholeplace.linkage.review.estimating import Estimate

__all__: list[str] = []

register = template.Library()


@register.filter
def estimate(value: Estimate | None) -> str:
    """Return a share with its interval, in tenths of a percent."""
    if value is None:
        return "Not known yet"
    return f"{value.share:.1%}, 95% interval {value.low:.1%} to {value.high:.1%}"


@register.filter
def rough_estimate(value: Estimate | None) -> str:
    """Return the same in whole percents, for a group with few labels."""
    if value is None:
        return "not shown"
    return f"{value.share:.0%}, 95% interval {value.low:.0%} to {value.high:.0%}"


@register.filter
def agreement(value: Agreement) -> str:
    """Return how well two reviewers agree, in words."""
    if value.pairs < 8:
        return "Too few pairs were answered by two people to say"
    if value.kappa is None:
        return f"On {value.observed:.0%} of pairs; all answers were the same, so chance cannot be taken off"
    return (
        f"On {value.observed:.0%} of pairs; beyond chance (Cohen’s kappa) {value.kappa:.2f}, "
        f"95% interval {value.low:.2f} to {value.high:.2f}"
    )


@register.filter
def percent(value: float) -> str:
    """Return a share in whole percents."""
    return f"{value:.0%}"


@register.filter
def commas(value: int) -> str:
    """Return a whole number with commas."""
    return f"{value:,}"


@register.filter
def share(value: float) -> str:
    """Return a share in percent, or as one in so many where it is small."""
    return f"{value:.1%}" if value >= 0.001 else one_in(value)


@register.filter
def one_in(value: float) -> str:
    """Return a share as one in so many."""
    return f"1 in {round(1 / value):,}"
