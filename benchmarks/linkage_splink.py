"""Plain Splink with its tutorial models, as the peer that linkage is measured against.

The people model follows Splink's published tutorial (names, date of birth, address, sex,
phone and email as separate comparisons, term frequencies, u from random pairs, expectation
maximisation under two rules, links at 0.95, connected components); the historical model is
its published example for the same 50,000 records.
"""

import logging
import time
import warnings
from typing import Any

import duckdb
import pyarrow as pa

_PEOPLE = """
SELECT record_id AS unique_id, lower(given_name) AS first_name, lower(family_name) AS surname,
    strftime(birth_date, '%Y-%m-%d') AS dob, lower(address) AS address, postcode, sex, phone, lower(email) AS email,
    nhs_number FROM given
"""


def _trained(records: pa.Table) -> tuple[Any, Any, Any]:
    """Return a connection, Splink's API and a linker trained on the records, as in `link_plainly`."""
    warnings.simplefilter("ignore")
    logging.getLogger("splink").setLevel(logging.CRITICAL)
    from splink import DuckDBAPI, Linker

    connection = duckdb.connect()
    connection.execute("SET threads = 2")
    connection.register("given", records)
    connection.execute(f"CREATE TABLE input AS {_PEOPLE}")
    settings, deterministic, training = _people()
    api = DuckDBAPI(connection)
    linker = Linker(api.register("input"), settings, log_level=None)
    linker.training.estimate_probability_two_random_records_match(deterministic, recall=0.7)
    linker.training.estimate_u_using_random_sampling(max_pairs=5e6, seed=1)
    for rule in training:
        linker.training.estimate_parameters_using_expectation_maximisation(rule)
    for column in ("first_name", "surname", "phone"):
        linker.table_management.compute_tf_table(column)
    return connection, api, linker


def single_predictions(records: pa.Table, wanted: list[str]) -> list[tuple[float, float]]:
    """Predict between all records and one, for each wanted; seconds of wall and of processor."""
    connection, api, linker = _trained(records)
    everything, took = api.register("input", table_name="existing"), []
    for number, record in enumerate(wanted):
        connection.execute(
            f"CREATE TABLE one_{number} AS SELECT * REPLACE ('asked' AS unique_id) FROM input "
            "WHERE unique_id = $record",
            {"record": record},
        )
        wall, own = time.perf_counter(), time.process_time()
        one = api.register(f"one_{number}", table_name=f"asked_{number}")
        found = linker.inference.predict_between(everything, one, warning_mode="never")
        connection.execute(f"SELECT * FROM {found.physical_name}").fetchall()
        took.append((time.perf_counter() - wall, time.process_time() - own))
    return took


def delta_predictions(
    held: pa.Table, new: pa.Table, records: pa.Table
) -> dict[str, dict[str, float]]:
    """Predict with a model trained before: the day's records alone, and everything again."""
    connection, api, linker = _trained(held)
    for name, table in (("new", new), ("all", records)):
        connection.register("given", table)
        connection.execute(f"CREATE TABLE of_{name} AS {_PEOPLE}")
    existing, fresh = (
        api.register("input", table_name="existing"),
        api.register("of_new", table_name="fresh"),
    )
    whole = api.register("of_all", table_name="whole")
    told = {}
    for name, work in (
        (
            "delta (predict_between, predict_within)",
            lambda: (
                linker.inference.predict_between(existing, fresh, warning_mode="never"),
                linker.inference.predict_within(fresh, warning_mode="never"),
            ),
        ),
        (
            "everything with the saved model",
            lambda: linker.inference.predict_within(whole, warning_mode="never"),
        ),
    ):
        wall, own = time.perf_counter(), time.process_time()
        work()
        told[name] = {
            "wall_s": round(time.perf_counter() - wall, 2),
            "processor_s": round(time.process_time() - own, 2),
        }
    return told


def link_plainly(records: pa.Table, kind: str) -> tuple[dict[str, str], float]:
    """Return record → cluster and the seconds taken. `kind` is people or historical."""
    warnings.simplefilter("ignore")
    logging.getLogger("splink").setLevel(logging.CRITICAL)
    from splink import DuckDBAPI, Linker

    connection = duckdb.connect()
    connection.execute("SET threads = 2")
    connection.register("given", records)
    connection.execute(
        f"CREATE TABLE input AS {_PEOPLE if kind == 'people' else 'SELECT * FROM given'}"
    )
    started = time.perf_counter()
    settings, deterministic, training = _people() if kind == "people" else _historical()
    linker = Linker(DuckDBAPI(connection).register("input"), settings, log_level=None)
    linker.training.estimate_probability_two_random_records_match(
        deterministic, recall=0.7 if kind == "people" else 0.6
    )
    linker.training.estimate_u_using_random_sampling(max_pairs=5e6, seed=1)
    for rule in training:
        linker.training.estimate_parameters_using_expectation_maximisation(rule)
    scored = linker.inference.predict(threshold_match_probability=0.2, warning_mode="never")
    clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(
        scored, threshold_match_probability=0.95
    )
    rows = connection.execute(
        f"SELECT unique_id, cluster_id FROM {clusters.physical_name}"
    ).fetchall()
    return dict(rows), time.perf_counter() - started


def _people() -> tuple[Any, Any, Any]:
    import splink.comparison_library as cl
    from splink import SettingsCreator, block_on

    settings = SettingsCreator(
        link_type="dedupe_only",
        comparisons=[
            cl.NameComparison("first_name").configure(term_frequency_adjustments=True),
            cl.NameComparison("surname").configure(term_frequency_adjustments=True),
            cl.DateOfBirthComparison("dob", input_is_string=True),
            cl.PostcodeComparison("postcode"),
            cl.JaroWinklerAtThresholds("address", [0.9, 0.8]),
            cl.ExactMatch("sex"),
            cl.ExactMatch("phone").configure(term_frequency_adjustments=True),
            cl.EmailComparison("email"),
        ],
        blocking_rules_to_generate_predictions=[
            block_on("first_name", "surname"),
            block_on("dob", "surname"),
            block_on("dob", "first_name"),
            block_on("postcode", "surname"),
            block_on("postcode", "first_name"),
            block_on("phone", "first_name"),
            block_on("email"),
        ],
    )
    return (
        settings,
        [block_on("first_name", "surname", "dob"), block_on("email")],
        [
            block_on("first_name", "surname"),
            block_on("dob"),
        ],
    )


def _historical() -> tuple[Any, Any, Any]:
    import splink.comparison_library as cl
    from splink import SettingsCreator, block_on

    settings = SettingsCreator(
        link_type="dedupe_only",
        comparisons=[
            cl.ForenameSurnameComparison(
                "first_name", "surname", forename_surname_concat_col_name="first_and_surname"
            ),
            cl.DateOfBirthComparison("dob", input_is_string=True),
            cl.PostcodeComparison("postcode_fake"),
            cl.ExactMatch("birth_place").configure(term_frequency_adjustments=True),
            cl.ExactMatch("occupation").configure(term_frequency_adjustments=True),
        ],
        blocking_rules_to_generate_predictions=[
            block_on("substr(first_name,1,3)", "substr(surname,1,4)"),
            block_on("surname", "dob"),
            block_on("first_name", "dob"),
            block_on("postcode_fake", "first_name"),
            block_on("postcode_fake", "surname"),
            block_on("dob", "birth_place"),
            block_on("substr(postcode_fake,1,3)", "dob"),
            block_on("substr(postcode_fake,1,3)", "first_name"),
            block_on("substr(postcode_fake,1,3)", "surname"),
        ],
    )
    certain = [
        block_on("first_name", "surname", "dob"),
        block_on("substr(first_name,1,2)", "surname", "substr(postcode_fake,1,2)"),
        block_on("dob", "postcode_fake"),
    ]
    return settings, certain, [block_on("first_name", "surname"), block_on("dob")]
