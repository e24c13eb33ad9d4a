"""The store proves grains, never leaves a result unfinished, and tells no personal value."""

import threading

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wholeplace.foundation.store import SqlFile, Store, StoreError, quote_name, quote_text


@pytest.fixture(scope="module")
def store():
    with Store(threads=1) as opened:
        yield opened


@settings(deadline=None)
@given(st.text().filter(lambda text: "\0" not in text))
def test_quoted_text_comes_back_as_it_was(store, text):
    assert store.value(f"SELECT {quote_text(text)}") == text


@settings(deadline=None)
@given(st.text(min_size=1).filter(lambda text: "\0" not in text))
def test_a_quoted_name_is_one_name(store, name):
    assert list(store.rows(f"SELECT 1 AS {quote_name(name)}")[0].values()) == [1]


@settings(deadline=None)
@given(st.lists(st.integers(0, 5), max_size=8))
def test_a_table_stands_exactly_where_its_grain_is_unique(store, keys):
    store.register("given_keys", pa.table({"k": pa.array(keys, pa.int64())}))
    table = SqlFile.parse("held", "-- grain: k\n-- reads: given_keys\nSELECT k FROM given_keys")
    if len(set(keys)) == len(keys):
        assert store.materialise(table) == len(keys)
    else:
        with pytest.raises(StoreError, match="stand in more than one row"):
            store.materialise(table)


def test_a_header_is_read_and_asked_for():
    table = SqlFile.parse(
        "t", "-- grain: a, b\n-- reads: x\n-- params: on\n-- units: days\nSELECT 1"
    )
    assert (table.grain, table.reads, table.params, table.units) == (
        ("a", "b"),
        ("x",),
        ("on",),
        "days",
    )
    with pytest.raises(StoreError, match="no grain or reads line"):
        SqlFile.parse("t", "SELECT 1")


def test_a_missing_parameter_is_named(store):
    table = SqlFile.parse(
        "t", "-- grain: a\n-- reads: x\n-- params: on, at\nSELECT $on AS a, $at AS b"
    )
    with pytest.raises(StoreError, match="not given: at"):
        store.materialise(table, {"on": 1})


def test_one_value_read_from_many_rows_leaves_the_engine_free(store):
    store.run("CREATE OR REPLACE TABLE many AS SELECT range AS n FROM range(10000)")
    assert store.value("SELECT n FROM many ORDER BY n") == 0
    store.register("after", pa.table({"a": [1]}))
    assert store.arrow("SELECT a + $b AS c FROM after", {"b": 1}).to_pylist() == [{"c": 2}]


def test_a_refused_statement_tells_no_cell(store):
    store.register("private", pa.table({"name": ["Leanne Harlow"]}))
    with pytest.raises(StoreError, match="ConversionException") as caught:
        store.rows("SELECT CAST(name AS INTEGER) FROM private")
    assert "Leanne" not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__
    assert store.value("SELECT 1") == 1


def test_files_of_different_columns_are_read_by_name(store, tmp_path):
    pq.write_table(pa.table({"a": [1], "b": ["x"]}), tmp_path / "it's one.parquet")
    pq.write_table(pa.table({"b": ["y"]}), tmp_path / "two.parquet")
    store.view_parquet("joined_files", [tmp_path / "it's one.parquet", tmp_path / "two.parquet"])
    rows = store.rows("SELECT a, b FROM joined_files ORDER BY b")
    assert rows == [{"a": 1, "b": "x"}, {"a": None, "b": "y"}]


def test_what_is_written_is_counted_and_keeps_its_order(store, tmp_path):
    path = tmp_path / "out.parquet"
    assert (
        store.write_parquet(
            "SELECT range AS n FROM range(5000) ORDER BY n DESC", path, row_group=2048
        )
        == 5000
    )
    assert pq.read_table(path).column("n").to_pylist() == list(range(4999, -1, -1))
    assert pq.ParquetFile(path).num_row_groups == 3


def test_threads_share_one_store(store):
    store.run("CREATE OR REPLACE TABLE shared AS SELECT range AS n FROM range(1000)")
    wrong = []

    def read(number):
        seen = {store.value("SELECT n FROM shared WHERE n = $n", {"n": number}) for _ in range(20)}
        wrong.extend(seen - {number})

    threads = [threading.Thread(target=read, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
