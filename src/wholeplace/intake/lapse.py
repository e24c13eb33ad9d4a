"""Taking what has lapsed out of partitions whose file cannot be loaded again.

The file has left the inbox, or a newer one of its name was refused and the load before stays.
Then the partition is written again from itself, without what no agreement covers any more.
"""

from wholeplace.foundation.store import Store
from wholeplace.intake.examining import ENGINE_MEMORY_MB
from wholeplace.intake.ledger import ASIDE, Ledger
from wholeplace.intake.minimise import Minimised
from wholeplace.intake.partition import rewrite_partition
from wholeplace.intake.report import FileReport
from wholeplace.partnership.definitions import Dataset

__all__ = ["cut_down"]

_CUT_NOTES = {
    True: "A newer file of this name was refused; what is kept of this one was cut down from its "
    "partition.",
    False: "The file has left the inbox; what is kept of it was cut down from its partition.",
}


def cut_down(
    dataset: Dataset,
    minimised: Minimised,
    entry: FileReport,
    fingerprint: str,
    ledger: Ledger,
    *,
    is_there: bool,
) -> None:
    """Take out of a partition what may no longer be kept; do nothing where it is as wanted.

    Args:
        dataset: the contract.
        minimised: what may be kept now.
        entry: the ledger's entry of the partition.
        fingerprint: of the file under the contract and agreements of now.
        ledger: the dataset's ledger.
        is_there: whether a file of this name still lies in the inbox.

    Raises:
        StoreError: if the partition cannot be read or written.
    """
    if entry.fingerprint == fingerprint:
        return
    name = f"{entry.extract_on}-{fingerprint[:12]}.parquet"
    aside = ledger.partitions / f"{ASIDE}{name}"
    with Store(memory_limit_mb=ENGINE_MEMORY_MB) as store:
        rewrite_partition(store, dataset, minimised, ledger.partitions / entry.partition, aside)
    aside.replace(ledger.partitions / name)
    notes = tuple(each for each in entry.notes if each not in _CUT_NOTES.values())
    ledger.amend(
        entry.model_copy(
            update={
                "fingerprint": fingerprint,
                "partition": name,
                "columns_dropped": minimised.columns_dropped,
                "events_dropped": minimised.events_dropped,
                "notes": (*notes, _CUT_NOTES[is_there]),
            }
        )
    )
