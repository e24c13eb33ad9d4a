"""Checking a place folder: every fault at once, each with its line and how to mend it."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TypeAlias

from wholeplace.foundation.errors import Fault
from wholeplace.partnership.checks.areas import area_faults
from wholeplace.partnership.checks.datasets import dataset_faults
from wholeplace.partnership.checks.files import file_faults
from wholeplace.partnership.checks.needs import need_faults
from wholeplace.partnership.checks.outcomes import outcome_faults
from wholeplace.partnership.checks.partners import partner_faults
from wholeplace.partnership.draft import PlaceDraft, read_draft

__all__ = ["Checker", "check_draft", "check_place"]

Checker: TypeAlias = Callable[[PlaceDraft], Iterable[Fault]]
"""A check that a later room brings; it gets the draft, sound or not, and names faults."""

_CHECKS: tuple[Checker, ...] = (
    file_faults,
    partner_faults,
    dataset_faults,
    area_faults,
    need_faults,
    outcome_faults,
)


def check_place(folder: Path, checkers: Sequence[Checker] = ()) -> list[Fault]:
    """Return every fault of a place folder, sorted by file and line; none means sound.

    Args:
        folder: the place folder.
        checkers: checks of later rooms, such as the meaning of agreements.
    """
    folder = Path(folder)
    if not folder.is_dir():
        return [
            Fault(
                ".",
                0,
                "there is no such place folder",
                "a folder that holds place.yaml",
                "give the right path, or make one with `wholeplace init`",
            )
        ]
    return check_draft(read_draft(folder), checkers)


def check_draft(draft: PlaceDraft, checkers: Sequence[Checker] = ()) -> list[Fault]:
    """Return every fault of a draft; as `check_place`."""
    faults = set(draft.faults)
    for check in (*_CHECKS, *checkers):
        faults.update(check(draft))
    return sorted(faults)
