"""Taking out of what is stored of one dataset what was erased, and what is past its date.

Partitions are written again without it, aside, and take the old ones' place only once the
deletions ledger holds a receipt. A kill in between may leave a receipt whose rows go at the
next load, which writes another: a deletion may be counted twice, never left uncounted.
"""

import datetime as dt
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files

import pyarrow as pa

from wholeplace.agreements.deciding.retention import Keeping
from wholeplace.foundation.deletions import Deletions
from wholeplace.foundation.store import Store, quote_name, quote_text
from wholeplace.intake.ageing import aged_columns, aged_rows_sql
from wholeplace.intake.examining import ENGINE_MEMORY_MB
from wholeplace.intake.ledger import ASIDE, Ledger
from wholeplace.intake.report import FileReport
from wholeplace.intake.stored import (
    EXTRACT_COLUMNS,
    list_extracts,
    source_id_column,
    stored_rows_sql,
)
from wholeplace.partnership.definitions import Dataset

__all__ = ["Removed", "delete_stored", "enter_receipt", "quarantine_days"]


@dataclass(frozen=True)
class Removed:
    """What was taken out of what is stored of one dataset.

    Attributes:
        why: `erased`, `retention`, `unneeded` or `quarantine`.
        rows: rows gone whole.
        values: single values gone from rows that stay.
    """

    dataset: str
    why: str
    rows: int
    values: int = 0


@cache
def quarantine_days() -> int:
    """Return for how many days after its extract's day a file's quarantine is kept."""
    from ruamel.yaml import YAML

    text = files("wholeplace.intake").joinpath("figures.yaml").read_text("utf-8")
    return int(YAML(typ="safe", pure=True).load(text)["quarantine_days"]["value"])


def delete_stored(
    dataset: Dataset,
    ledger: Ledger,
    deletions: Deletions,
    *,
    keeping: Keeping | None = None,
    unneeded: Collection[str] = (),
    receipt: Callable[[Removed], None],
) -> tuple[Removed, ...]:
    """Take out what was erased, is not needed, or is past its date; return what that was.

    Args:
        dataset: the contract.
        ledger: its ledger of extracts.
        deletions: who was erased.
        keeping: for how long what is kept; nothing is past its date where absent.
        unneeded: source ids whose rows go after matching.
        receipt: told of each kind of deletion before it takes place.
    """
    entries = [entry for entry in ledger.list() if entry.partition]
    found: list[Removed] = []
    changed: list[tuple[FileReport, dict[str, str]]] = []
    if entries and (deletions.erased() or unneeded or keeping):
        with Store(memory_limit_mb=ENGINE_MEMORY_MB) as store:
            _mark_rows(store, dataset, ledger, entries, deletions, keeping, unneeded)
            found += _count(store, dataset)
            for entry in entries:
                new = _write_without(store, dataset, ledger, entry, deletions, keeping)
                if new:
                    changed.append((entry, new))
    found += _quarantine_past(dataset, ledger, keeping, changed)
    for each in found:
        receipt(each)
    for entry, new in changed:
        for kind, name in new.items():
            folder = ledger.partitions if kind == "partition" else ledger.quarantine
            if name:
                (folder / f"{ASIDE}{name}").replace(folder / name)
        ledger.amend(entry.model_copy(update=new))
    if changed:
        ledger.sweep()
    return tuple(found)


def _mark_rows(
    store: Store,
    dataset: Dataset,
    ledger: Ledger,
    entries: list[FileReport],
    deletions: Deletions,
    keeping: Keeping | None,
    unneeded: Collection[str],
) -> None:
    """Make the table `marked`: of each row that changes, why it goes or which values do."""
    store.run(f"CREATE TABLE intake_extracts ({EXTRACT_COLUMNS})")
    list_extracts(store, dataset, ledger, entries)
    newest = max(entry.extract_on for entry in entries)
    store.run(
        f"CREATE VIEW stored AS SELECT *, DATE {quote_text(newest.isoformat())} AS _newest_on "
        f"FROM ({stored_rows_sql(store, dataset)})"
    )
    name = source_id_column(dataset)
    source = f"CAST({quote_name(name)} AS VARCHAR)" if name else "NULL::VARCHAR"
    gone = _gone_ids(store, dataset, source, deletions, unneeded)
    store.register("gone", gone)
    days = keeping.days_of(dataset.partner) if keeping else {}
    if keeping and days:
        aged = aged_rows_sql(dataset, days, keeping.on, "stored")
    else:
        nothing = "".join(f", false AS past_{n}" for n in range(len(aged_columns(dataset))))
        aged = f"SELECT _file, _row_number, false AS is_past{nothing} FROM stored"
    pasts = " OR ".join(f"a.past_{n}" for n in range(len(aged_columns(dataset)))) or "false"
    store.run(
        "CREATE TABLE marked AS SELECT a.*, CASE WHEN g.why IS NOT NULL THEN g.why "
        "WHEN a.is_past THEN 'retention' ELSE '' END AS why FROM (SELECT s._file, s._row_number, "
        f"{source} AS source_id FROM stored AS s) AS s JOIN ({aged}) AS a USING (_file, _row_number) "
        f"LEFT JOIN gone AS g USING (source_id) WHERE g.why IS NOT NULL OR a.is_past OR {pasts}"
    )


def _gone_ids(
    store: Store, dataset: Dataset, source: str, deletions: Deletions, unneeded: Collection[str]
) -> pa.Table:
    """Return which source ids go, each once, and why."""
    why: dict[str, str] = dict.fromkeys(unneeded, "unneeded")
    if deletions.erased():
        rows = store.rows(f"SELECT DISTINCT {source} AS id FROM stored WHERE {source} IS NOT NULL")
        why |= dict.fromkeys(deletions.find_erased(dataset.id, (r["id"] for r in rows)), "erased")
    schema = pa.schema([("source_id", pa.string()), ("why", pa.string())])
    return pa.table([list(why), list(why.values())], schema=schema)


def _count(store: Store, dataset: Dataset) -> list[Removed]:
    counted = store.rows(
        "SELECT why, count(*) AS n FROM marked WHERE why <> '' GROUP BY why ORDER BY why"
    )
    found = {row["why"]: Removed(dataset.id, row["why"], int(row["n"])) for row in counted}
    sums = [f"count(*) FILTER (WHERE past_{n})" for n in range(len(aged_columns(dataset)))]
    values = store.value(f"SELECT {' + '.join(sums) or '0'} FROM marked WHERE why = ''")
    if values:
        held = found.get("retention", Removed(dataset.id, "retention", 0))
        found["retention"] = replace(held, values=int(values))
    return list(found.values())


def _write_without(
    store: Store,
    dataset: Dataset,
    ledger: Ledger,
    entry: FileReport,
    deletions: Deletions,
    keeping: Keeping | None,
) -> dict[str, str]:
    """Write aside what of one extract changes; return its new names, empty where it is gone."""
    new: dict[str, str] = {}
    file = {"file": entry.file}
    if store.value("SELECT count(*) FROM marked WHERE _file = $file", file):
        new["partition"] = _next_name(entry.partition)
        _write_rows(store, dataset, ledger, entry, new["partition"])
    if not deletions.erased():
        return new
    if entry.held_flags:
        held = f"read_parquet({quote_text(str(ledger.quarantine / entry.held_flags))})"
        ids = (r["id"] for r in store.rows(f"SELECT DISTINCT source_id AS id FROM {held}"))
        gone = deletions.find_erased(dataset.id, ids)
        new |= _write_faults(store, ledger, "held_flags", entry.held_flags, "source_id", gone)
    if entry.quarantine and (ledger.quarantine / entry.quarantine).is_file():
        path = quote_text(str(ledger.quarantine / entry.quarantine))
        ids = (
            r["id"] for r in store.rows(f"SELECT DISTINCT anchor AS id FROM read_parquet({path})")
        )
        gone = [each for each in ids if each in deletions.erased()]
        new |= _write_faults(store, ledger, "quarantine", entry.quarantine, "anchor", gone)
    return new


def _write_rows(
    store: Store, dataset: Dataset, ledger: Ledger, entry: FileReport, name: str
) -> None:
    old = quote_text(str(ledger.partitions / entry.partition))
    held = [row["column_name"] for row in store.rows(f"DESCRIBE SELECT * FROM read_parquet({old})")]
    place = {column: n for n, column in enumerate(aged_columns(dataset))}
    columns = ", ".join(
        f"CASE WHEN coalesce(m.past_{place[column]}, false) THEN NULL ELSE p.{quote_name(column)} "
        f"END AS {quote_name(column)}"
        if column in place
        else f"p.{quote_name(column)}"
        for column in held
    )
    store.write_parquet(
        f"SELECT {columns} FROM read_parquet({old}) AS p LEFT JOIN marked AS m "
        f"ON m._file = {quote_text(entry.file)} AND m._row_number = p._row_number "
        "WHERE m.why IS NULL OR m.why = '' ORDER BY p._row_number",
        ledger.partitions / f"{ASIDE}{name}",
    )


def _write_faults(
    store: Store, ledger: Ledger, kind: str, old: str, column: str, gone: Collection[str]
) -> dict[str, str]:
    if not gone:
        return {}
    store.register("gone_ids", pa.table({"id": pa.array(sorted(gone), pa.string())}))
    name = _next_name(old)
    left = store.write_parquet(
        f"SELECT * FROM read_parquet({quote_text(str(ledger.quarantine / old))}) "
        f"WHERE {quote_name(column)} NOT IN (SELECT id FROM gone_ids)",
        ledger.quarantine / f"{ASIDE}{name}",
    )
    if left:
        return {kind: name}
    (ledger.quarantine / f"{ASIDE}{name}").unlink()
    return {kind: ""}


def _quarantine_past(
    dataset: Dataset,
    ledger: Ledger,
    keeping: Keeping | None,
    changed: list[tuple[FileReport, dict[str, str]]],
) -> list[Removed]:
    """Let go of quarantines past their date; add to what changes, and return what that is."""
    if keeping is None:
        return []
    before = keeping.on - dt.timedelta(days=quarantine_days())
    rows = 0
    known = {entry.file: new for entry, new in changed}
    for entry in ledger.list():
        if not entry.quarantine or entry.extract_on >= before:
            continue
        rows += entry.rejected + entry.unreadable
        if entry.file in known:
            known[entry.file]["quarantine"] = ""
        else:
            changed.append((entry, {"quarantine": ""}))
    return [Removed(dataset.id, "quarantine", rows)] if rows else []


def _next_name(name: str) -> str:
    """Return another name for the same extract: what was read under the old one has changed."""
    stem, _, _ = name.removesuffix(".parquet").partition("~")
    turn = int(name.removesuffix(".parquet").partition("~")[2] or "0") + 1
    return f"{stem}~{turn}.parquet"


def enter_receipt(deletions: Deletions, removed: Removed) -> None:
    """Enter a removal in the deletions ledger, unless an erasure's own entry stands for it."""
    if removed.why != "erased":
        deletions.append(
            removed.why,
            dt.datetime.now(dt.UTC),
            dataset=removed.dataset,
            rows=removed.rows,
            values=removed.values,
        )
