"""The hash that parties sign."""

from typing import Any

from wholeplace.agreements.texts.agreement import Agreement
from wholeplace.foundation.canonical import content_hash

__all__ = ["agreement_form", "agreement_hash"]

_FORM = "wholeplace agreement, form 2"


def agreement_form(agreement: Agreement) -> dict[str, Any]:
    """Return the object that is hashed: every word of the agreement, levels by name.

    Its first key says what kind of object it is, so that a signature on an agreement can
    never be taken for a signature on anything else.
    """
    content = agreement.model_dump(mode="python")
    for clause in content["clauses"]:
        clause["level"] = clause["level"].name.lower()
        if clause["keep"] == "everybody":
            # What is not said is not part of the text: agreements signed before this could be
            # said keep their hash.
            del clause["keep"]
    return {"form": _FORM, "agreement": content}


def agreement_hash(agreement: Agreement) -> str:
    """Return the SHA-256 of the agreement's canonical form, as 64 hexadecimal digits.

    Any change of meaning, however small, gives another hash, and so needs every signature
    again. Comments and layout of the file do not count.
    """
    return content_hash(agreement_form(agreement))
