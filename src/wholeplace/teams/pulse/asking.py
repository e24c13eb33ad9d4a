"""What the pulse asks, and the answers that may be given."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

from wholeplace.foundation.errors import UnsafeActionError

__all__ = ["ANSWERS", "Statement", "check_answers", "statements"]

ANSWERS: Final[Mapping[str, str]] = {
    "agree": "Yes, mostly",
    "partly": "Partly",
    "disagree": "No, mostly not",
}
"""How a statement may be answered. Words of one's own are not asked for: they could name somebody."""


@dataclass(frozen=True)
class Statement:
    """One thing that is asked."""

    id: str
    text: str


@cache
def statements() -> tuple[Statement, ...]:
    """Return what is asked, in order; the file is read once."""
    from ruamel.yaml import YAML

    text = files("wholeplace.teams.pulse").joinpath("statements.yaml").read_text("utf-8")
    read = YAML(typ="safe", pure=True).load(text)
    return tuple(Statement(each["id"], each["text"]) for each in read["statements"])


def check_answers(answers: Mapping[str, str]) -> None:
    """Refuse answers that leave a statement out, or that are none of the three.

    Raises:
        UnsafeActionError: if so; nothing was counted.
    """
    if set(answers) != {each.id for each in statements()} or set(answers.values()) - set(ANSWERS):
        raise UnsafeActionError(
            "Nothing was counted.",
            "Each statement takes one of the three answers.",
            "Answer every statement.",
        )
