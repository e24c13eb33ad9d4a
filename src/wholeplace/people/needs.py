"""Needs: rules run over everybody's events, with the evidence for each.

`conditions.py` reads the rules, `compile.py` turns them into SQL, `reference.py` says in
plain Python what they mean.
"""

import datetime as dt
from collections.abc import Sequence

from wholeplace.foundation.store import SqlFile, Store
from wholeplace.people.compile import compile_conditions, condition_table
from wholeplace.people.conditions import NumberedCondition

__all__ = ["find_needs"]


def find_needs(store: Store, conditions: Sequence[NumberedCondition], as_of: dt.date) -> int:
    """Build `need_conditions`, `need_evidence` and `person_needs`; return the needs found.

    The store must hold `timeline` and `person_births`.
    """
    store.register("need_conditions_given", condition_table(conditions))
    store.run("CREATE OR REPLACE TABLE need_conditions AS FROM need_conditions_given")
    store.materialise(SqlFile.read("people", "need_events"), {"as_of": as_of})
    rules = compile_conditions(conditions)
    store.materialise(rules.table, rules.params)
    store.materialise(SqlFile.read("people", "needs_shown"))
    store.materialise(SqlFile.read("people", "need_evidence"))
    return store.materialise(SqlFile.read("people", "person_needs"))
