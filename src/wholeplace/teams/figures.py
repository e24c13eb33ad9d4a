"""The reviewed figures in `figures.yaml`, as numbers."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType

__all__ = ["Figures", "figures"]


@dataclass(frozen=True)
class Figures:
    """What teams work to.

    Attributes:
        triage_hours: urgency to hours from sending until a decision is due.
        escalate_hours: hours overdue until it goes further up.
        holder_roles: roles that give cases out, and approve a closing.
        triage_roles: roles that may take a referral on.
        review_days: days until the next review, as offered.
        review_most_days: the longest time until a review.
        least_characters: shortest text of anything that must be said.
        reason_characters: shortest text of why.
        link_days: how long a link to refer by works.
        link_code_attempts: wrong codes until a link is dead.
        link_minutes: how long the right code opens a link's form.
        quiet_from_hour: hour from which no reminder goes out.
        quiet_to_hour: hour until which none does.
        soon_days: how far ahead a day's list looks.
        sustained_days: days after closing until it is looked at whether an outcome lasted.
        many_services: services without a lead from which a household is listed.
        sender_days: days after its end for which a sender reads what became of a referral.
        look_in_hours: how long somebody who gives cases out may look into one.
        agenda_minutes: cause of an agenda line to the minutes that it is given.
        meeting_days: days after a meeting for which its people may be looked at, to agree minutes.
        pulse_minimum: fewest answers of a group of which anything is shown.
        overlap_days: within how many days two assessments by different partners overlap.
    """

    triage_hours: Mapping[str, int]
    escalate_hours: int
    holder_roles: frozenset[str]
    triage_roles: frozenset[str]
    review_days: int
    review_most_days: int
    least_characters: int
    reason_characters: int
    link_days: int
    link_code_attempts: int
    link_minutes: int
    quiet_from_hour: int
    quiet_to_hour: int
    soon_days: int
    sustained_days: int
    many_services: int
    sender_days: int
    look_in_hours: int
    agenda_minutes: Mapping[str, int]
    meeting_days: int
    pulse_minimum: int
    overlap_days: int


@cache
def figures() -> Figures:
    """Return the figures; the file is read once."""
    from ruamel.yaml import YAML

    text = files("wholeplace.teams").joinpath("figures.yaml").read_text("utf-8")
    read = YAML(typ="safe", pure=True).load(text)
    given = {name: each["value"] for name, each in read.items() if isinstance(each, dict)}
    for name in ("triage_hours", "agenda_minutes"):
        given[name] = MappingProxyType(given[name])
    for name in ("holder_roles", "triage_roles"):
        given[name] = frozenset(given[name])
    return Figures(**given)
