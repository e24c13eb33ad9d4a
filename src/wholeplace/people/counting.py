"""Needs by area, counted for each recipient on what it may have counted alone.

Who may have what counted is decided by `agreements.counting`; here everybody's needs are found
again on that evidence, so that a count tells no more than the clauses that it is made under.
Ages in need rules come from dates of birth as matching knows them, whoever holds them.
"""

from collections.abc import Iterable

import pyarrow as pa

from wholeplace.agreements import HOME, PLANNING, CountableFact
from wholeplace.foundation.store import SqlFile, Store
from wholeplace.partnership.definitions import Dataset

__all__ = ["COUNTABLE_FACTS", "count_needs", "facts_supplied"]

COUNTABLE_FACTS = pa.schema(
    [
        pa.field(name, pa.string(), nullable=False)
        for name in ("recipient", "source", "field", "consent")
    ]
)


def facts_supplied(
    facts: Iterable[CountableFact], datasets: Iterable[Dataset]
) -> tuple[CountableFact, ...]:
    """Return the facts that some dataset of their source supplies: kinds of event, and homes.

    A clause may name more than its source ever sends; a need that rests on that is not counted
    as nobody's, but as not counted.
    """
    supplied = {(each.partner, event.kind) for each in datasets for event in each.events}
    return tuple(
        fact for fact in facts if fact.field == HOME or (fact.source, fact.field) in supplied
    )


def count_needs(store: Store, facts: Iterable[CountableFact] | None) -> int:
    """Build `countable_facts`, `area_needs` and `piece_needs`; return the rows of `area_needs`.

    Args:
        store: holds `person_records`, `person_areas`, `areas`, `subject_flags`,
            `need_evidence` and `need_conditions`.
        facts: what may be counted for whom; where None, the `countable_facts` that the store
            holds already.
    """
    if facts is not None:
        rows = [
            {
                "recipient": each.recipient,
                "source": each.source,
                "field": each.field,
                "consent": each.consent,
            }
            for each in facts
        ]
        store.register("countable_facts_given", pa.Table.from_pylist(rows, schema=COUNTABLE_FACTS))
        store.run("CREATE OR REPLACE TABLE countable_facts AS FROM countable_facts_given")
        store.prove_unique("countable_facts", ("recipient", "source", "field"))
    store.materialise(SqlFile.read("people", "countable_people"), {"purpose": PLANNING})
    store.materialise(SqlFile.read("people", "countable_homes"), {"home": HOME})
    store.materialise(SqlFile.read("people", "countable_needs"))
    store.materialise(SqlFile.read("people", "piece_needs"))
    return store.materialise(SqlFile.read("people", "area_needs"))
