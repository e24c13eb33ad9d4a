"""From an agreement's file to the typed agreement."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from wholeplace.agreements.texts.agreement import Agreement
from wholeplace.foundation.errors import CheckFailedError
from wholeplace.partnership.texts import MarkedText
from wholeplace.partnership.wording import read_definition

if TYPE_CHECKING:
    from wholeplace.partnership.folder import PlaceFolder

__all__ = ["read_agreement", "read_agreements"]


def read_agreement(mapping: Mapping[str, Any], file: str) -> Agreement:
    """Return the agreement that a file's mapping holds.

    Args:
        mapping: as read from YAML.
        file: path relative to the place folder, for faults.

    Raises:
        CheckFailedError: with every fault of shape.
    """
    agreement, faults = read_definition(Agreement, MarkedText(file, mapping))
    if agreement is None:
        raise CheckFailedError(faults)
    return agreement


def read_agreements(place: "PlaceFolder") -> tuple[Agreement, ...]:
    """Return every agreement of a place folder, in the order of its files.

    Raises:
        CheckFailedError: with every fault of shape.
    """
    return tuple(read_agreement(each.mapping, each.file) for each in place.agreement_texts)
