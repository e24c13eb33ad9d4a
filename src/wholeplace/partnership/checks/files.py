"""Faults of the folder itself: missing and stray files, links out of it, personal data."""

import csv
import difflib
import os
import re
from collections.abc import Iterator
from pathlib import Path

from wholeplace.foundation.errors import Fault
from wholeplace.partnership.draft import PlaceDraft

__all__ = ["PERSONAL_WORDS", "file_faults"]

_NEEDED = ("place.yaml", "partners.yaml")
_KNOWN_FILES = ("place.yaml", "partners.yaml", "terms.yaml", "link.yaml")
_KNOWN_FOLDERS = (
    "agreements",
    "areas",
    "bodies",
    "datasets",
    "directory",
    "dpias",
    "indicators",
    "money",
    "needs",
    "outcomes",
    "hubs",
)
_DRAFTS = "agreements/drafts/"
_EXTRACTS = frozenset(
    {
        *(".xlsx", ".xls", ".xlsm", ".xlsb", ".ods", ".parquet", ".jsonl", ".ndjson", ".arrow"),
        *(".db", ".sqlite", ".sqlite3", ".duckdb", ".mdb", ".accdb", ".sav", ".dta", ".feather"),
        *(".zip", ".gz", ".tar", ".7z", ".bak"),
    }
)
_TABLES = frozenset({".csv", ".tsv", ".txt", ".dat", ".json"})
_TABLE_FOLDERS = ("areas", "directory", "indicators", "money", "outcomes")
_NOTES = frozenset({"readme.txt", "licence.txt", "license.txt", "notes.txt"})
PERSONAL_WORDS = frozenset(
    {
        *("forename", "firstname", "surname", "familyname", "lastname", "givenname", "fullname"),
        *("dob", "dateofbirth", "birthdate", "nhsnumber", "nhsno", "nino", "upn", "uln"),
        *("nationalinsurancenumber", "email", "phone", "telephone", "mobile"),
    }
)
_REFUSED = (
    "no extracts here: the place folder is under version control",
    "move it to the inbox of the data folder (<place>-data/inbox/<partner>/) and remove it from "
    "version control",
)


def file_faults(draft: PlaceDraft) -> Iterator[Fault]:
    """Name faults of the folder and its files."""
    for name in _NEEDED:
        if not (draft.folder / name).is_file():
            yield Fault(
                name,
                0,
                f"{name} is missing",
                "a place folder has it at its top",
                "write it; `wholeplace init` in an empty folder shows how it looks",
            )
    for path in _walk(draft.folder):
        yield from _faults_of(draft, path)


def _walk(folder: Path) -> Iterator[Path]:
    """Every file, and every link, below a folder; links are not followed, hidden ones skipped."""
    for root, folders, files in os.walk(folder, followlinks=False):
        here = Path(root)
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in list(folders):
            if (here / name).is_symlink():
                folders.remove(name)
                yield here / name
            elif here == folder:
                yield here / name
        yield from (here / name for name in sorted(files) if not name.startswith("."))


def _faults_of(draft: PlaceDraft, path: Path) -> Iterator[Fault]:
    file = path.relative_to(draft.folder).as_posix()
    if path.is_symlink() and not _stays_inside(draft.folder, path):
        yield Fault(
            file,
            0,
            "the link leads out of the place folder, or nowhere",
            "files of the place folder itself",
            "put the file here instead of a link",
        )
    elif path.is_dir():
        yield from _misnamed(file, _KNOWN_FOLDERS)
    elif not path.is_file():
        yield Fault(file, 0, "this is not an ordinary file", "a text file", "delete it")
    elif file.startswith(_DRAFTS) and path.suffix == ".yaml":
        return  # a text that is being written may be wrong, and nothing reads it
    elif path.suffix in (".yaml", ".yml"):
        yield from _yaml_faults(file)
    else:
        yield from _data_faults(draft, path, file)


def _stays_inside(folder: Path, path: Path) -> bool:
    try:
        return path.resolve(strict=True).is_relative_to(folder.resolve())
    except (OSError, RuntimeError):
        return False


def _yaml_faults(file: str) -> Iterator[Fault]:
    if file.endswith(".yml"):
        mend = f"rename it to {file[:-4]}.yaml"
        yield Fault(
            file, 0, "the file ends in .yml and is not read", "a name ending in .yaml", mend
        )
    elif "/" not in file:
        yield from _misnamed(file, _KNOWN_FILES)
    elif file.count("/") > 1 and file.split("/")[0] in _KNOWN_FOLDERS:
        yield Fault(
            file,
            0,
            "the file stands too deep and is not read",
            f"it directly in {file.split('/')[0]}/",
            "move it up",
        )


def _misnamed(name: str, known: tuple[str, ...]) -> Iterator[Fault]:
    """A name that is nearly a known one is a slip; any other is the place's own affair."""
    near = difflib.get_close_matches(name.lower(), known, n=1, cutoff=0.75)
    if near and name not in known:
        yield Fault(name, 0, f"nothing reads `{name}`", f"`{near[0]}`", f"rename it to `{near[0]}`")


def _data_faults(draft: PlaceDraft, path: Path, file: str) -> Iterator[Fault]:
    suffix = path.suffix.lower()
    if suffix in _EXTRACTS:
        yield Fault(file, 0, f"a {suffix} file stands in the place folder", *_REFUSED)
    elif pattern := _matched_pattern(draft, path.name):
        what = f"the file has the name of an extract (`{pattern}`)"
        yield Fault(file, 0, what, *_REFUSED)
    elif suffix in _TABLES and path.name.lower() not in _NOTES:
        if file.split("/")[0] not in _TABLE_FOLDERS:
            yield Fault(file, 0, f"a {suffix} file stands in the place folder", *_REFUSED)
        elif suffix != ".json" and (word := _personal_column(path)):
            what = f"the table has a column about people (`{word}`)"
            yield Fault(file, 1, what, *_REFUSED)


def _matched_pattern(draft: PlaceDraft, name: str) -> str | None:
    for each in draft.datasets:
        pattern = each.raw("file", "pattern")
        if isinstance(pattern, str) and "{date}" in pattern:
            expression = re.escape(pattern).replace(re.escape("{date}"), r"[0-9-]+")
            if re.fullmatch(expression, name):
                return pattern
    return None


def _personal_column(path: Path) -> str | None:
    try:
        with path.open(encoding="utf-8-sig", errors="replace", newline="") as stream:
            header = stream.readline(65_536)
    except OSError:
        return None
    delimiter = max(",;\t|", key=header.count)
    try:
        names = next(csv.reader([header], delimiter=delimiter), [])
    except csv.Error:
        return None
    found = (name for name in names if re.sub(r"[^a-z]", "", name.lower()) in PERSONAL_WORDS)
    return next(found, None)
