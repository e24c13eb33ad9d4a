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
        export_days: how long an export that was approved may be downloaded.
        export_deciding_roles: roles that may decide on a colleague's export.
        export_text_characters: the shortest text of why an export is wanted, or refused.
    """

    duty_hours: int
    duty_text_characters: int
    opt_out_purposes: frozenset[str]
    own_data: Mapping[str, frozenset[str]]
    export_days: int
    export_deciding_roles: frozenset[str]
    export_text_characters: int


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
        export_days=read["export_days"]["value"],
        export_deciding_roles=frozenset(read["export_deciding_roles"]["value"]),
        export_text_characters=read["export_text_characters"]["value"],
    )
