"""Joint working written into a contract: requirements that a provider is held to, not a wish.

Each says what is done, by whom it is seen, and how it is checked, so that it can be reviewed like
any other requirement. A specification holds at least those that are marked as needed.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from ruamel.yaml import YAML

__all__ = [
    "Requirement",
    "SocialQuestion",
    "missing_joint_working",
    "requirements",
    "social_questions",
]


@dataclass(frozen=True)
class Requirement:
    """One requirement of joint working.

    Attributes:
        is_needed: whether no specification may go without it.
    """

    id: str
    label: str
    text: str
    checked_by: str
    is_needed: bool


@dataclass(frozen=True)
class SocialQuestion:
    """One question on social value, with what a good answer shows."""

    id: str
    theme: str
    question: str
    good_answer: str


@cache
def _read() -> dict[str, list[dict[str, object]]]:
    text = (files("wholeplace.money.contracts") / "joint_working.yaml").read_text("utf-8")
    found: dict[str, list[dict[str, object]]] = YAML(typ="safe").load(text)
    return found


@cache
def requirements() -> tuple[Requirement, ...]:
    """Return every requirement of joint working, in the order in which it is offered."""
    return tuple(
        Requirement(
            str(each["id"]),
            str(each["label"]),
            str(each["text"]),
            str(each["checked_by"]),
            bool(each.get("needed", False)),
        )
        for each in _read()["requirements"]
    )


@cache
def social_questions() -> tuple[SocialQuestion, ...]:
    """Return the questions on social value that are offered."""
    return tuple(
        SocialQuestion(
            str(each["id"]), str(each["theme"]), str(each["question"]), str(each["good_answer"])
        )
        for each in _read()["social_value"]
    )


def missing_joint_working(chosen: Iterable[str]) -> tuple[Requirement, ...]:
    """Return the needed requirements that a specification does not hold."""
    held = set(chosen)
    return tuple(each for each in requirements() if each.is_needed and each.id not in held)
