"""Looking words up in a mapping from a template."""

from collections.abc import Mapping

from django import template

__all__: list[str] = []

register = template.Library()


@register.filter
def at(words: Mapping[str, str], key: object) -> str:
    """Return what a mapping holds for a key; nothing where it holds none."""
    return words.get(str(key), "")
