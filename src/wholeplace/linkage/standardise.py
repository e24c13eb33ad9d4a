"""Standardise records once into columns, and work out which values bring records together."""

from wholeplace.foundation.store import SqlFile, Store, quote_name
from wholeplace.linkage.model import LinkModel
from wholeplace.linkage.names import given_forms

__all__ = ["build_keys", "standardise_records"]


def standardise_records(store: Store) -> int:
    """Build table `linkage_input` from `records`; return its rows."""
    store.register("given_forms", given_forms())
    return store.materialise(SqlFile.read("linkage", "linkage_input"))


def build_keys(store: Store, model: LinkModel) -> dict[str, int]:
    """Build table `linkage_keyed`: the input with one key column per blocking rule.

    A key is null where a part is missing, where nobody shares it, and where more records
    share it than the model's `largest_group`.

    Returns:
        Records passed over by each rule because too many share the value.
    """
    keys = []
    for number, rule in enumerate(model.blocking, 1):
        whole = " AND ".join(f"{quote_name(column)} IS NOT NULL" for column in rule)
        parts = ", ".join(f"CAST({quote_name(column)} AS VARCHAR)" for column in rule)
        keys.append(f"CASE WHEN {whole} THEN hash(concat_ws(chr(30), {parts})) END AS raw_{number}")
    store.run(
        f"CREATE OR REPLACE TEMP TABLE linkage_raw_keys AS SELECT *, {', '.join(keys)} FROM linkage_input"
    )
    kept, joins, passed = [], [], {}
    for number, rule in enumerate(model.blocking, 1):
        store.run(
            f"CREATE OR REPLACE TEMP TABLE linkage_hub_{number} AS "
            f"SELECT raw_{number} AS key, count(*) AS size FROM linkage_raw_keys "
            f"WHERE raw_{number} IS NOT NULL GROUP BY 1 HAVING count(*) > 1"
        )
        kept.append(
            f"CASE WHEN h{number}.size <= {model.largest_group} THEN raw_{number} END AS block_{number}"
        )
        joins.append(f"LEFT JOIN linkage_hub_{number} AS h{number} ON raw_{number} = h{number}.key")
        over = store.value(
            f"SELECT coalesce(sum(size), 0) FROM linkage_hub_{number} WHERE size > {model.largest_group}"
        )
        if over:
            passed[" + ".join(rule)] = int(over)
    raw = ", ".join(f"raw_{number}" for number in range(1, len(model.blocking) + 1))
    store.run(
        f"CREATE OR REPLACE TABLE linkage_keyed AS SELECT linkage_raw_keys.* EXCLUDE ({raw}), "
        f"{', '.join(kept)} FROM linkage_raw_keys {' '.join(joins)}"
    )
    for name in [
        "linkage_raw_keys",
        *(f"linkage_hub_{n}" for n in range(1, len(model.blocking) + 1)),
    ]:
        store.run(f"DROP TABLE {quote_name(name)}")
    return passed
