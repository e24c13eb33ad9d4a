"""Whether a full extract is as long as one would expect, and a steward's word that it is.

Absence from a full extract ends what was open and lifts flags. A file that was cut short at
the end of a line shows nothing of it, save that it is much shorter than the one before. So a
full extract with far fewer rows than the last is loaded, but nobody's absence from it is
believed until a data steward has asked the partner and confirms it. UK GDPR Article 5(1)(d)
(accuracy).
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from pathlib import PurePath

from wholeplace.foundation.errors import NotFoundError, UnsafeActionError
from wholeplace.foundation.folders import DataFolder
from wholeplace.intake.ledger import Confirmation, Ledger, lock_load
from wholeplace.intake.report import FileReport
from wholeplace.partnership.definitions import Dataset

__all__ = ["confirm_extract", "least_share", "list_judged", "short_notes"]


@cache
def least_share() -> float:
    """Return how small a part of the extract before a full extract may be, to be taken as whole."""
    from ruamel.yaml import YAML

    text = files("wholeplace.intake").joinpath("figures.yaml").read_text("utf-8")
    return float(YAML(typ="safe", pure=True).load(text)["least_share_of_full_extract"]["value"])


def list_judged(dataset: Dataset, ledger: Ledger) -> list[FileReport]:
    """Return a dataset's entries, oldest first, with the short ones marked and not whole.

    The result depends on the extracts and confirmations alone, not on the order of loading.
    """
    entries = ledger.list()
    if dataset.file.update != "full":
        return entries
    confirmed = ledger.confirmed()
    judged: list[FileReport] = []
    before = 0
    for entry in entries:
        if entry.status != "loaded":
            judged.append(entry)
            continue
        is_short = entry.rows_read < before * least_share()
        word = confirmed.get((entry.file, entry.file_hash))
        if is_short and word is None:
            judged.append(_short(entry, before))
            continue
        # What is not whole may be longer than the last, and so raises what is expected; only
        # an extract that is taken as whole lowers it.
        before = entry.rows_read if entry.is_whole else max(before, entry.rows_read)
        judged.append(_with_word(entry, word) if is_short and word else entry)
    return judged


def confirm_extract(
    datasets: Mapping[str, Dataset], data: DataFolder, file: str, *, by: str, at: dt.datetime
) -> FileReport:
    """Record in the ledger that a short extract is whole, and return its report.

    The word holds for this very content: a file sent again is judged anew.

    Args:
        datasets: the contracts, by id.
        data: the data folder.
        file: name of the file, or `partner/name`.
        by: the account of the steward who confirms.
        at: the instant.

    Raises:
        NotFoundError: if no such file is loaded.
        UnsafeActionError: if the file is not one that was found short.
    """
    wanted = PurePath(file)
    with lock_load(data.make()):
        found = [
            (dataset, entry)
            for dataset in datasets.values()
            for entry in list_judged(dataset, Ledger(data, dataset.id))
            if entry.file == wanted.name and entry.status == "loaded"
            if wanted.parent.name in ("", dataset.partner)
        ]
        if not found:
            raise NotFoundError(
                f"No extract {file} is loaded.",
                "A file is named as it stands in the inbox, and must have been loaded.",
                "List what is loaded with `wholeplace intake report`.",
            )
        short = [(dataset, entry) for dataset, entry in found if entry.is_short]
        if len(short) != 1:
            raise UnsafeActionError(
                f"Nothing was confirmed about {file}.",
                "Two partners sent a short file of this name."
                if short
                else "It was not found to be shorter than expected, so there is nothing to confirm.",
                "Name it as partner/file." if short else "Nothing needs to be done.",
            )
        dataset, entry = short[0]
        ledger = Ledger(data, dataset.id)
        ledger.confirm(
            Confirmation(
                file=entry.file,
                file_hash=entry.file_hash,
                rows=entry.rows_read,
                expected=entry.short_of,
                confirmed_by=by,
                confirmed_at=at,
            )
        )
        return next(
            each for each in list_judged(dataset, ledger) if each.fingerprint == entry.fingerprint
        )


def short_notes(entries: Iterable[FileReport]) -> tuple[str, ...]:
    """Return what must be said of a dataset whose newest extract, or newest few, are short."""
    notes: list[str] = []
    for entry in entries:
        if entry.status == "loaded" and not entry.is_short:
            notes = []
        elif entry.is_short:
            notes.append(f"{entry.dataset}: {entry.file} is shorter than expected. {_words(entry)}")
    return tuple(notes)


def _short(entry: FileReport, before: int) -> FileReport:
    marked = entry.model_copy(update={"is_whole": False, "short_of": before})
    return marked.model_copy(update={"notes": (*entry.notes, _words(marked))})


def _with_word(entry: FileReport, word: Confirmation) -> FileReport:
    note = (
        f"It holds far fewer rows than the extract before; {word.confirmed_by} confirmed on "
        f"{word.confirmed_at:%-d %B %Y} that it is whole."
    )
    return entry.model_copy(update={"notes": (*entry.notes, note)})


def _words(entry: FileReport) -> str:
    return (
        f"It holds {entry.rows_read:,} rows where {entry.short_of:,} were sent before, so it may "
        "have been cut short: nobody’s absence from it is believed. Ask the partner; if it is "
        f"whole, run `wholeplace intake confirm {entry.partner}/{entry.file}`."
    )
