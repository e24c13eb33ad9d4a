"""The directory as files: what the API would give, for whoever hosts files and no server."""

import json
from pathlib import Path
from typing import Any

from wholeplace.directory.catalogue import Catalogue
from wholeplace.directory.publishing.answering import answer_list, answer_one
from wholeplace.directory.publishing.validating import validate_catalogue
from wholeplace.foundation.errors import UnsafeActionError

__all__ = ["write_package"]

_KINDS = ("services", "service_at_locations", "taxonomies", "taxonomy_terms")


def write_package(catalogue: Catalogue, folder: Path) -> int:
    """Write the directory into a folder; return how many services it holds.

    `services.json` and the other lists are whole, one page each; `services/<id>.json` is each
    service with all that belongs to it.

    Raises:
        UnsafeActionError: if anything departs from the standard, or the folder holds something.
    """
    departures = validate_catalogue(catalogue)
    if departures:
        raise UnsafeActionError(
            "Nothing was published.",
            f"{len(departures)} departures from the standard, the first: {departures[0]}.",
            "Run `wholeplace directory validate` to see them all.",
        )
    if folder.exists() and any(folder.iterdir()):
        raise UnsafeActionError(
            "Nothing was published.",
            f"{folder.name} holds something already, and services that are gone would stay in it.",
            "Choose an empty folder.",
        )
    (folder / "services").mkdir(parents=True, exist_ok=True)
    for kind in _KINDS:
        _write(folder / f"{kind}.json", _whole(catalogue, kind))
    for listing in catalogue.listings:
        _write(folder / "services" / f"{listing.id}.json", answer_one(catalogue, "services", listing.id))  # fmt: skip
    return len(catalogue.listings)


def _whole(catalogue: Catalogue, kind: str) -> dict[str, Any]:
    first = answer_list(catalogue, kind, {"per_page": "500"})
    rows = list(first["contents"])
    for number in range(2, first["total_pages"] + 1):
        rows += answer_list(catalogue, kind, {"per_page": "500", "page": str(number)})["contents"]
    return {**first, "total_pages": 1, "size": len(rows), "last_page": True, "contents": rows}


def _write(file: Path, held: Any) -> None:
    file.write_text(json.dumps(held, ensure_ascii=False, indent=1) + "\n", "utf-8")
