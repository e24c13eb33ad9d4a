"""The header of an extract against its contract."""

import difflib
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from wholeplace.foundation.errors import WholeplaceError
from wholeplace.intake.rules import needed_columns
from wholeplace.partnership.definitions import Dataset

__all__ = ["Header", "HeaderRefusedError", "match_header"]


class HeaderRefusedError(WholeplaceError):
    """The header does not let the columns be told apart; no row was read."""


@dataclass(frozen=True)
class Header:
    """Where each field of the contract stands in the file.

    Attributes:
        positions: for each field in contract order, its place in the file, or None.
        width: how many columns the file has.
        extra: names of columns that the contract does not know; they are not stored.
        absent: names of fields that the file lacks; they are loaded as missing.
    """

    positions: tuple[int | None, ...]
    width: int
    extra: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()


def match_header(dataset: Dataset, names: Sequence[str], delimiter: str | None = None) -> Header:
    """Match a file's column names with the contract.

    Raises:
        HeaderRefusedError: if a needed column is missing, renamed, or stands twice.
    """
    found = [name.strip() for name in names]
    known = [field.name for field in dataset.fields]
    doubled = sorted(name for name, count in Counter(found).items() if count > 1 and name in known)
    if doubled:
        raise HeaderRefusedError(
            f"The column {', '.join(doubled)} stands in the header more than once.",
            "There is no telling which one is meant.",
            "Ask the partner to send the file with each column once.",
        )
    needed = needed_columns(dataset)
    required = [
        field.name
        for field in dataset.fields
        if (field.constraints.get("required") and field.on_error == "reject")
        or field.name in needed
    ]
    missing = [name for name in required if name not in found]
    extra = tuple(_shown(name, place) for place, name in enumerate(found) if name not in known)
    if missing:
        raise _refused(missing, [name for name in found if name not in known], found, delimiter)
    return Header(
        positions=tuple(found.index(name) if name in found else None for name in known),
        width=len(found),
        extra=extra,
        absent=tuple(name for name in known if name not in found),
    )


def _refused(
    missing: Sequence[str], extra: Sequence[str], found: Sequence[str], delimiter: str | None
) -> HeaderRefusedError:
    what = f"The header lacks {', '.join(missing)}."
    other = _other_delimiter(found, delimiter)
    if other:
        return HeaderRefusedError(
            what,
            f"Its columns are separated by {other}, and the contract says {_word(delimiter)}.",
            "Mend the delimiter in the dataset file, or ask the partner to send it as agreed.",
        )
    likely = [(name, guess) for name in missing if (guess := _likely(name, extra))]
    if likely:
        renamed = "; ".join(f"{guess} may be {name} renamed" for name, guess in likely)
        return HeaderRefusedError(
            what, f"{renamed}.", "Agree the name with the partner, then mend the file or contract."
        )
    return HeaderRefusedError(
        what,
        f"It has {len(found)} columns; these are not optional.",
        "Ask the partner for the missing columns, or check the header row in the dataset file.",
    )


def _other_delimiter(found: Sequence[str], delimiter: str | None) -> str | None:
    if delimiter is None or len(found) > 1:
        return None
    line = found[0] if found else ""
    counts = {mark: line.count(mark) for mark in ",;\t|" if mark != delimiter}
    best = max(counts, key=lambda mark: counts[mark])
    return _word(best) if counts[best] else None


def _word(mark: str | None) -> str:
    words = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "upright bars"}
    return words.get(mark or "", "something else")


def _likely(name: str, extra: Sequence[str]) -> str | None:
    def plain(text: str) -> str:
        return re.sub(r"[^a-z0-9]", "", text.lower())

    by_form = {plain(other): other for other in extra if plain(other)}
    close = difflib.get_close_matches(plain(name), list(by_form), n=1, cutoff=0.75)
    return _shown(by_form[close[0]], 0) if close else None


def _shown(name: str, place: int) -> str:
    # A column's name comes from the file, so it may be anything, a value even.
    plain = "".join(mark if mark.isprintable() else "?" for mark in name)[:60]
    return plain or f"(no name, column {place + 1})"
