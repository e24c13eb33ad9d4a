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
        break_glass_hours: how long broken glass lasts.
        break_glass_text_characters: the shortest text that a reviewer can judge.
        break_glass_often_per_week: how often in seven days is told to an officer.
        sealed_asks_per_day: how often one person may ask about somebody no search finds.
        second_person_minutes: how long a second person has to confirm.
        second_person_roles: roles, in the partner that sealed, that may confirm.
        review_working_days: within how many a reason is reviewed.
        review_escalates_days: working days overdue until the host's officer is asked too.
        duty_review_percent: how many of a hundred duty reasons are reviewed.
        reviewer_roles: roles that review their colleagues' reasons.
        answering_roles: roles that may answer a request for information.
        request_hours: urgency to the hours until an answer is due.
        request_open_days: days after that until the request expires.
        link_code_attempts: wrong codes until a link is dead.
        answer_minutes: how long the right code opens a link's form.
        sealed_ask_milliseconds: how soon an answer about nobody or somebody sealed comes.
        warning_days: how long before an end or a review people are warned, longest first.
    """

    duty_hours: int
    duty_text_characters: int
    opt_out_purposes: frozenset[str]
    own_data: Mapping[str, frozenset[str]]
    export_days: int
    export_deciding_roles: frozenset[str]
    export_text_characters: int
    break_glass_hours: int
    break_glass_text_characters: int
    break_glass_often_per_week: int
    sealed_asks_per_day: int
    second_person_minutes: int
    second_person_roles: frozenset[str]
    review_working_days: int
    review_escalates_days: int
    duty_review_percent: int
    reviewer_roles: frozenset[str]
    answering_roles: frozenset[str]
    request_hours: Mapping[str, int]
    request_open_days: int
    link_code_attempts: int
    answer_minutes: int
    sealed_ask_milliseconds: int
    warning_days: tuple[int, ...]


@cache
def figures() -> Figures:
    """Return the figures; the file is read once."""
    from ruamel.yaml import YAML

    text = files("wholeplace.agreements").joinpath("figures.yaml").read_text("utf-8")
    read = YAML(typ="safe", pure=True).load(text)
    own = {role: frozenset(purposes) for role, purposes in read["own_data"]["value"].items()}
    given = {name: each["value"] for name, each in read.items() if isinstance(each, dict)}
    sets = (
        "opt_out_purposes",
        "second_person_roles",
        "reviewer_roles",
        "answering_roles",
        "export_deciding_roles",
    )
    given |= {name: frozenset(given[name]) for name in sets}
    given |= {
        "own_data": MappingProxyType(own),
        "request_hours": MappingProxyType(given["request_hours"]),
        "warning_days": tuple(given["warning_days"]),
    }
    return Figures(**given)
