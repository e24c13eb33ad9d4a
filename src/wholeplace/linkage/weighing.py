"""Weigh given pairs with a model version: the same levels and bits as in training, by one SELECT.

Training compares with Splink. Afterwards the model's conditions are put to the engine as they
stand, with the frequencies that were learnt; a law holds the two equal. So a single person can
be weighed in milliseconds, and new records without touching the others.
"""

import math
import re

from wholeplace.foundation.store import Store, quote_name, quote_text
from wholeplace.linkage.model import Comparison, LinkModel
from wholeplace.linkage.training import weighing_select
from wholeplace.linkage.version import ModelVersion, frequency_columns

__all__ = [
    "compared_columns",
    "level_labels",
    "share_sides",
    "vector_select",
    "weigh_given_pairs",
]

_SIDED = re.compile(r"\b([a-z][a-z0-9_]*)_[lr]\b")


def weigh_given_pairs(
    store: Store, model: LinkModel, version: ModelVersion, pairs: str, records: str
) -> int:
    """Build `linkage_vectors` and `linkage_pairs` for given pairs; return how many.

    Args:
        store: holds `link_frequencies` and the two tables.
        model: the model that was trained.
        version: what it learnt.
        pairs: table of record_id_l, record_id_r (l < r), each pair once.
        records: table of standardised records.
    """
    share_sides(store, model, version, records, "linkage_sides")
    store.run(
        "CREATE OR REPLACE TABLE linkage_vectors AS "
        + vector_select(
            model,
            version,
            f"{quote_name(pairs)} AS p JOIN linkage_sides AS l ON p.record_id_l = l.record_id "
            "JOIN linkage_sides AS r ON p.record_id_r = r.record_id",
        )
    )
    store.run(
        "CREATE OR REPLACE TABLE linkage_pairs AS "
        + weighing_select(model, version.parameters, "linkage_vectors")
    )
    return int(store.value("SELECT count(*) FROM linkage_pairs"))


def compared_columns(model: LinkModel) -> list[str]:
    """Return the columns of standardised records that the model's conditions read, sorted."""
    return sorted(
        {
            found
            for item in model.comparisons
            for level in item.levels
            for found in _SIDED.findall(model.condition(level))
        }
    )


def share_sides(
    store: Store,
    model: LinkModel,
    version: ModelVersion,
    records: str,
    into: str,
    *,
    prepare: str | None = None,
) -> None:
    """Build a table of the compared columns and, for each frequency column, the value's share.

    A value that training did not see counts as borne by a single record of then. A prepared
    statement of the name given adds to the table what is then in `records`.
    """
    columns = ", ".join(f"i.{quote_name(column)}" for column in compared_columns(model))
    shares, joins = "", ""
    for number, column in enumerate(frequency_columns(model)):
        name = quote_name(column)
        rarest = 1 / max(version.borne.get(column, 1), 1)
        shares += (
            f", CASE WHEN i.{name} IS NOT NULL THEN coalesce(f{number}.share, {rarest!r}) END "
            f"AS {quote_name('share_' + column)}"
        )
        joins += (
            f" LEFT JOIN link_frequencies AS f{number} ON f{number}.column_name = "
            f"{quote_text(column)} AND f{number}.value = i.{name}"
        )
    select = f"SELECT i.record_id, {columns}{shares} FROM {quote_name(records)} AS i{joins}"
    store.run(f"CREATE OR REPLACE TABLE {quote_name(into)} AS {select}")
    if prepare:
        store.run(f"PREPARE {prepare} AS INSERT INTO {quote_name(into)} {select}")


def vector_select(model: LinkModel, version: ModelVersion, source: str) -> str:
    """Return the SELECT that finds each pair's level and rarity.

    Args:
        model: the model.
        version: what it learnt.
        source: FROM clause with sides named l and r, made by `share_sides`.
    """
    sides = ", ".join(
        f"{side}.{quote_name(column)} AS {quote_name(f'{column}_{side}')}"
        for column in [
            *compared_columns(model),
            *(f"share_{column}" for column in frequency_columns(model)),
        ]
        for side in ("l", "r")
    )
    levels = ", ".join(_level_case(model, item) for item in model.comparisons)
    rarer = ", ".join(
        f"round({_rarity_case(item, version)}, 4)::FLOAT AS f_{item.name}"
        for item in model.comparisons
    )
    kept = ", ".join(f"g_{item.name}" for item in model.comparisons)
    return (
        f"SELECT record_id_l, record_id_r, {kept}, {rarer} FROM (SELECT *, {levels} FROM "
        f"(SELECT l.record_id AS record_id_l, r.record_id AS record_id_r, {sides} FROM {source}))"
    )


def level_labels(comparison: Comparison) -> list[str]:
    """Return level ids by grade: not known (-1) first, then from the worst (0) to the best."""
    known = [level.id for level in reversed(comparison.levels) if not level.missing]
    return [next((level.id for level in comparison.levels if level.missing), "missing"), *known]


def _grades(comparison: Comparison) -> list[int]:
    """Return each level's grade as Splink counts it: the worst is 0, not known is -1."""
    known = sum(not level.missing for level in comparison.levels)
    grades = []
    for level in comparison.levels:
        known -= not level.missing
        grades.append(-1 if level.missing else known)
    return grades


def _level_case(model: LinkModel, comparison: Comparison) -> str:
    parts = []
    for level, grade in zip(comparison.levels, _grades(comparison), strict=True):
        condition = model.condition(level)
        parts.append(f"ELSE {grade}" if condition == "ELSE" else f"WHEN {condition} THEN {grade}")
    return f"(CASE {' '.join(parts)} END)::TINYINT AS g_{comparison.name}"


def _rarity_case(comparison: Comparison, version: ModelVersion) -> str:
    parts = []
    for level, grade in zip(comparison.levels, _grades(comparison), strict=True):
        if level.frequency and not level.missing and level.when != "otherwise":
            drawn = version.chance.get(comparison.name, {}).get(level.id, level.u)
            u = level.u if level.fixed else drawn
            assert u is not None  # noqa: S101 (every level that is not missing has u)
            share = ", ".join(quote_name(f"share_{level.frequency}_{side}") for side in ("l", "r"))
            parts.append(
                f"WHEN g_{comparison.name} = {grade} THEN "
                f"coalesce({math.log2(u)!r}::DOUBLE - log2(greatest({share})), 0)"
            )
    return f"CASE {' '.join(parts)} ELSE 0 END" if parts else "0"
