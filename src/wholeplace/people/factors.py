"""The thirteen disadvantages that a law may ask for, counted household by household.

A clause that rests on the Digital Economy Act 2017, section 35, reaches only households in which
two or more of thirteen factors are present (SI 2018/912). Each factor is a list of conditions over
events, in the same form as a need's (`agreements/law/gateways.yaml`), so that the same compiler
works it out. What is kept is how many there are, never which or whose.
"""

import datetime as dt
from dataclasses import replace

from wholeplace.agreements.law import Law, load_law
from wholeplace.foundation.store import SqlFile, Store
from wholeplace.partnership.definitions import Framework, Headline, Need, Rule
from wholeplace.people.compile import compile_conditions, condition_table
from wholeplace.people.conditions import number_conditions

__all__ = ["count_factors", "factor_framework"]


def factor_framework(law: Law) -> Framework:
    """Return the factors that events can show, as needs of a framework."""
    needs = tuple(
        Need(
            id=each.id,
            label=each.label,
            rule=Rule(any=each.shown_by),
            evidence=each.label,
            source=law.factors_source,
        )
        for each in law.factors
        if each.shown_by
    )
    headline = Headline(id="factors", label="Multiple disadvantages", needs=needs)
    return Framework(
        id="multiple-disadvantages",
        version="1",
        title="Multiple disadvantages",
        source=law.factors_source,
        reviewed_on=law.reviewed_on,
        headlines=(headline,),
    )


def count_factors(store: Store, as_of: dt.date, law: Law | None = None) -> int:
    """Build `person_factors`; return how many people have a row, which is everybody.

    Args:
        store: holds `need_events`, `person_records`, `households`, `household_members` and
            `subject_flags`.
        as_of: the day that windows are judged on.
        law: the factors; those that ship with Wholeplace when None.
    """
    conditions = number_conditions([factor_framework(law or load_law())])
    store.register("factor_conditions", condition_table(conditions))
    rules = compile_conditions(conditions)
    store.materialise(replace(rules.table, name="factor_matches"), rules.params)
    store.materialise(SqlFile.read("people", "living_together"), {"as_of": as_of})
    return store.materialise(SqlFile.read("people", "person_factors"))
