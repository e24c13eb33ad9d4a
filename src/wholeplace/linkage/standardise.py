"""Standardise records once into columns, and work out which values bring records together."""

from wholeplace.foundation.store import SqlFile, Store, quote_name
from wholeplace.linkage.model import LinkModel
from wholeplace.linkage.names import given_forms

__all__ = [
    "build_keys",
    "key_select",
    "list_contents",
    "list_keys",
    "pair_keys",
    "standardise_fresh",
    "standardise_records",
    "write_input",
]


def standardise_records(store: Store) -> int:
    """Build table `linkage_input` from `records`; return its rows."""
    store.register("given_forms", given_forms())
    return store.materialise(SqlFile.read("linkage", "linkage_input"))


def standardise_fresh(store: Store, records: str, into: str, *, prepare: str | None = None) -> None:
    """Standardise some records only.

    Args:
        store: the store.
        records: table of them, shaped as `records` and of another name.
        into: table to build.
        prepare: name of a statement to prepare, which adds to the table what is then in
            `records`.
    """
    store.register("linkage_forms", given_forms())
    store.run("CREATE OR REPLACE TABLE given_forms AS FROM linkage_forms")
    select = SqlFile.read("linkage", "linkage_input").select
    whole = f"WITH records AS (SELECT * FROM {quote_name(records)}) SELECT * FROM ({select})"
    store.run(f"CREATE OR REPLACE TABLE {quote_name(into)} AS {whole}")
    if prepare:
        store.run(f"PREPARE {prepare} AS INSERT INTO {quote_name(into)} {whole}")


def list_contents(store: Store, records: str, into: str) -> None:
    """Build what each record says as one number, and when it was seen.

    Args:
        store: the store.
        records: table shaped as `records`.
        into: table to build: record_id, seen_from, seen_to, content.
    """
    select = SqlFile.read("linkage", "record_contents").select
    given = (
        "" if records == "records" else f"WITH records AS (SELECT * FROM {quote_name(records)}) "
    )
    store.run(f"CREATE OR REPLACE TABLE {quote_name(into)} AS {given}SELECT * FROM ({select})")


def write_input(store: Store, standardised: str, records: str, into: str) -> None:
    """Build standardised records with what each says as one number (`content`)."""
    list_contents(store, records, "linkage_said")
    store.run(
        f"CREATE OR REPLACE TABLE {quote_name(into)} AS SELECT i.*, c.content "
        f"FROM {quote_name(standardised)} AS i JOIN linkage_said AS c USING (record_id)"
    )
    store.run("DROP TABLE linkage_said")


def list_keys(store: Store, model: LinkModel, records: str, into: str) -> None:
    """Build the blocking keys of standardised records, however many share them.

    Shape: rule (its number, from 1), key, record_id; no row where a part is missing.
    """
    store.run(f"CREATE OR REPLACE TABLE {quote_name(into)} AS {key_select(model, records)}")


def key_select(model: LinkModel, records: str) -> str:
    """Return the SELECT of `list_keys`."""
    keys = ", ".join(
        f"{{rule: {number}::UTINYINT, key: CASE WHEN {_is_whole(rule)} THEN {_key(rule)} END}}"
        for number, rule in enumerate(model.blocking, 1)
    )
    return (
        "SELECT held.rule AS rule, held.key AS key, record_id FROM "
        f"(SELECT record_id, unnest([{keys}]) AS held FROM {quote_name(records)}) "
        "WHERE held.key IS NOT NULL"
    )


def pair_keys(store: Store, model: LinkModel, some: str, others: str, into: str) -> None:
    """Build every pair that shares a key which no more than `largest_group` records share.

    Args:
        store: holds `link_keys`, by which keys are counted.
        model: the model.
        some: table of keys, shaped as `link_keys`.
        others: another; a pair has one record of each.
        into: table to build: record_id_l, record_id_r (l < r), each pair once.
    """
    store.run(
        "CREATE OR REPLACE TABLE linkage_live AS SELECT rule, key FROM link_keys "
        f"SEMI JOIN {quote_name(some)} AS s USING (rule, key) "
        f"GROUP BY rule, key HAVING count(*) BETWEEN 2 AND {model.largest_group}"
    )
    store.run(
        f"CREATE OR REPLACE TABLE {quote_name(into)} AS SELECT DISTINCT "
        "least(s.record_id, o.record_id) AS record_id_l, "
        "greatest(s.record_id, o.record_id) AS record_id_r "
        f"FROM {quote_name(some)} AS s JOIN linkage_live USING (rule, key) "
        f"JOIN {quote_name(others)} AS o USING (rule, key) WHERE s.record_id <> o.record_id"
    )


def _is_whole(rule: tuple[str, ...]) -> str:
    return " AND ".join(f"{quote_name(column)} IS NOT NULL" for column in rule)


def _key(rule: tuple[str, ...]) -> str:
    parts = ", ".join(f"CAST({quote_name(column)} AS VARCHAR)" for column in rule)
    return f"hash(concat_ws(chr(30), {parts}))"


def build_keys(store: Store, model: LinkModel) -> dict[str, int]:
    """Build table `linkage_keyed`: the input with one key column per blocking rule.

    A key is null where a part is missing, where nobody shares it, and where more records
    share it than the model's `largest_group`.

    Returns:
        Records passed over by each rule because too many share the value.
    """
    keys = []
    for number, rule in enumerate(model.blocking, 1):
        keys.append(f"CASE WHEN {_is_whole(rule)} THEN {_key(rule)} END AS raw_{number}")
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
