"""Secrets at rest, encrypted under a key of this deployment (AES-256-GCM).

Whoever reads the database alone, or a backup of it, learns no secret: the key stands in the data
folder's `keys/`, or in `WHOLEPLACE_SECOND_STEP_KEY` where several machines serve one site. What is
encrypted is bound to whose it is, so that a row copied to somebody else's account opens nothing.
"""

import os
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from wholeplace.foundation.errors import UnsafeActionError
from wholeplace.web.database.keys import data_folder, read_key

__all__ = ["decrypt", "encrypt"]

_NONCE_BYTES = 12


def encrypt(secret: str, whose: str) -> bytes:
    """Return the secret encrypted; a fresh nonce stands before it."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return nonce + _cipher().encrypt(nonce, secret.encode(), whose.encode())


def decrypt(kept: bytes, whose: str) -> str:
    """Return what was encrypted.

    Raises:
        UnsafeActionError: if the key is another, or it was encrypted for somebody else.
    """
    kept = bytes(kept)
    try:
        opened = _cipher().decrypt(kept[:_NONCE_BYTES], kept[_NONCE_BYTES:], whose.encode())
    except InvalidTag:
        raise UnsafeActionError(
            "The second step could not be checked.",
            "This deployment's key does not open what was kept.",
            "Bring back keys/second-step from the backup, or have the second step reset.",
        ) from None
    return opened.decode()


def _cipher() -> AESGCM:
    given = os.environ.get("WHOLEPLACE_SECOND_STEP_KEY")
    data = data_folder()
    if given is None and data is None:
        raise UnsafeActionError(
            "The second step could not be kept.",
            "There is no data folder for its key.",
            "Set WHOLEPLACE_PLACE, or WHOLEPLACE_SECOND_STEP_KEY to 64 hexadecimal digits.",
        )
    return AESGCM(bytes.fromhex(given or read_key(data, "second-step")))  # type: ignore[arg-type]
