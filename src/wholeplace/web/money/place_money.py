"""What the place states about money, as it stands now, and the words for who is who."""

import threading
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from wholeplace.foundation.errors import NotFoundError
from wholeplace.money import PlaceMoney, read_money
from wholeplace.money.benefits import Appraisal, Intervention, Settings, appraise
from wholeplace.money.unit_costs import load_cost_source
from wholeplace.web.accounts.place import FolderState, folder_state
from wholeplace.web.gateway.wiring import OpenPlace

__all__ = ["appraisals_of", "find_intervention", "names_of", "place_money", "settings_of"]

_read: dict[Path, tuple[FolderState, PlaceMoney]] = {}
_lock = threading.Lock()


def place_money(served: OpenPlace) -> PlaceMoney:
    """Return the folder's `money/`, read again when a file of the folder changed.

    Raises:
        CheckFailedError: if it has faults.
    """
    folder = served.folder / "money"
    state = folder_state(folder)
    with _lock:
        held = _read.get(folder)
        if held is None or held[0] != state:
            held = (state, read_money(served.folder))
            _read[folder] = held
    return held[1]


def settings_of(money: PlaceMoney) -> Settings:
    """Return what cases are worked out with.

    Raises:
        NotFoundError: if the place states nothing about money.
    """
    if money.settings is None:
        raise NotFoundError(
            "There is nothing to work out.",
            "The place folder has no money/settings.yaml.",
            "Write it; docs/reference/money.md shows how.",
        )
    return money.settings


def find_intervention(money: PlaceMoney, intervention_id: str) -> Intervention:
    """Return one intervention of the place.

    Raises:
        NotFoundError: if it has none of that id.
    """
    try:
        return money.interventions[intervention_id]
    except KeyError:
        raise NotFoundError(
            "There is no such intervention.",
            "The place folder's money/interventions.yaml has none of that id.",
            "Choose one from the list.",
        ) from None


def appraisals_of(money: PlaceMoney) -> Mapping[str, Appraisal]:
    """Return every intervention of the place worked out with the place's own figures."""
    if money.settings is None:
        return {}
    settings = money.settings
    return {key: appraise(each, settings) for key, each in money.interventions.items()}


def names_of(served: OpenPlace) -> Mapping[str, str]:
    """Return words for every partner of the place and every agency of the unit costs."""
    partners = {each.id: each.name for each in served.place.partners.values()}
    return MappingProxyType({**load_cost_source().agencies, **partners})
