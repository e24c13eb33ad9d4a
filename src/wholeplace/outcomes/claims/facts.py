"""What is known of one family: the facts that claim rules are asked about, each with its evidence.

A fact is a day, a count, or yes or no; None is "not known" and passes no test. Facts of the record
(joined, assessed, planned, closed) are what workers wrote down; the others are worked out from
partners' events by the framework's own rules.
"""

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from wholeplace.foundation.errors import WholeplaceError
from wholeplace.outcomes.holding import HeldEvent, NeedShown, needs_on, needs_since
from wholeplace.partnership.definitions import Condition, Framework
from wholeplace.partnership.programmes.terms import ClaimTerms, EventCount
from wholeplace.people.conditions import NumberedCondition, read_tests
from wholeplace.people.reference import age_in_years, is_met_by

__all__ = [
    "COUNT_FACTS",
    "DAY_FACTS",
    "YES_NO_FACTS",
    "Fact",
    "FactKind",
    "FamilyFacts",
    "FamilyRecord",
    "fact_kinds",
    "find_facts",
]

Fact = dt.date | int | bool | None
FactKind = str

DAY_FACTS = ("joined_on", "assessed_on", "planned_on", "closed_on")
YES_NO_FACTS = (
    "has_dependent_child",
    "expects_child",
    "has_lead",
    "has_held_long_enough",
    "progressed_to_work",
)
COUNT_FACTS = ("needs_at_start", "headlines_at_start", "needs_unmet", "in_work_days")
_DEPENDENT_UNDER = 18
_JOB_START = "work.job-start"


@dataclass(frozen=True)
class FamilyRecord:
    """What workers wrote down about one family.

    Attributes:
        ref: the family's number on the programme; says nothing of who they are.
        members: person ids.
        joined_on: eligible from.
        expects_child, progressed_to_work: None where nobody wrote it down.
    """

    ref: str
    members: tuple[str, ...]
    joined_on: dt.date | None
    assessed_on: dt.date | None = None
    planned_on: dt.date | None = None
    closed_on: dt.date | None = None
    has_lead: bool = False
    expects_child: bool | None = None
    progressed_to_work: bool | None = None


@dataclass(frozen=True)
class FamilyFacts:
    """Everything that rules may ask, and what shows it.

    Attributes:
        values: fact to value.
        evidence: fact to the ids of the events that show it.
        at_start, since: needs shown when the family joined, and since the work ended.
    """

    ref: str
    values: Mapping[str, Fact]
    evidence: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    at_start: tuple[NeedShown, ...] = ()
    since: tuple[NeedShown, ...] = ()


def fact_kinds(terms: ClaimTerms) -> dict[str, FactKind]:
    """Return every fact that the rules of some terms may ask, with `day`, `yes-no` or `count`."""
    return {
        **dict.fromkeys(DAY_FACTS, "day"),
        **dict.fromkeys(YES_NO_FACTS, "yes-no"),
        **dict.fromkeys(COUNT_FACTS, "count"),
        **{each.id: "count" for each in terms.counts},
    }


def find_facts(
    framework: Framework,
    record: FamilyRecord,
    events: Sequence[HeldEvent],
    births: Mapping[str, dt.date],
    on: dt.date,
) -> FamilyFacts:
    """Return the facts of one family on the day of a check.

    Args:
        framework: with claims, as it was when the family joined.
        record: what workers wrote down.
        events: of its members, as far as agreements let them be used for this.
        births: dates of birth of its members.
        on: the day of the check.

    Raises:
        WholeplaceError: if the framework has no claims.
    """
    terms = framework.claims
    if terms is None:
        raise WholeplaceError(
            "The family was not checked.",
            f"{framework.id} {framework.version} has no claim rules.",
            "Claim under a framework that has.",
        )
    at_start = needs_on(framework, events, births, record.joined_on) if record.joined_on else ()
    ended = record.closed_on if terms.sustained_from == "closed_on" else record.joined_on
    holds_until = ended + dt.timedelta(days=terms.sustained_days) if ended else None
    judged_on = min(on, holds_until) if holds_until and terms.sustained_days else on
    since = needs_since(framework, events, births, ended, judged_on) if ended else ()
    known = {each.need for each in at_start}
    # What came up while the work went on is the family's too: it must be met like the rest.
    during = {each.need for each in needs_on(framework, events, births, ended)} if ended else set()
    unmet = tuple(each for each in since if each.need in known | during)
    work_days, work_ids = _in_work(events, on)
    values: dict[str, Fact] = {
        "joined_on": record.joined_on,
        "assessed_on": record.assessed_on,
        "planned_on": record.planned_on,
        "closed_on": record.closed_on,
        "has_lead": record.has_lead,
        "expects_child": record.expects_child,
        "progressed_to_work": record.progressed_to_work,
        "has_dependent_child": _has_child(record, births),
        "has_held_long_enough": holds_until is not None and on >= holds_until,
        "needs_at_start": len(known) if record.joined_on else None,
        "headlines_at_start": len({e.headline for e in at_start}) if record.joined_on else None,
        "needs_unmet": len({each.need for each in unmet}) if ended else None,
        "in_work_days": work_days,
    }
    evidence: dict[str, tuple[str, ...]] = {
        "needs_at_start": _ids(at_start),
        "headlines_at_start": _ids(at_start),
        "needs_unmet": _ids(unmet),
        "in_work_days": work_ids,
    }
    for count in terms.counts:
        values[count.id], evidence[count.id] = _count(count, record, events, births, on)
    return FamilyFacts(record.ref, values, evidence, at_start, unmet)


def _ids(shown: Sequence[NeedShown]) -> tuple[str, ...]:
    return tuple(sorted({event_id for each in shown for event_id in each.event_ids}))


def _has_child(record: FamilyRecord, births: Mapping[str, dt.date]) -> bool | None:
    if record.joined_on is None:
        return None
    ages = [
        age_in_years(births[each], record.joined_on) for each in record.members if each in births
    ]
    if any(age is not None and age < _DEPENDENT_UNDER for age in ages):
        return True
    return False if len(ages) == len(record.members) else None


def _in_work(events: Sequence[HeldEvent], on: dt.date) -> tuple[int | None, tuple[str, ...]]:
    """Return for how many days somebody has been in a job that has not ended; None if nobody is."""
    open_jobs = [
        each.event
        for each in events
        if each.event.kind == _JOB_START
        and each.event.start_on <= on
        and (each.event.end_on is None or each.event.end_on >= on)
    ]
    if not open_jobs:
        return None, ()
    first = min(open_jobs, key=lambda each: (each.start_on, each.event_id))
    return (on - first.start_on).days, (first.event_id,)


def _count(
    count: EventCount,
    record: FamilyRecord,
    events: Sequence[HeldEvent],
    births: Mapping[str, dt.date],
    on: dt.date,
) -> tuple[int | None, tuple[str, ...]]:
    ends = record.joined_on if count.window == "before" else on
    if ends is None:
        return None, ()
    starts = ends - dt.timedelta(days=count.days)
    rule = Condition(
        event=count.event,
        where=count.where,
        age_to=None if count.under_age is None else count.under_age - 1,
    )
    numbered = _numbered(rule)
    counted = [
        each.event
        for each in events
        if starts < each.event.start_on <= ends
        and is_met_by(numbered, each.event, births.get(each.event.person_id), ends)
    ]
    ids = tuple(sorted(each.event_id for each in counted))
    if not count.worst:
        return len(counted), ids
    by_person: dict[str, int] = {}
    for event in counted:
        by_person[event.person_id] = by_person.get(event.person_id, 0) + 1
    return max(by_person.values(), default=0), ids


def _numbered(condition: Condition) -> NumberedCondition:
    framework = Framework(
        id="count", version="1", title="", source="", reviewed_on=dt.date(2026, 1, 1), headlines=()
    )
    tests = read_tests(framework, condition.event, condition)
    return NumberedCondition(0, "count", "1", "", "", "", "", "", "all", condition, tests)


def facts_as_json(facts: FamilyFacts) -> str:
    """Return the values as text that is kept beside a claim: days in ISO 8601."""
    return json.dumps(
        {
            key: value.isoformat() if isinstance(value, dt.date) else value
            for key, value in sorted(facts.values.items())
        }
    )
