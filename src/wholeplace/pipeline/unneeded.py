"""Deleting after matching what is about people who show no need, where agreements say so.

The rule of the SAVVI work (Scalable Approach to Vulnerability Via Interoperability): data is
matched to find who may need help; of whoever shows no need, it is not kept. Where every clause
in force of a partner says `keep: only-with-need`, that partner's rows about people without any
need are deleted after matching, and all is worked out again without them. They are deleted, not
erased: sent again, they are matched again.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping

from wholeplace.agreements import Keeping
from wholeplace.foundation.deletions import Deletions
from wholeplace.foundation.folders import DataFolder
from wholeplace.foundation.store import Store
from wholeplace.intake.deleting import delete_stored, enter_receipt
from wholeplace.intake.ledger import Ledger, lock_load
from wholeplace.partnership.folder import PlaceFolder

__all__ = ["delete_unneeded", "find_unneeded"]


def find_unneeded(
    store: Store, place: PlaceFolder, keeping: Keeping
) -> Mapping[str, frozenset[str]]:
    """Return dataset → source ids of people who show no need, of partners whose clauses say so.

    Whoever a flag protects stays: nobody is unsealed by a deletion.

    Args:
        store: holds `person_records`, `person_needs` and `flags`.
        place: the place folder.
        keeping: which partners' clauses say so.
    """
    datasets = {
        name for name, each in place.datasets.items() if each.partner in keeping.only_with_need
    }
    found: dict[str, set[str]] = defaultdict(set)
    if datasets:
        rows = store.rows(
            "SELECT DISTINCT dataset, source_id FROM person_records AS r "
            "WHERE person_id NOT IN (SELECT person_id FROM person_needs) AND NOT EXISTS ("
            "SELECT 1 FROM flags AS f WHERE f.dataset = r.dataset AND f.source_id = r.source_id "
            "AND (f.value = 'unknown' OR (f.flag = 'consent') = (f.value = 'no')))"
        )
        for row in rows:
            if row["dataset"] in datasets:
                found[row["dataset"]].add(row["source_id"])
    return {name: frozenset(ids) for name, ids in sorted(found.items())}


def delete_unneeded(
    place: PlaceFolder,
    data: DataFolder,
    unneeded: Mapping[str, frozenset[str]],
    note: Callable[[str], None],
) -> tuple[str, ...]:
    """Delete what is stored under these source ids, with receipts; return a sentence on each."""
    deletions = Deletions(data)
    said = []
    with lock_load(data):
        for name, ids in unneeded.items():
            note(f"deleting what {name} holds about people who show no need")
            removed = delete_stored(
                place.datasets[name],
                Ledger(data, name),
                deletions,
                unneeded=ids,
                receipt=lambda each: enter_receipt(deletions, each),
            )
            rows = sum(each.rows for each in removed if each.why == "unneeded")
            said.append(
                f"{name}: {rows:,} rows about people who show no need were deleted after matching."
            )
    return tuple(said)
