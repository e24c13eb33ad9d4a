"""Which fields of the vocabulary a comparison tells about.

An agreement speaks of fields, a model of comparisons; and one comparison may join several
fields. What a comparison comes to tells of all of them, so it is told at the lowest level.
"""

import re

from wholeplace.linkage.model import Comparison, LinkModel

__all__ = ["EVERY_FIELD", "compared_fields"]

_BESIDE = re.compile(r"\b([a-z][a-z_]*?)_[lr]\b")
# Column of a standardised record, by how its name begins → the field that it is made from.
_BEGINS = {
    "given": "identity.name", "middle": "identity.name", "family": "identity.name",
    "name": "identity.name", "birth": "identity.birth-date",
    "placeholder": "identity.birth-date", "sex": "identity.sex",
    "nhs": "identity.nhs-number", "nino": "identity.nino", "upn": "identity.upn",
    "uprn": "contact.address", "home": "contact.address", "building": "contact.address",
    "street": "contact.address", "postcode": "contact.address", "sector": "contact.address",
    "locality": "contact.address", "address": "contact.address",
    "phone": "contact.phone", "email": "contact.email",
}  # fmt: skip
# Which system and number a record has says no more than that its partner knows somebody.
_OF_NOBODY = ("dataset", "source", "partner", "record")
EVERY_FIELD = tuple(dict.fromkeys(_BEGINS.values()))
"""Every field that linkage compares."""


def compared_fields(model: LinkModel, comparison: Comparison) -> tuple[str, ...]:
    """Return the fields that a comparison looks at; every field where a column is not known."""
    text = " ".join(model.condition(level) for level in comparison.levels)
    found = []
    for column in _BESIDE.findall(text):
        begin = column.split("_")[0]
        if begin in _OF_NOBODY:
            continue
        if begin not in _BEGINS:
            return EVERY_FIELD
        found.append(_BEGINS[begin])
    return tuple(field for field in EVERY_FIELD if field in found)
