"""Published figures by area that a place keeps in `indicators/`: population, crime, deprivation.

Each is a YAML file that says what it is and where it comes from, and a CSV with the columns
period, code and value. Weights (residents or addresses by postcode) carry figures from one set of
boundaries to another.
"""

import csv
import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from wholeplace.foundation.errors import CheckFailedError, Fault
from wholeplace.partnership.draft import PlaceDraft
from wholeplace.partnership.texts import MarkedText, read_yaml
from wholeplace.partnership.wording import read_definition, suggest_word
from wholeplace.places.lookups import write_postcode

__all__ = ["POSTCODES", "Indicator", "IndicatorFile", "check_indicators", "read_indicators"]

POSTCODES = "postcodes"
"""What stands in place of an area set where figures are by postcode."""

_FOLDER = "indicators"
# A published count of residents this small would tell of a few people.
_SMALL = 7
_MOST_LISTED = 5


class IndicatorFile(BaseModel):
    """`indicators/<id>.yaml`.

    Attributes:
        areas: id of the area set, or `postcodes`.
        kind: `weights` (residents or addresses, to share figures out by), `count` (adds up) or
            `score` (does not: an average or an index).
        counts: of what: `residents` are protected, so a small one is a fault; `things` are not.
        out_of: id of the weights by which a count becomes a rate.
        per: the rate is for so many.
        better: which way is better, for those who compare; `neither` where that is no question.
        file: CSV in `indicators/`.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=60)
    title: str
    unit: str
    areas: str
    kind: Literal["weights", "count", "score"]
    counts: Literal["residents", "things"] = "things"
    out_of: str | None = None
    per: int = 1000
    better: Literal["low", "high", "neither"] = "neither"
    file: str
    source: str
    source_on: dt.date
    licence: str


@dataclass(frozen=True)
class Indicator:
    """A figure by area and period.

    Attributes:
        about: what its file says of it.
        values: period → code → value; periods in order.
    """

    about: IndicatorFile
    values: Mapping[str, Mapping[str, float]]

    @property
    def newest(self) -> str:
        """The last period."""
        return list(self.values)[-1]


def read_indicators(folder: Path) -> Mapping[str, Indicator]:
    """Return the figures of a place folder by id; none where it has no `indicators/`.

    Raises:
        CheckFailedError: if a file has faults.
    """
    found: dict[str, Indicator] = {}
    faults: list[Fault] = []
    for text, about, wrong in _read(folder):
        faults += wrong
        if text is not None and about is not None and not wrong:
            values, wrong = _read_values(folder, text, about)
            faults += wrong
            found[about.id] = Indicator(about, values)
    if faults:
        raise CheckFailedError(faults)
    return MappingProxyType(found)


def check_indicators(draft: PlaceDraft) -> list[Fault]:
    """Return every fault of a place folder's `indicators/`: a checker for `check_place`."""
    faults: list[Fault] = []
    read = list(_read(draft.folder))
    weights = {each.id for _, each, _ in read if each is not None and each.kind == "weights"}
    for text, about, wrong in read:
        faults += wrong
        if text is None or about is None:
            continue
        if about.areas != POSTCODES and about.areas not in draft.area_set_ids:
            mend = suggest_word(about.areas, [*draft.area_set_ids, POSTCODES])
            what = f"the area set `{about.areas}` is not defined"
            faults.append(text.fault(("areas",), what, "the id of a file in areas/", mend))
        if about.out_of is not None and about.out_of not in weights:
            what = f"`out_of` names `{about.out_of}`, which is no weights"
            mend = suggest_word(about.out_of, weights)
            faults.append(text.fault(("out_of",), what, "the id of weights", mend))
        faults += _read_values(draft.folder, text, about)[1]
    return sorted(faults)


def _read(
    folder: Path,
) -> Iterator[tuple[MarkedText | None, IndicatorFile | None, list[Fault]]]:
    here = folder / _FOLDER
    for path in sorted(here.glob("*.yaml")) if here.is_dir() else ():
        text, faults = read_yaml(path, f"{_FOLDER}/{path.name}")
        if text is None:
            yield None, None, faults
            continue
        about, wrong = read_definition(IndicatorFile, text)
        yield text, about, [*faults, *wrong]


def _read_values(
    folder: Path, text: MarkedText, about: IndicatorFile
) -> tuple[Mapping[str, Mapping[str, float]], list[Fault]]:
    path = folder / _FOLDER / about.file
    file = f"{_FOLDER}/{about.file}"
    if "/" in about.file or not path.is_file():
        what = f"the file `{about.file}` is not in indicators/"
        return {}, [text.fault(("file",), what, "a file that exists there", "add it")]
    values: dict[str, dict[str, float]] = {}
    faults: list[Fault] = []
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            rows = csv.DictReader(stream)
            for row in rows:
                faults += _read_row(file, rows.line_num, row, about, values)
    except (OSError, UnicodeDecodeError, csv.Error):
        faults.append(Fault(file, 0, "the file is no CSV", "CSV in UTF-8", "export it again"))
    if not values and not faults:
        faults.append(Fault(file, 1, "the file has no rows", "period, code, value", "export it"))
    ordered = {period: MappingProxyType(values[period]) for period in sorted(values)}
    return MappingProxyType(ordered), faults[:_MOST_LISTED]


def _read_row(
    file: str,
    line: int,
    row: Mapping[str, str | None],
    about: IndicatorFile,
    values: dict[str, dict[str, float]],
) -> Iterator[Fault]:
    try:
        period, code = str(row["period"]).strip(), str(row["code"]).strip()
        value = float(str(row["value"]))
        if value != value or (about.kind != "score" and value < 0):
            raise ValueError
    except (KeyError, ValueError):
        what, expected = "the row cannot be read", "period, code and a number that counts"
        yield Fault(file, line, what, expected, "mend the row")
        return
    code = write_postcode(code) if about.areas == POSTCODES else code
    if values.setdefault(period, {}).setdefault(code, value) != value:
        yield Fault(file, line, f"`{code}` stands twice in {period}", "once", "delete one")
    if about.kind == "count" and about.counts == "residents" and 0 < value <= _SMALL:
        what = f"a count of residents of {_SMALL} or fewer stands here"
        mend = "join areas, or leave the figure out: it would tell of a few people"
        yield Fault(file, line, what, "larger counts, or 0", mend)
