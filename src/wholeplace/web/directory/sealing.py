"""Confidential addresses at rest: encrypted under a key of this deployment (AES-256-GCM).

Whoever reads the database alone, or a copy of it, learns no address. The key stands in the data
folder's `keys/directory`, or in `WHOLEPLACE_DIRECTORY_KEY` where several machines serve one site.
"""

import os
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from wholeplace.foundation.errors import UnsafeActionError
from wholeplace.web.database.keys import data_folder, read_key

__all__ = ["open_received", "seal_received"]

_NONCE_BYTES = 12


def seal_received(text: str, service_id: str) -> bytes:
    """Return what was received of a confidential service, encrypted and bound to its id."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return nonce + _cipher().encrypt(nonce, text.encode(), service_id.encode())


def open_received(kept: bytes, service_id: str) -> str:
    """Return what was received of a confidential service.

    Raises:
        UnsafeActionError: if the key is another's.
    """
    held = bytes(kept)
    try:
        opened = _cipher().decrypt(held[:_NONCE_BYTES], held[_NONCE_BYTES:], service_id.encode())
    except InvalidTag:
        raise UnsafeActionError(
            "A confidential service could not be read.",
            "This deployment's key does not open what was kept.",
            "Bring back keys/directory from the backup, or import the feed again.",
        ) from None
    return opened.decode()


def _cipher() -> AESGCM:
    given = os.environ.get("WHOLEPLACE_DIRECTORY_KEY")
    data = data_folder()
    if given is None and data is None:
        raise UnsafeActionError(
            "A confidential service could not be kept.",
            "There is no data folder for its key.",
            "Set WHOLEPLACE_PLACE, or WHOLEPLACE_DIRECTORY_KEY to 64 hexadecimal digits.",
        )
    return AESGCM(bytes.fromhex(given or read_key(data, "directory")))  # type: ignore[arg-type]
