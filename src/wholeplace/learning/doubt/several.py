"""Several outcomes at once: the more one looks at, the more one finds by chance."""

from collections.abc import Mapping

__all__ = ["correct_benjamini_hochberg", "correct_holm"]


def correct_holm(p_values: Mapping[str, float]) -> dict[str, float]:
    """Return p-values corrected so that one false finding among all is as rare as stated.

    Source: Holm 1979. It holds however the outcomes hang together.
    """
    ordered = sorted(p_values.items(), key=lambda each: (each[1], each[0]))
    corrected, before = {}, 0.0
    for place, (name, p_value) in enumerate(ordered):
        before = max(before, min(1.0, p_value * (len(ordered) - place)))
        corrected[name] = before
    return {name: corrected[name] for name in p_values}


def correct_benjamini_hochberg(p_values: Mapping[str, float]) -> dict[str, float]:
    """Return p-values corrected so that the share of false findings is as low as stated.

    Source: Benjamini and Hochberg 1995. It holds for outcomes that are independent or move together.
    """
    ordered = sorted(p_values.items(), key=lambda each: (each[1], each[0]), reverse=True)
    corrected, after = {}, 1.0
    for place, (name, p_value) in enumerate(ordered):
        after = min(after, p_value * len(ordered) / (len(ordered) - place))
        corrected[name] = after
    return {name: corrected[name] for name in p_values}
