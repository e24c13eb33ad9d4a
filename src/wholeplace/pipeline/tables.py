"""How each table of a snapshot is laid down: in which order, in how large pieces.

The tables of the person page are sorted by person in small row groups, so that one person is
read without reading the others. Everything is sorted, so equal content gives equal files.
"""

import os
import shutil
from collections.abc import Iterable
from pathlib import Path

from wholeplace.foundation.snapshots import Draft, Snapshot
from wholeplace.foundation.store import Store, quote_name

__all__ = ["take_over", "write_tables"]

_WHOLE = 122_880
_SMALL = 4_096
_ORDER: dict[str, tuple[str, int]] = {
    "area_needs": ("recipient, area_set, area_code, framework, need", _WHOLE),
    "areas": ("area_set, area_code", _WHOLE),
    "countable_facts": ("recipient, source, field", _WHOLE),
    "events": ("event_id", _WHOLE),
    "flag_reach": ("anchor_dataset, anchor_source_id, flag, purpose, record_id", _WHOLE),
    "flag_sources": ("dataset, flag, purpose", _WHOLE),
    "flags": ("dataset, source_id, flag, purpose", _WHOLE),
    "household_members": ("person_id, household_id, start_on", _SMALL),
    "households": ("household_id", _WHOLE),
    "identity_events": ("happened_on, kind, old_id, new_id", _WHOLE),
    "involvements": ("person_id, start_on, partner, dataset, service", _SMALL),
    "link_constraints": ("dataset_l, source_id_l, dataset_r, source_id_r", _WHOLE),
    "link_edges": ("record_id_l, record_id_r", _WHOLE),
    "link_frequencies": ("column_name, value", _WHOLE),
    "link_input": ("record_id", _WHOLE),
    "link_keys": ("rule, key, record_id", _WHOLE),
    "link_version": ("hash", _WHOLE),
    "need_conditions": ("condition", _WHOLE),
    "need_evidence": ("person_id, framework, need, event_id", _SMALL),
    "person_areas": ("person_id, partner, area_set", _SMALL),
    "person_factors": ("person_id", _SMALL),
    "person_identity": ("person_id, field, partner, dataset, value", _SMALL),
    "person_needs": ("person_id, framework, need", _SMALL),
    "person_records": ("person_id, record_id", _SMALL),
    "piece_needs": ("recipient, piece, framework, need", _WHOLE),
    "piece_services": ("recipient, piece, used", _WHOLE),
    "record_rows": ("dataset, file, row_number", _WHOLE),
    "records": ("record_id", _WHOLE),
    "search_keys": ("key, person_id, partner", _SMALL),
    "subject_flags": ("person_id, flag, purpose, origin, partner", _SMALL),
    "timeline": ("person_id, start_on, event_id", _SMALL),
}


def write_tables(store: Store, draft: Draft, tables: Iterable[str]) -> dict[str, int]:
    """Write tables of the store into a draft; afterwards the store reads them from there.

    Returns:
        Rows by table.
    """
    rows = {}
    for name in tables:
        order, row_group = _ORDER[name]
        select = f"SELECT * FROM {quote_name(name)} ORDER BY {order}"
        rows[name] = store.write_parquet(select, draft.table(name), row_group=row_group)
        store.run(f"DROP TABLE {quote_name(name)}")
        store.view_parquet(name, draft.table(name))
    return rows


def take_over(
    store: Store, draft: Draft, previous: Snapshot, tables: Iterable[str]
) -> dict[str, int]:
    """Take tables over from the previous snapshot as they are, without copying them.

    Returns:
        Rows by table.
    """
    rows = {}
    for name in tables:
        link_file(previous.table(name), draft.table(name))
        store.view_parquet(name, draft.table(name))
        rows[name] = int(previous.manifest["tables"][name])
    return rows


def link_file(old: Path, new: Path) -> None:
    """Make a file appear in a second folder: by hard link, or copied where that cannot be."""
    try:
        os.link(old, new)
    except OSError:
        shutil.copy2(old, new)
