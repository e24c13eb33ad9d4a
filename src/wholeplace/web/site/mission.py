"""The mission: twenty rows that the whole product is judged by, read from `mission.yaml`."""

from functools import cache
from importlib.resources import files
from typing import Literal

from pydantic import BaseModel, ConfigDict, model_validator
from ruamel.yaml import YAML

__all__ = ["Row", "mission_rows"]


class Row(BaseModel):
    """One row of the mission table.

    Attributes:
        kind: something that stops joint work, something known to help, or a programme tried.
        answer: what Wholeplace does about it.
        changes: whose day it changes.
        harlows: what it means for the family that carries through the demonstration.
        built: whether the whole row works, which its journey shows.
        now: what can be used today, where only a part is built.
        later: what is still to come.
        tip: what to do on the page that opens.
        persona: demonstration persona to be.
        opens: name of the route to land on.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    kind: Literal["stops", "helps", "programme"]
    name: str
    years: str = ""
    answer: str
    changes: tuple[str, ...]
    harlows: str
    built: bool
    now: str = ""
    later: str = ""
    tip: str = ""
    persona: str = ""
    opens: str = ""

    @property
    def state(self) -> Literal["built", "part", "later"]:
        """Built whole, in part, or not yet."""
        return "built" if self.built else "part" if self.now else "later"

    @model_validator(mode="after")
    def _is_honest(self) -> "Row":
        is_linked = bool(self.persona and self.opens)
        if (self.state == "later") == is_linked:
            raise ValueError(f"row {self.id}: a link stands exactly where something can be opened")
        if not self.built and not self.later:
            raise ValueError(f"row {self.id}: say what is not yet built")
        return self


@cache
def mission_rows() -> tuple[Row, ...]:
    """Return the rows in the order of the mission table."""
    text = (files("wholeplace.web.site") / "mission.yaml").read_text("utf-8")
    return tuple(Row.model_validate(row) for row in YAML(typ="safe").load(text)["rows"])
