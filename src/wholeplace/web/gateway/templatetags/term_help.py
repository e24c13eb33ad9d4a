"""What a word means to each profession, in place: help that opens by click or key, never by hovering."""

from typing import Any

from django import template

from wholeplace.web.gateway.wiring import current_place

__all__: list[str] = []

register = template.Library()


@register.inclusion_tag("gateway/term_help.html")
def term_help(*words: str) -> dict[str, Any]:
    """Draw the place's own words for some terms, as each partner's people say them.

    A word that the place's `terms.yaml` does not have is left out; without any, nothing is drawn.
    """
    place = current_place().place
    wanted = [each for each in place.terms if not words or each.word in words]
    return {
        "terms": [
            {
                "word": each.word,
                "means": each.means,
                "said_as": [
                    (place.partners[partner].name if partner in place.partners else partner, said)
                    for partner, said in each.said_as.items()
                ],
            }
            for each in wanted
        ],
    }
