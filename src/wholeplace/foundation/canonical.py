"""Canonical form and hash: the same meaning always gives the same bytes.

What partners sign, what a snapshot was built from and what the audit chain holds are all
identified by the SHA-256 of this form. It follows RFC 8785 (JSON Canonicalization Scheme)
for the values used here: strings, integers, booleans, null, lists and objects. Floats are
refused, because their text differs between systems; dates are written in ISO 8601.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

__all__ = ["canonical_json", "content_hash", "file_hash"]

_READ_BYTES = 1 << 20


def canonical_json(value: Any) -> bytes:
    """Return the one UTF-8 byte string that stands for the value.

    Raises:
        TypeError: if the value holds a float or another type with no one text.
    """
    plain = _plain(value)
    return json.dumps(plain, ensure_ascii=False, separators=(",", ":")).encode("utf-8")


def content_hash(value: Any) -> str:
    """Return the SHA-256 of the canonical form, as 64 hexadecimal digits."""
    return hashlib.sha256(canonical_json(value)).hexdigest()


def file_hash(path: Path) -> str:
    """Return the SHA-256 of a file's bytes, read in pieces so that size does not matter."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while piece := stream.read(_READ_BYTES):
            digest.update(piece)
    return digest.hexdigest()


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, bool | str | int):
        return value
    if isinstance(value, dt.date | dt.datetime):
        return value.isoformat()
    if isinstance(value, Mapping):
        # RFC 8785 sorts keys by UTF-16 code units.
        keys = sorted(value, key=lambda key: str(key).encode("utf-16-be"))
        return {str(key): _plain(value[key]) for key in keys}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, set | frozenset):
        return sorted((_plain(item) for item in value), key=lambda item: canonical_json(item))
    raise TypeError(f"{type(value).__name__} has no canonical form; use text, integers or dates")
