"""The evidence kept with a snapshot: every linked or possible pair, level by level."""

import math

import pyarrow as pa

from wholeplace.foundation.store import Store, quote_text
from wholeplace.linkage.decisions import DECIDED_APART, DECIDED_TOGETHER
from wholeplace.linkage.grouping import Groups
from wholeplace.linkage.model import LinkModel
from wholeplace.linkage.weighing import level_labels

__all__ = ["write_edges"]


def write_edges(store: Store, model: LinkModel, groups: Groups) -> None:
    """Build `link_edges` from `linkage_pairs` and what people decided (`linkage_bound`).

    Shape: record_id_l, record_id_r, weight (log2 odds), probability, levels (JSON:
    comparison → {level, weight}), outcome (linked, possible or refused), reason (why it was
    refused, or that people decided).
    """
    store.register(
        "linkage_refused",
        pa.table(
            {
                "record_id_l": pa.array(
                    [groups.records[item.left] for item in groups.refused], pa.string()
                ),
                "record_id_r": pa.array(
                    [groups.records[item.right] for item in groups.refused], pa.string()
                ),
                "reason": pa.array([item.reason for item in groups.refused], pa.string()),
            }
        ),
    )
    floor = math.log2(model.review_probability / (1 - model.review_probability))
    parts = []
    for comparison in model.comparisons:
        listed = ", ".join(quote_text(name) for name in level_labels(comparison))
        parts.append(
            f"{quote_text(comparison.name)}, json_object('level', ([{listed}])[g_{comparison.name} + 2], "
            f"'weight', round(w_{comparison.name}::DOUBLE, 3))"
        )
    store.run(
        "CREATE OR REPLACE TABLE link_edges AS "
        "SELECT p.record_id_l, p.record_id_r, round(weight::DOUBLE, 4) AS weight, "
        "1 / (1 + pow(2.0, -greatest(least(weight, 500), -500))) AS probability, "
        f"json_object({', '.join(parts)})::VARCHAR AS levels, "
        "CASE WHEN l.person_id = r.person_id THEN 'linked' WHEN f.reason IS NOT NULL OR b.kind = 'different' THEN 'refused' ELSE 'possible' END AS outcome, "
        f"CASE b.kind WHEN 'same' THEN {quote_text(DECIDED_TOGETHER)} WHEN 'different' THEN "
        f"{quote_text(DECIDED_APART)} ELSE f.reason END AS reason FROM linkage_pairs AS p "
        "JOIN person_records AS l ON p.record_id_l = l.record_id "
        "JOIN person_records AS r ON p.record_id_r = r.record_id "
        "LEFT JOIN linkage_refused AS f ON p.record_id_l = f.record_id_l AND p.record_id_r = f.record_id_r "
        "LEFT JOIN linkage_bound AS b ON p.record_id_l = b.record_id_l AND p.record_id_r = b.record_id_r "
        f"WHERE weight >= {floor!r} OR f.reason IS NOT NULL OR b.kind IS NOT NULL ORDER BY p.record_id_l, p.record_id_r"
    )
    store.prove_unique("link_edges", ("record_id_l", "record_id_r"))
