"""Compare every pair that shares a blocking value: the only door to Splink.

Splink draws the random pairs that give u, makes the pairs, finds each pair's level for every
comparison and counts how common a name is. It also writes working tables and talks a lot;
both are kept inside this module.
"""

import logging
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from wholeplace.foundation.store import Store, quote_name, quote_text
from wholeplace.linkage.model import Comparison, LinkModel

__all__ = ["compare_pairs", "estimate_chance_agreement"]

_INPUT = "linkage_keyed"

Chances = Mapping[str, Mapping[str, float]]


def estimate_chance_agreement(
    store: Store, model: LinkModel, seed: int
) -> dict[str, dict[str, float]]:
    """Return u by comparison and level: how often blindly drawn pairs agree so.

    The draw depends on record ids and the seed alone, never on the order of rows. Levels
    never drawn are left out.
    """
    with _quiet():
        linker = _linker(store, model, {})
        linker.training.estimate_u_using_random_sampling(
            max_pairs=model.training.random_pairs, seed=seed, min_count_per_level=None, num_chunks=1
        )
        learnt = linker.misc.save_model_to_json()
    drop_like(store, "__splink__")
    drawn: dict[str, dict[str, float]] = {}
    for item in learnt["comparisons"]:
        levels = {
            level["label_for_charts"]: level.get("u_probability")
            for level in item["comparison_levels"]
        }
        drawn[item["output_column_name"]] = {
            name: float(u) for name, u in levels.items() if isinstance(u, int | float) and u > 0
        }
    return drawn


def compare_pairs(store: Store, model: LinkModel, chance: Chances) -> int:
    """Build `linkage_vectors`: every pair that shares a blocking value; return its rows.

    Shape: record_id_l, record_id_r (l < r); `g_<comparison>`, the level counted from the
    worst (0), -1 where nothing can be said; `f_<comparison>`, bits to add because the value
    agreed on is rarer (or commoner) than the level's average.
    """
    with _quiet():
        linker = _linker(store, model, chance)
        scored = linker.inference.predict(warning_mode="never")
        table = scored.physical_name
        held = _columns(store, table)
        parts = []
        for comparison in model.comparisons:
            name = comparison.name
            rarer = f"mw_tf_adj_{name}"
            parts.append(f"gamma_{name}::TINYINT AS g_{name}")
            parts.append(
                f"{f'round(coalesce({rarer}, 0), 4)' if rarer in held else '0'}::FLOAT AS f_{name}"
            )
        store.run(
            "CREATE OR REPLACE TABLE linkage_vectors AS "
            "SELECT least(record_id_l, record_id_r) AS record_id_l, greatest(record_id_l, record_id_r) AS record_id_r, "
            f"{', '.join(parts)} FROM {quote_name(table)}"
        )
    drop_like(store, "__splink__")
    return int(store.value("SELECT count(*) FROM linkage_vectors"))


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep Splink's advice to statisticians, and its libraries' warnings, out of the way."""
    logger = logging.getLogger("splink")
    before = logger.level
    logger.setLevel(logging.CRITICAL)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            yield
        finally:
            logger.setLevel(before)


def _columns(store: Store, table: str) -> set[str]:
    found = store.rows(
        f"SELECT column_name AS name FROM information_schema.columns WHERE table_name = {quote_text(table)}"
    )
    return {row["name"] for row in found}


def _linker(store: Store, model: LinkModel, chance: Chances) -> Any:
    from splink import DuckDBAPI, Linker, SettingsCreator  # slow to import, so only here

    settings = SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="record_id",
        comparisons=[
            _splink_comparison(model, item, chance.get(item.name, {})) for item in model.comparisons
        ],
        blocking_rules_to_generate_predictions=[
            {"blocking_rule": f"l.block_{number} = r.block_{number}", "sql_dialect": "duckdb"}
            for number in range(1, len(model.blocking) + 1)
        ],
        retain_matching_columns=True,
        retain_intermediate_calculation_columns=True,
        linker_uid="wholeplace",
    )
    api = DuckDBAPI(connection=store.connection.cursor())
    return Linker(api.register(_INPUT), settings, log_level=None, validate_settings=False)


def _splink_comparison(
    model: LinkModel, comparison: Comparison, chance: Mapping[str, float]
) -> dict[str, Any]:
    levels: list[dict[str, Any]] = []
    for level in comparison.levels:
        entry: dict[str, Any] = {
            "sql_condition": model.condition(level),
            "label_for_charts": level.id,
        }
        if level.missing:
            entry["is_null_level"] = True
        else:
            entry["m_probability"] = level.m
            entry["u_probability"] = level.u if level.fixed else chance.get(level.id, level.u)
            entry["fix_u_probability"] = level.fixed
        if level.frequency:
            entry["tf_adjustment_column"] = level.frequency
            entry["disable_tf_exact_match_detection"] = True
        levels.append(entry)
    return {
        "output_column_name": comparison.name,
        "comparison_description": comparison.label,
        "comparison_levels": levels,
    }


def drop_like(store: Store, prefix: str) -> None:
    """Drop every table and view whose name starts so: what the engine leaves behind."""
    found = store.rows(
        "SELECT table_name AS name, table_type AS kind FROM information_schema.tables "
        f"WHERE starts_with(table_name, {quote_text(prefix)})"
    )
    for row in found:
        kind = "VIEW" if row["kind"] == "VIEW" else "TABLE"
        store.run(f"DROP {kind} IF EXISTS {quote_name(row['name'])}")


def drop_work(store: Store) -> None:
    """Drop whatever a linkage run leaves behind beside its tables."""
    drop_like(store, "linkage_")
    drop_like(store, "given_forms")
