"""One extract through the engine: checked, then written to its partition and quarantine."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from wholeplace.foundation.deletions import Deletions
from wholeplace.foundation.store import Store, StoreError, quote_name, quote_text
from wholeplace.intake.check_sql import SQL_TYPES, checked_select
from wholeplace.intake.minimise import Minimised
from wholeplace.intake.reading import Reading
from wholeplace.intake.report import Dropped, ReasonCount
from wholeplace.intake.rules import KEY_RULE, CheckRule
from wholeplace.intake.staging_sql import flag_value_sql, strictness_sql
from wholeplace.intake.stored import source_id_column
from wholeplace.partnership.definitions import Dataset

__all__ = [
    "Checked",
    "RowsLostError",
    "check_rows",
    "count_event_rows",
    "count_reasons",
    "rewrite_partition",
    "withhold_erased",
    "write_held_flags",
    "write_partition",
    "write_quarantine",
]

_SHAPE_LENGTH = 40


class RowsLostError(StoreError):
    """The engine gave another number of rows than the file holds."""


@dataclass(frozen=True)
class Checked:
    """The rows of one extract in the store's table `checked`, with what was found."""

    dataset: Dataset
    rules: tuple[CheckRule, ...]
    reading: Reading


def check_rows(
    store: Store, dataset: Dataset, rules: tuple[CheckRule, ...], reading: Reading
) -> Checked:
    """Read and check every row, and hold the engine to the number of rows the file holds.

    Raises:
        RowsLostError: if the engine read another number of rows.
        StoreError: if it could not read the file at all.
    """
    store.run(
        f"CREATE OR REPLACE TABLE checked AS {checked_select(dataset, rules, reading.source)}"
    )
    read = int(store.value("SELECT count(*) FROM checked"))
    if read != reading.rows:
        raise RowsLostError(
            "The file was not loaded.",
            f"The engine read {read} rows where the file holds {reading.rows}.",
            "Load it again; if it fails again, ask the partner to send it again.",
        )
    _find_repeats(store, dataset, rules)
    return Checked(dataset, rules, reading)


def _find_repeats(store: Store, dataset: Dataset, rules: tuple[CheckRule, ...]) -> None:
    """List the later rows that repeat a key or a unique value of an earlier sound row."""
    store.run("CREATE OR REPLACE TABLE repeats (row_number BIGINT, rule INTEGER, blanks BOOLEAN)")
    places = {field.name: place for place, field in enumerate(dataset.fields)}
    for rule in rules:
        if rule.rule not in (KEY_RULE, "unique"):
            continue
        columns = dataset.key if rule.rule == KEY_RULE else (rule.column,)
        values = ", ".join(f"value_{places[column]}" for column in columns)
        sound = f"rejects IS NULL AND value_{places[columns[0]]} IS NOT NULL"
        # Eight bytes a row find the few candidates; only they are compared in full.
        store.run(
            f"INSERT INTO repeats SELECT row_number, {rule.index}, {rule.blanks} FROM ("
            f"SELECT row_number, row_number() OVER (PARTITION BY {values} ORDER BY row_number) AS n "
            f"FROM checked WHERE {sound} AND hash({values}) IN ("
            f"SELECT hash({values}) AS h FROM checked WHERE {sound} GROUP BY h HAVING count(*) > 1)"
            f") WHERE n > 1"
        )


def write_partition(store: Store, checked: Checked, minimised: Minimised, path: Path) -> int:
    """Write the accepted rows, minimised, and return how many there are."""
    blanked = {
        rule.column: rule.index for rule in checked.rules if rule.rule == "unique" and rule.blanks
    }
    columns = ["row_number AS _row_number"]
    for name, sql in minimised.kept.items():
        value = sql
        if name in blanked:
            repeat = f"SELECT row_number FROM repeats WHERE rule = {blanked[name]}"
            value = f"CASE WHEN row_number NOT IN ({repeat}) THEN {sql} END"
        columns.append(f"{value} AS {quote_name(name)}")
    return store.write_parquet(
        f"SELECT {', '.join(columns)} FROM checked WHERE {_ACCEPTED} AND NOT ({_WITHHELD})", path
    )


_ACCEPTED = (
    "rejects IS NULL AND row_number NOT IN (SELECT row_number FROM repeats WHERE NOT blanks)"
)


_WITHHELD = "row_number IN (SELECT row_number FROM withheld)"


def withhold_erased(store: Store, checked: Checked, deletions: Deletions) -> int:
    """Mark the rows of people who were erased, so that nothing of them is written.

    Makes the tables `withheld` (row_number) and `anchors` (row_number, digest: what stands for
    the row's anchor in the deletions ledger, of rows with a fault).

    Returns:
        How many of them are accepted rows.
    """
    name = source_id_column(checked.dataset)
    place = next((n for n, f in enumerate(checked.dataset.fields) if f.name == name), None)
    source = "NULL::VARCHAR" if place is None else f"CAST(value_{place} AS VARCHAR)"
    listed = store.rows(f"SELECT DISTINCT {source} AS id FROM checked WHERE {source} IS NOT NULL")
    ids = [row["id"] for row in listed] if deletions.erased() else []
    erased = deletions.find_erased(checked.dataset.id, ids)
    store.register("withheld_ids", pa.table({"id": pa.array(erased, pa.string())}))
    store.run(
        "CREATE OR REPLACE TABLE withheld AS SELECT row_number FROM checked "
        f"WHERE {source} IN (SELECT id FROM withheld_ids)"
    )
    faulty = store.rows(
        f"SELECT DISTINCT {source} AS id FROM checked WHERE {source} IS NOT NULL AND ("
        "rejects IS NOT NULL OR blanks IS NOT NULL "
        "OR row_number IN (SELECT row_number FROM repeats))"
    )
    digests = [deletions.digest(checked.dataset.id, row["id"]) for row in faulty]
    schema = pa.schema([("id", pa.string()), ("digest", pa.string())])
    store.register("digests", pa.table([[r["id"] for r in faulty], digests], schema=schema))
    store.run(
        "CREATE OR REPLACE TABLE anchors AS SELECT c.row_number, d.digest FROM checked AS c "
        f"JOIN digests AS d ON {source} = d.id"
    )
    return int(store.value(f"SELECT count(*) FROM checked WHERE {_ACCEPTED} AND {_WITHHELD}"))


def write_quarantine(store: Store, checked: Checked, file: str, path: Path) -> int:
    """Write every fault of every row, and return how many faults there are.

    Shape: grain row_number, column, rule; dataset, file, action, words, and shape: the value
    with every letter as A or a and every digit as 9, so that a wrong pattern can be seen and
    the value cannot; anchor: what would stand for whom the row is about in the deletions
    ledger, so that erasure finds it. No value of the row is kept: the file itself still lies in
    the inbox.
    """
    _register_rules(store, checked)
    unreadable = ""
    if checked.reading.faults is not None:
        unreadable = (
            " UNION ALL SELECT row_number, 'unreadable', '', 'form', words, '' FROM read_csv("
            f"{quote_text(str(checked.reading.faults))}, auto_detect = false, header = false, "
            "delim = ',', quote = '\"', escape = '\"', "
            "columns = {'row_number': 'BIGINT', 'words': 'VARCHAR'})"
        )
    found = (
        "SELECT row_number, unnest(rejects) AS rule, texts FROM checked WHERE rejects IS NOT NULL "
        "UNION ALL SELECT row_number, unnest(blanks), texts FROM checked WHERE blanks IS NOT NULL "
        "AND rejects IS NULL UNION ALL SELECT row_number, rule, NULL FROM repeats"
    )
    select = (
        "SELECT f.row_number, CASE WHEN r.blanks THEN 'blanked' ELSE 'rejected' END AS action, "
        f'r."column", r.rule, r.words, {_shape_sql("f.texts[r.place]")} AS shape '
        f"FROM ({found}) AS f JOIN check_rules AS r ON r.number = f.rule{unreadable}"
    )
    return store.write_parquet(
        f"SELECT {quote_text(checked.dataset.id)} AS dataset, {quote_text(file)} AS file, f.*, "
        f"coalesce(a.digest, '') AS anchor FROM ({select}) AS f LEFT JOIN anchors AS a "
        f"USING (row_number) WHERE NOT (f.{_WITHHELD}) "
        'ORDER BY row_number, "column", rule',
        path,
    )


def write_held_flags(store: Store, checked: Checked, path: Path) -> int:
    """Write the flags that rejected rows set, and return how many there are.

    A row may be rejected for its birth date and still say that a person is sealed: that must
    count. Only statements that protect are held; a rejected row never lifts a flag.

    Shape: source_id, flag, purpose, value, seen_on (or NULL), strictness.
    """
    dataset = checked.dataset
    places = {field.name: place for place, field in enumerate(dataset.fields)}
    source = next((f.name for f in dataset.fields if f.feeds == "record.source_id"), None)
    if not dataset.flags or source is None:
        return 0
    seen = (
        f"try_cast(value_{places[dataset.observed]} AS DATE)" if dataset.observed else "NULL::DATE"
    )
    selects = []
    for flag in dataset.flags:
        place = places[flag.column]
        value = flag_value_sql(dataset.fields[place], f"value_{place}")
        # A text that means neither yes nor no is unknown, which protects; an empty cell of a
        # row that was not even accepted says nothing.
        selects.append(
            f"SELECT source_id, {quote_text(flag.flag)} AS flag, "
            f"{quote_text(flag.purpose or '')} AS purpose, value, seen_on, "
            f"{strictness_sql(flag)} AS strictness FROM ("
            f"SELECT CAST(value_{places[source]} AS VARCHAR) AS source_id, {value} AS value, "
            f"{seen} AS seen_on, texts[{place + 1}] IS NOT NULL AS has_text "
            f"FROM checked WHERE NOT ({_ACCEPTED}) AND NOT ({_WITHHELD})) "
            "WHERE source_id IS NOT NULL "
            f"AND ({strictness_sql(flag)} = 2 OR (value = 'unknown' AND has_text))"
        )
    return store.write_parquet(" UNION ALL ".join(selects), path)


def count_reasons(store: Store, quarantine: Path) -> tuple[ReasonCount, ...]:
    """Return how often each rule was broken, most often first."""
    rows = store.rows(
        'SELECT action, "column", rule, words, count(*) AS count '
        f"FROM read_parquet({quote_text(str(quarantine))}) GROUP BY ALL "
        'ORDER BY count DESC, action, "column", rule, words'
    )
    return tuple(ReasonCount(**row) for row in rows)


def count_event_rows(store: Store, minimised: Minimised) -> tuple[Dropped, ...]:
    """Return the event kinds that were dropped, with how many accepted rows were one."""
    counted = []
    for drop in minimised.events_dropped:
        condition = minimised.condition_by_kind[drop.name]
        rows = store.value(f"SELECT count(*) FROM checked WHERE {_ACCEPTED} AND ({condition})")
        counted.append(drop.model_copy(update={"rows": int(rows)}))
    return tuple(counted)


def rewrite_partition(
    store: Store, dataset: Dataset, minimised: Minimised, old: Path, new: Path
) -> int:
    """Write a partition again without what may no longer be kept, from the partition alone."""
    literal = quote_text(str(old))
    held = {
        row["column_name"] for row in store.rows(f"DESCRIBE SELECT * FROM read_parquet({literal})")
    }
    values = ["_row_number AS row_number"]
    for place, field in enumerate(dataset.fields):
        kind = SQL_TYPES["integer" if field.check == "uprn" else field.type]
        value = (
            f"try_cast({quote_name(field.name)} AS {kind})"
            if field.name in held
            else f"NULL::{kind}"
        )
        values.append(f"{value} AS value_{place}")
    columns = ["row_number AS _row_number"] + [
        f"{sql} AS {quote_name(name)}" for name, sql in minimised.kept.items() if name in held
    ]
    source = f"SELECT {', '.join(values)} FROM read_parquet({literal})"
    return store.write_parquet(f"SELECT {', '.join(columns)} FROM ({source})", new)


def _register_rules(store: Store, checked: Checked) -> None:
    places = {field.name: place for place, field in enumerate(checked.dataset.fields)}
    store.run(
        "CREATE OR REPLACE TABLE check_rules "
        '(number INTEGER, "column" VARCHAR, rule VARCHAR, words VARCHAR, blanks BOOLEAN, place INTEGER)'
    )
    for rule in checked.rules:
        given: dict[str, Any] = {
            "number": rule.index,
            "column": rule.column,
            "rule": rule.rule,
            "words": rule.words,
            "blanks": rule.blanks,
            "place": places.get(rule.column, -1) + 1,
        }
        store.run(
            "INSERT INTO check_rules VALUES ($number, $column, $rule, $words, $blanks, $place)",
            given,
        )


def _shape_sql(text: str) -> str:
    shape = f"left({text}, {_SHAPE_LENGTH})"
    for pattern, mark in ((r"\p{Nd}", "9"), (r"\p{Lu}", "A"), (r"[\p{Ll}\p{Lt}\p{Lm}\p{Lo}]", "a")):
        shape = f"regexp_replace({shape}, {quote_text(pattern)}, '{mark}', 'g')"
    return f"coalesce({shape}, '')"
