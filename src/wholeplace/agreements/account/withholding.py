"""What is left out of a resident's account because telling would put somebody in danger.

The rules stand in `withholding.yaml`. An entry is held back whole or told whole; holding one
back changes nothing of the others. The account says the same words about it to everybody.
Law: Data Protection Act 2018, Schedule 3, Parts 2 and 3 (the serious harm test).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal, get_args
from zoneinfo import ZoneInfo

from wholeplace.agreements.account.sightings import Sighting
from wholeplace.agreements.subjects.request import FlagKind, Subject
from wholeplace.foundation.errors import UnsafeActionError

__all__ = ["Mark", "MarkKind", "WithholdingRules", "tell_sightings", "withholding_rules"]

MarkKind = Literal["event", "day", "purpose", "field-group", "organisation", "everything"]


@dataclass(frozen=True)
class Mark:
    """What somebody marked to be left out.

    Attributes:
        value: a position; `organisation|YYYY-MM-DD`; a purpose; a field group; an
            organisation; nothing for everything.
    """

    kind: MarkKind
    value: str = ""

    def check(self) -> None:
        """Raise UnsafeActionError unless the value fits the kind."""
        is_known = self.kind in get_args(MarkKind)
        if not is_known or (self.kind == "everything") != (self.value == ""):
            raise UnsafeActionError(
                "Nothing was marked.",
                "It is not said what is to be left out.",
                "Choose what, and name it.",
            )

    def holds(self, sighting: Sighting, zone: ZoneInfo) -> bool:
        """Whether it holds an entry back."""
        if self.kind == "everything":
            return True
        if self.kind == "event":
            return str(sighting.position) == self.value
        if self.kind == "purpose":
            return sighting.purpose == self.value
        if self.kind == "organisation":
            return sighting.organisation == self.value
        if self.kind == "day":
            return f"{sighting.organisation}|{sighting.day(zone).isoformat()}" == self.value
        return any(name.partition(".")[0] == self.value for _, name in sighting.asked)


@dataclass(frozen=True)
class WithholdingRules:
    """The rules of `withholding.yaml`.

    Attributes:
        flags: while one of them is not no, everything is held back.
        marks: kind to the words of the form.
        longest_review_days: the latest that a mark is looked at again.
    """

    flags: tuple[FlagKind, ...]
    marks: Mapping[str, str]
    longest_review_days: int


@cache
def withholding_rules() -> WithholdingRules:
    """Return the rules; the file is read once."""
    from ruamel.yaml import YAML

    text = files("wholeplace.agreements.account").joinpath("withholding.yaml").read_text("utf-8")
    read = YAML(typ="safe", pure=True).load(text)
    return WithholdingRules(
        tuple(read["flags"]), dict(read["marks"]), int(read["longest_review_days"]["value"])
    )


def tell_sightings(
    sightings: Iterable[Sighting],
    marks: Iterable[Mark],
    subject: Subject | None,
    own_kinds: Iterable[str],
    time_zone: str,
) -> list[Sighting]:
    """Return the sightings that the person is told of, in the order given.

    What they did themself (`own_kinds`) is always told: they know it.

    Args:
        sightings: all of them.
        marks: those that stand: proposed as well as agreed.
        subject: the person with their flags; None where no flag can be known.
        own_kinds: kinds of entries that only the person makes.
        time_zone: where days begin and end.
    """
    zone, standing, own = ZoneInfo(time_zone), list(marks), frozenset(own_kinds)
    is_sealed = subject is not None and any(
        subject.value_of(flag) != "no" for flag in withholding_rules().flags
    )
    if is_sealed:
        standing = [Mark("everything")]
    return [
        each
        for each in sightings
        if each.kind in own or not any(mark.holds(each, zone) for mark in standing)
    ]
