"""The store: the one door to the analytical engine.

A `Store` is one DuckDB connection. Derived tables are `.sql` files: one bare SELECT with a
header that says its grain, what it reads, its parameters and its units. The store
materialises the file and proves the grain unique, so a broken join fails at once.
"""

import errno
import re
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from wholeplace.foundation.errors import WholeplaceError
from wholeplace.foundation.machine import MachineError, explain_errno, find_errno

__all__ = ["SqlFile", "Store", "StoreError", "StoreExhaustedError", "quote_name", "quote_text"]

_HEADER = re.compile(r"^--\s*(grain|reads|params|units):\s*(.*)$")


class StoreError(WholeplaceError):
    """The engine refused a statement, or a derived table broke its promise.

    Attributes:
        engine_error: the engine's own error, for a debugger; never print it, as it may quote
            a personal value.
    """

    engine_error: Exception | None = None


class StoreExhaustedError(StoreError, MachineError):
    """The engine lacked memory, disk or files; the statement and its data may be sound."""


@dataclass(frozen=True)
class SqlFile:
    """One derived table: a bare SELECT and what its header promises.

    Attributes:
        name: the table produced; the file's stem.
        select: the statement.
        grain: columns that are unique together.
        reads: tables that must exist first.
        params: names of the `$parameters`.
        units: free text on units.
    """

    name: str
    select: str
    grain: tuple[str, ...]
    reads: tuple[str, ...]
    params: tuple[str, ...]
    units: str

    @classmethod
    def read(cls, room: str, name: str) -> "SqlFile":
        """Read `sql/<name>.sql` of a room, for example `read("people", "timeline")`."""
        text = (files("wholeplace") / room / "sql" / f"{name}.sql").read_text("utf-8")
        return cls.parse(name, text)

    @classmethod
    def parse(cls, name: str, text: str) -> "SqlFile":
        """Read the header and the statement from text."""
        header: dict[str, str] = {}
        for line in text.splitlines():
            if match := _HEADER.match(line):
                header[match[1]] = match[2].strip()
        if "grain" not in header or "reads" not in header:
            raise StoreError(
                f"The derived table {name} has no grain or reads line.",
                "Every .sql file starts with -- grain: and -- reads: lines.",
                "Add them.",
            )

        def names(key: str) -> tuple[str, ...]:
            return tuple(part.strip() for part in header.get(key, "").split(",") if part.strip())

        return cls(
            name, text, names("grain"), names("reads"), names("params"), header.get("units", "")
        )


def quote_name(name: str) -> str:
    """Return an SQL identifier that is safe to place in a statement."""
    return '"' + name.replace('"', '""') + '"'


def quote_text(text: str) -> str:
    """Return an SQL string literal; for the few places that take no parameter."""
    return "'" + text.replace("'", "''") + "'"


class Store:
    """One connection to the analytical engine, safe to share between threads.

    Args:
        path: database file; in memory when absent.
        memory_limit_mb: most memory the engine may use, in megabytes.
        threads: most threads the engine may use.
        spill: folder for what does not fit in memory.
    """

    def __init__(
        self,
        path: Path | None = None,
        *,
        memory_limit_mb: int | None = None,
        threads: int | None = None,
        spill: Path | None = None,
    ) -> None:
        config: dict[str, Any] = {}
        if memory_limit_mb is not None:
            config["memory_limit"] = f"{memory_limit_mb}MB"
        if threads is not None:
            config["threads"] = threads
        if spill is not None:
            config["temp_directory"] = str(spill)
        self._connection = duckdb.connect(str(path) if path else ":memory:", config=config)
        self._connection.execute("SET enable_progress_bar = false")
        self._lock = threading.RLock()

    @property
    def connection(self) -> Any:
        """The engine's own connection, for Splink's backend."""
        return self._connection

    def close(self) -> None:
        """Let go of the engine."""
        with self._lock:
            self._connection.close()

    def __enter__(self) -> "Store":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def run(self, sql: str, params: Mapping[str, Any] | None = None) -> None:
        """Run a statement for its effect."""
        with self._running(sql, params):
            pass

    def rows(self, sql: str, params: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
        """Return a small result as one mapping a row."""
        with self._running(sql, params) as cursor:
            names = [column[0] for column in cursor.description or []]
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def value(self, sql: str, params: Mapping[str, Any] | None = None) -> Any:
        """Return the one value of a one-row, one-column result."""
        with self._running(sql, params) as cursor:
            # Fetched to the end: an unfinished result blocks the connection in DuckDB 2.
            rows = cursor.fetchall()
            return rows[0][0] if rows else None

    def arrow(self, sql: str, params: Mapping[str, Any] | None = None) -> pa.Table:
        """Return a result as an Arrow table."""
        with self._guarded(sql):
            return self._connection.sql(sql, params=dict(params or {})).to_arrow_table()

    def register(self, name: str, table: pa.Table) -> None:
        """Make an Arrow table readable under a name."""
        with self._guarded(f"register {name}"):
            self._connection.register(name, table)

    def view_parquet(self, name: str, paths: Path | Sequence[Path]) -> None:
        """Make Parquet files readable under a name. Columns are matched by name."""
        listed = [paths] if isinstance(paths, Path) else list(paths)
        literal = "[" + ", ".join(quote_text(str(path)) for path in listed) + "]"
        self.run(
            f"CREATE OR REPLACE VIEW {quote_name(name)} AS "
            f"SELECT * FROM read_parquet({literal}, union_by_name = true)"
        )

    def write_parquet(
        self,
        select: str,
        path: Path,
        params: Mapping[str, Any] | None = None,
        *,
        row_group: int = 122_880,
    ) -> int:
        """Write the result of a SELECT to a Parquet file and return its number of rows."""
        self.run(
            f"COPY ({select}) TO {quote_text(str(path))} "
            f"(FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {int(row_group)})",
            params,
        )
        return int(self.value(f"SELECT count(*) FROM read_parquet({quote_text(str(path))})"))

    def materialise(self, table: SqlFile, params: Mapping[str, Any] | None = None) -> int:
        """Build a derived table and prove its grain unique. Return its number of rows.

        Raises:
            StoreError: if a parameter is missing, or two rows share one grain.
        """
        given = {name: (params or {}).get(name) for name in table.params}
        missing = [name for name in table.params if name not in (params or {})]
        if missing:
            raise StoreError(
                f"The derived table {table.name} was not built.",
                f"It needs parameters that were not given: {', '.join(missing)}.",
                "Pass them by name.",
            )
        name = quote_name(table.name)
        self.run(f"CREATE OR REPLACE TABLE {name} AS {table.select}", given)
        self.prove_unique(table.name, table.grain)
        return int(self.value(f"SELECT count(*) FROM {name}"))

    def prove_unique(self, name: str, grain: Sequence[str]) -> None:
        """Raise StoreError if two rows of a table share the same grain."""
        keys = ", ".join(quote_name(column) for column in grain)
        doubled = self.value(
            f"SELECT count(*) FROM (SELECT {keys} FROM {quote_name(name)} GROUP BY ALL HAVING count(*) > 1)"
        )
        if doubled:
            raise StoreError(
                f"The derived table {name} was refused.",
                f"{doubled} values of its grain ({', '.join(grain)}) stand in more than one row.",
                "Mend the SELECT or its grain line; nothing was published.",
            )

    @contextmanager
    def _running(self, sql: str, params: Mapping[str, Any] | None) -> Iterator[Any]:
        with self._guarded(sql):
            yield self._connection.execute(sql, dict(params) if params else None)

    @contextmanager
    def _guarded(self, sql: str) -> Iterator[None]:
        with self._lock:
            try:
                yield
            except duckdb.Error as error:
                # Not chained and not quoted: the engine's own message may hold a cell, or a
                # column name that is really a row of a file without a header.
                refusal = _exhausted(error) or StoreError(
                    f"The store refused a statement ({type(error).__name__}).",
                    f"The statement began: {' '.join(sql.split())[:200]}",
                    "Run it against the snapshot by hand to see the engine's own message.",
                )
                refusal.engine_error = error
                raise refusal from None


def _exhausted(error: duckdb.Error) -> StoreExhaustedError | None:
    """Return the error of the machine that an error of the engine stands for, if it does."""
    is_memory = isinstance(error, duckdb.OutOfMemoryException)
    number = errno.ENOMEM if is_memory else find_errno(str(error))
    if number is None or not isinstance(
        error, duckdb.OutOfMemoryException | duckdb.IOException | duckdb.FatalException
    ):
        return None
    return StoreExhaustedError("The store could not do its work.", *explain_errno(number))
