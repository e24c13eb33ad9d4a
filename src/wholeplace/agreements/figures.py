"""The reviewed figures in `figures.yaml`, as numbers."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType

__all__ = ["Figures", "figures"]


@dataclass(frozen=True)
class Figures:
    """What the rules run on besides agreements.

    Attributes:
        duty_hours: how long a duty reason lasts.
        duty_text_characters: the shortest text of a duty reason.
        opt_out_purposes: purposes that the National Data Opt-out touches.
        own_data: role to the purposes for which it sees its own organisation's data.
        warning_days: how long before an end or a review people are warned, longest first.
    """

    duty_hours: int
    duty_text_characters: int
    opt_out_purposes: frozenset[str]
    own_data: Mapping[str, frozenset[str]]
    warning_days: tuple[int, ...]


@cache
def figures() -> Figures:
    """Return the figures; the file is read once."""
    from ruamel.yaml import YAML

    text = files("wholeplace.agreements").joinpath("figures.yaml").read_text("utf-8")
    read = YAML(typ="safe", pure=True).load(text)
    own = {role: frozenset(purposes) for role, purposes in read["own_data"]["value"].items()}
    return Figures(
        duty_hours=read["duty_hours"]["value"],
        duty_text_characters=read["duty_text_characters"]["value"],
        opt_out_purposes=frozenset(read["opt_out_purposes"]["value"]),
        own_data=MappingProxyType(own),
        warning_days=tuple(read["warning_days"]["value"]),
    )
