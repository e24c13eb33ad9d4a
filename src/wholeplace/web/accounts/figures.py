"""How long things hold and how often they may be tried, from `figures.yaml`."""

from functools import cache
from importlib.resources import files

from ruamel.yaml import YAML

__all__ = ["figure"]


@cache
def _figures() -> dict[str, int]:
    text = (files("wholeplace.web.accounts") / "figures.yaml").read_text("utf-8")
    found = YAML(typ="safe").load(text)
    return {name: int(each["value"]) for name, each in found.items() if isinstance(each, dict)}


def figure(name: str) -> int:
    """Return one figure; each stands in the file with its unit in its name, and its source."""
    return _figures()[name]
