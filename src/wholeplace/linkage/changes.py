"""What changed since the last snapshot, and how far its effect reaches.

Works on tables of the store: the last snapshot's stand under `linkage_held_`, those of now
under their own names.
"""

from dataclasses import replace

from wholeplace.foundation.store import Store
from wholeplace.linkage.grouping import ATTESTED
from wholeplace.linkage.model import LinkModel
from wholeplace.linkage.standardise import (
    list_contents,
    list_keys,
    pair_keys,
    standardise_fresh,
    write_input,
)
from wholeplace.linkage.version import ModelVersion
from wholeplace.linkage.weighing import weigh_given_pairs

__all__ = [
    "find_changes",
    "find_crossings",
    "find_decided",
    "pair_changed",
    "pair_touched",
    "renew_index",
    "spread_touched",
]

_BOTH_SIDES = ("record_id_l", "record_id_r")


def find_changes(store: Store) -> None:
    """Build `linkage_fresh_ids`, `linkage_gone_ids` and `linkage_reseen_ids`.

    A changed record is gone and fresh; one of which only the days of sight changed is reseen.
    """
    list_contents(store, "records", "linkage_now")
    same = "n.record_id = h.record_id AND n.content = h.content"
    held = "linkage_held_link_input AS h"
    _build(
        store,
        "linkage_fresh_ids",
        f"SELECT record_id FROM linkage_now AS n ANTI JOIN {held} ON {same}",
    )
    _build(
        store,
        "linkage_gone_ids",
        f"SELECT record_id FROM {held} ANTI JOIN linkage_now AS n ON {same}",
    )
    _build(
        store,
        "linkage_reseen_ids",
        f"SELECT n.record_id FROM linkage_now AS n JOIN {held} ON {same} "
        "WHERE n.seen_from IS DISTINCT FROM h.seen_from OR n.seen_to IS DISTINCT FROM h.seen_to",
    )


def renew_index(store: Store, model: LinkModel) -> None:
    """Build `link_input` and `link_keys` of now from those held."""
    _build(store, "linkage_fresh", "FROM records SEMI JOIN linkage_fresh_ids USING (record_id)")
    standardise_fresh(store, "linkage_fresh", "linkage_fresh_input")
    write_input(store, "linkage_fresh_input", "linkage_fresh", "linkage_fresh_whole")
    _build(
        store,
        "link_input",
        "SELECT * FROM linkage_held_link_input ANTI JOIN linkage_gone_ids USING (record_id) "
        "ANTI JOIN linkage_reseen_ids USING (record_id) "
        "UNION ALL BY NAME SELECT * FROM linkage_fresh_whole "
        "UNION ALL BY NAME SELECT h.* REPLACE (n.seen_from AS seen_from, n.seen_to AS seen_to) "
        "FROM linkage_held_link_input AS h JOIN linkage_reseen_ids USING (record_id) "
        "JOIN linkage_now AS n USING (record_id)",
    )
    list_keys(store, model, "linkage_fresh_input", "linkage_fresh_keys")
    _build(
        store,
        "link_keys",
        "SELECT * FROM linkage_held_link_keys ANTI JOIN linkage_gone_ids USING (record_id) "
        "UNION ALL BY NAME SELECT * FROM linkage_fresh_keys",
    )


def find_crossings(store: Store, model: LinkModel, version: ModelVersion) -> ModelVersion:
    """Build `linkage_stirred` and `linkage_flipped`; return the version with today's counts.

    Stirred are records of values that too many shared before and not now, or now and not
    before: pairs that share one may come or go. Flipped are records whose first name was borne
    by enough others before and not now, or now and not before: vetoes look at that.
    """
    most = model.largest_group
    _build(
        store,
        "linkage_counted",
        "WITH moves AS (SELECT rule, key, sum(by_one) AS moved FROM (SELECT rule, key, -1 AS by_one "
        "FROM linkage_held_link_keys SEMI JOIN linkage_gone_ids USING (record_id) UNION ALL "
        "SELECT rule, key, 1 FROM linkage_fresh_keys) GROUP BY rule, key) "
        "SELECT rule, key, count(record_id) AS now, count(record_id) - any_value(moved) AS before "
        "FROM moves LEFT JOIN link_keys USING (rule, key) GROUP BY rule, key",
    )
    _build(
        store,
        "linkage_stirred",
        "SELECT DISTINCT record_id FROM link_keys SEMI JOIN (SELECT rule, key FROM linkage_counted "
        f"WHERE (now > {most}) <> (before > {most})) USING (rule, key)",
    )
    roots = (
        "SELECT given_root FROM linkage_fresh_input UNION SELECT given_root FROM "
        "linkage_held_link_input SEMI JOIN linkage_gone_ids USING (record_id)"
    )
    _build(
        store,
        "linkage_flipped",
        f"WITH roots AS ({roots}), held AS (SELECT given_root, count(*) AS size FROM "
        "linkage_held_link_input SEMI JOIN roots USING (given_root) GROUP BY given_root), "
        "now AS (SELECT given_root, count(*) AS size FROM link_input SEMI JOIN roots "
        "USING (given_root) GROUP BY given_root), flips AS (SELECT given_root FROM held "
        "FULL JOIN now USING (given_root) WHERE "
        f"(coalesce(held.size, 0) >= {ATTESTED}) <> (coalesce(now.size, 0) >= {ATTESTED})) "
        "SELECT record_id FROM link_input SEMI JOIN flips USING (given_root)",
    )
    return replace(version, passed_over=_count_passed_over(store, model, version))


def find_decided(store: Store) -> None:
    """Build `linkage_decided`: records of a decision that is new, gone, or reaches what changed."""
    sides = (("dataset_l", "source_id_l"), ("dataset_r", "source_id_r"))
    is_moved = " OR ".join(
        f"({dataset}, {source}) IN (SELECT (dataset, source_id) FROM moved)"
        for dataset, source in sides
    )
    anchors = " UNION ".join(
        f"SELECT {dataset} AS dataset, {source} AS source_id FROM reached"
        for dataset, source in sides
    )
    _build(
        store,
        "linkage_decided",
        "WITH now AS (FROM link_constraints), held AS (FROM linkage_held_link_constraints), "
        "moved AS (SELECT dataset, source_id FROM records SEMI JOIN linkage_fresh_ids "
        "USING (record_id) UNION SELECT dataset, source_id FROM linkage_held_person_records "
        "SEMI JOIN linkage_gone_ids USING (record_id)), "
        "reached AS ((FROM now EXCEPT FROM held) UNION (FROM held EXCEPT FROM now) UNION "
        f"SELECT * FROM now WHERE {is_moved}) "
        f"SELECT record_id FROM records SEMI JOIN ({anchors}) USING (dataset, source_id)",
    )


def pair_changed(store: Store, model: LinkModel, version: ModelVersion) -> int:
    """Build `linkage_weighed`: pairs of a fresh record with any, and of two stirred ones."""
    _build(
        store,
        "linkage_stirred_keys",
        "SELECT * FROM link_keys SEMI JOIN linkage_stirred USING (record_id)",
    )
    pair_keys(store, model, "linkage_fresh_keys", "link_keys", "linkage_fresh_pairs")
    pair_keys(store, model, "linkage_stirred_keys", "linkage_stirred_keys", "linkage_stirred_pairs")
    _build(store, "linkage_blocked", "FROM linkage_fresh_pairs UNION FROM linkage_stirred_pairs")
    pairs = _weigh(store, model, version)
    _build(store, "linkage_weighed", "FROM linkage_pairs")
    return pairs


def spread_touched(store: Store, model: LinkModel) -> None:
    """Build `linkage_touched`: every record of a part of the strong links that a change reaches."""
    bits = model.pooling.link_bits
    left, right = _BOTH_SIDES
    gone = "(SELECT record_id FROM linkage_gone_ids)"
    stirred = "(SELECT record_id FROM linkage_stirred)"
    _build(
        store,
        "linkage_strong",
        f"WITH strong AS (SELECT {left}, {right} FROM linkage_held_link_edges WHERE "
        f"weight >= {bits!r} AND {left} NOT IN {gone} AND {right} NOT IN {gone} "
        f"AND NOT ({left} IN {stirred} AND {right} IN {stirred}) "
        f"UNION ALL SELECT {left}, {right} FROM linkage_weighed WHERE weight >= {bits!r} "
        f"UNION ALL SELECT {left}, {right} FROM linkage_bound WHERE kind = 'same') "
        f"SELECT {left} AS one, {right} AS other FROM strong "
        f"UNION ALL SELECT {right}, {left} FROM strong",
    )
    near_gone = " UNION ".join(
        f"SELECT {far} FROM linkage_held_link_edges WHERE weight >= {bits!r} AND {near} IN {gone}"
        for near, far in (_BOTH_SIDES, _BOTH_SIDES[::-1])
    )
    _build(
        store,
        "linkage_touched",
        "SELECT record_id FROM (FROM linkage_fresh_ids UNION FROM linkage_stirred UNION "
        f"FROM linkage_flipped UNION FROM linkage_decided UNION {near_gone}) SEMI JOIN link_input USING (record_id)",
    )
    _build(store, "linkage_front", "FROM linkage_touched")
    while store.value("SELECT count(*) FROM linkage_front"):
        _build(
            store,
            "linkage_next",
            "SELECT DISTINCT other AS record_id FROM linkage_strong SEMI JOIN linkage_front "
            "ON one = record_id ANTI JOIN linkage_touched AS t ON other = t.record_id",
        )
        store.run("INSERT INTO linkage_touched FROM linkage_next")
        _build(store, "linkage_front", "FROM linkage_next")


def pair_touched(store: Store, model: LinkModel, version: ModelVersion) -> int:
    """Build `linkage_pairs`: what `linkage_weighed` holds, and every pair of touched records."""
    _build(
        store,
        "linkage_touched_keys",
        "SELECT * FROM link_keys SEMI JOIN linkage_touched USING (record_id)",
    )
    pair_keys(store, model, "linkage_touched_keys", "linkage_touched_keys", "linkage_inside")
    _build(
        store,
        "linkage_blocked",
        "FROM linkage_inside ANTI JOIN linkage_weighed USING (record_id_l, record_id_r)",
    )
    pairs = _weigh(store, model, version)
    store.run("INSERT INTO linkage_pairs BY NAME FROM linkage_weighed")
    return pairs


def _weigh(store: Store, model: LinkModel, version: ModelVersion) -> int:
    """Weigh the pairs of `linkage_blocked`, reading no other record."""
    _build(
        store,
        "linkage_near",
        "SELECT * FROM link_input SEMI JOIN (SELECT record_id_l AS record_id FROM linkage_blocked "
        "UNION SELECT record_id_r FROM linkage_blocked) USING (record_id)",
    )
    return weigh_given_pairs(store, model, version, "linkage_blocked", "linkage_near")


def _count_passed_over(store: Store, model: LinkModel, version: ModelVersion) -> dict[str, int]:
    most = model.largest_group
    rows = store.rows(
        f"SELECT rule, sum(CASE WHEN now > {most} THEN now ELSE 0 END - "
        f"CASE WHEN before > {most} THEN before ELSE 0 END)::BIGINT AS more "
        "FROM linkage_counted GROUP BY rule ORDER BY rule"
    )
    more = {" + ".join(model.blocking[row["rule"] - 1]): int(row["more"]) for row in rows}
    names = [" + ".join(rule) for rule in model.blocking]
    counts = {name: version.passed_over.get(name, 0) + more.get(name, 0) for name in names}
    return {name: count for name, count in counts.items() if count}


def _build(store: Store, name: str, select: str) -> None:
    store.run(f"CREATE OR REPLACE TABLE {name} AS {select}")
