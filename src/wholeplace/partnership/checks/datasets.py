"""Faults of datasets/*.yaml: references, columns, and what an extract's file is called."""

import re
from collections import Counter
from collections.abc import Iterator

from wholeplace.foundation.errors import Fault
from wholeplace.partnership.checks.columns import column_faults
from wholeplace.partnership.checks.mappings import date_column_faults, mapping_faults
from wholeplace.partnership.draft import DatasetDraft, PlaceDraft
from wholeplace.partnership.wording import suggest_word

__all__ = ["dataset_faults"]

# A text export may be called anything (.csv, .txt, .out); the others have their own endings.
_ENDINGS = {
    "xlsx": (".xlsx",),
    "parquet": (".parquet",),
    "jsonl": (".jsonl", ".ndjson", ".json"),
}


def dataset_faults(draft: PlaceDraft) -> Iterator[Fault]:
    """Name faults of the datasets."""
    ids: dict[str, str] = {}
    for each in draft.datasets:
        yield from _id_faults(each, ids)
        yield from _reference_faults(draft, each)
        yield from _file_faults(each)
        yield from _key_faults(each)
        yield from column_faults(each)
        yield from mapping_faults(each)
    yield from _same_names(draft)


def _id_faults(each: DatasetDraft, ids: dict[str, str]) -> Iterator[Fault]:
    stem = each.text.file.removeprefix("datasets/").removesuffix(".yaml")
    name = each.raw("id")
    if not isinstance(name, str):
        return
    if name in ids:
        what = f"the dataset id `{name}` is already used in {ids[name]}"
        yield each.fault(("id",), what, "each id once", "rename one")
    elif name != stem:
        what = f"the id `{name}` is not the name of the file"
        yield each.fault(("id",), what, f"`{stem}`", f"rename the file to {name}.yaml, or the id")
    ids.setdefault(name, each.text.file)


def _reference_faults(draft: PlaceDraft, each: DatasetDraft) -> Iterator[Fault]:
    partner = each.raw("partner")
    is_listed = "partners.yaml" in draft.texts
    if isinstance(partner, str) and is_listed and partner not in draft.partner_ids:
        yield each.fault(
            ("partner",),
            f"`{partner}` is not a partner",
            "the id of a partner in partners.yaml",
            suggest_word(partner, draft.partner_ids),
        )


def _file_faults(each: DatasetDraft) -> Iterator[Fault]:
    pattern, kind = each.raw("file", "pattern"), each.raw("file", "format")
    at = ("file", "pattern")
    if isinstance(pattern, str):
        if pattern.count("{date}") != 1 or re.search(r"[{}]", pattern.replace("{date}", "")):
            what = "the pattern does not say where the date stands"
            yield each.fault(at, what, "`{date}` once, such as cases_{date}.csv", "add {date}")
        if "/" in pattern or "\\" in pattern:
            what = "the pattern holds a folder"
            yield each.fault(at, what, "a file name alone", "delete the folder")
        endings = _ENDINGS.get(str(kind), ())
        others = tuple(ending for kinds in _ENDINGS.values() for ending in kinds)
        is_other = kind == "csv" and pattern.lower().endswith(others)
        if is_other or (endings and not pattern.lower().endswith(endings)):
            what = f"the pattern does not end as a {kind} file does"
            expected = " or ".join(endings) or "such as .csv or .txt"
            yield each.fault(at, what, expected, "correct `pattern` or `format`")
    if each.raw("file", "sheet") is not None and kind != "xlsx":
        what = f"a {kind} file has no sheets"
        yield each.fault(("file", "sheet"), what, "`sheet` for xlsx alone", "delete it")


def _same_names(draft: PlaceDraft) -> Iterator[Fault]:
    """One file in an inbox must not fit two datasets of its partner."""
    for place, each in enumerate(draft.datasets):
        for other in draft.datasets[:place]:
            if each.raw("partner") != other.raw("partner"):
                continue
            mine, theirs = each.raw("file", "pattern"), other.raw("file", "pattern")
            if isinstance(mine, str) and isinstance(theirs, str) and _can_meet(mine, theirs):
                yield each.fault(
                    ("file", "pattern"),
                    f"a file could be meant by this pattern and by that of {other.text.file}",
                    "names that cannot be taken for each other",
                    "agree different file names with the partner",
                )


def _can_meet(mine: str, theirs: str) -> bool:
    day = "2026-01-01"
    return mine.lower().replace("{date}", day) == theirs.lower().replace("{date}", day)


def _key_faults(each: DatasetDraft) -> Iterator[Fault]:
    columns = each.columns
    key = each.raw("key")
    listed = key if isinstance(key, list) else []
    if key == []:
        what = "the key is empty, so no row can be told from another"
        yield each.fault(("key",), what, "the columns that identify a row", "name them")
    for place, name in enumerate(listed):
        if isinstance(name, str) and name not in columns:
            what = f"the key column `{name}` is not a column of this extract"
            yield each.fault(
                ("key", place), what, "a name under `fields`", suggest_word(name, columns)
            )
    for name, times in Counter(str(name) for name in listed).items():
        if times > 1:
            yield each.fault(("key",), f"the key names `{name}` twice", "each once", "delete one")
    yield from date_column_faults(each, ("observed",), each.raw("observed"), "observed")
