"""A place folder without faults: every definition of a place, typed and frozen."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from wholeplace.foundation.errors import CheckFailedError
from wholeplace.partnership.check import Checker, check_draft
from wholeplace.partnership.claim_departures import apply_claims, list_claim_differences
from wholeplace.partnership.definitions import AreaSet, Dataset, Framework, Partner, Place, Term
from wholeplace.partnership.departures import Difference, apply_departures, list_differences
from wholeplace.partnership.draft import PlaceDraft, read_draft
from wholeplace.partnership.frameworks import load_framework
from wholeplace.partnership.programmes.areas import (
    AreaFund,
    CohortTarget,
    NeighbourhoodBoard,
)
from wholeplace.partnership.vocabulary import Vocabulary, load_vocabulary

__all__ = ["AgreementText", "PlaceFolder", "diff_place", "load_place"]


class AgreementText(NamedTuple):
    """One file of `agreements/` or `dpias/`, as plain values; the agreements room gives it meaning."""

    file: str
    mapping: Mapping[str, Any]


@dataclass(frozen=True)
class PlaceFolder:
    """Everything that the reviewed text of a place says.

    Attributes:
        folder: where it stands.
        partners: by id, in the order written; likewise `datasets` and `area_sets`.
        frameworks: those adopted, with the place's own changes made.
        agreement_texts: files of `agreements/`, sorted; likewise `dpia_texts` of `dpias/`.
        vocabulary: the words that all of it is written in.
        funds: shared out among areas; likewise `boards` of neighbourhoods and
            `targets` of families.
    """

    folder: Path
    place: Place
    partners: Mapping[str, Partner]
    agreement_texts: tuple[AgreementText, ...]
    datasets: Mapping[str, Dataset]
    frameworks: tuple[Framework, ...]
    area_sets: Mapping[str, AreaSet]
    terms: tuple[Term, ...]
    vocabulary: Vocabulary
    dpia_texts: tuple[AgreementText, ...] = ()
    funds: tuple[AreaFund, ...] = ()
    boards: tuple[NeighbourhoodBoard, ...] = ()
    targets: tuple[CohortTarget, ...] = ()

    def datasets_of(self, partner: str) -> tuple[Dataset, ...]:
        """Return the datasets that a partner sends."""
        return tuple(each for each in self.datasets.values() if each.partner == partner)

    def area_file(self, name: str) -> Path:
        """Return the path of a boundaries or lookup file of an area set."""
        return self.folder / "areas" / name

    def framework(self, id: str) -> Framework | None:  # noqa: A002 - the word of the contract
        """Return an adopted framework as this place uses it, or None."""
        return next((each for each in self.frameworks if each.id == id), None)


def load_place(folder: Path, checkers: Sequence[Checker] = ()) -> PlaceFolder:
    """Return a place folder's definitions.

    Args:
        folder: the place folder.
        checkers: checks of later rooms, as for `check_place`.

    Raises:
        CheckFailedError: with every fault, if there is one.
    """
    draft = read_draft(Path(folder))
    faults = check_draft(draft, checkers)
    if faults or draft.place is None:
        raise CheckFailedError(faults)
    return _assemble(draft, draft.place)


def diff_place(folder: Path) -> list[Difference]:
    """Return where a place departs from the frameworks that it adopted.

    Raises:
        CheckFailedError: if the folder has faults.
    """
    draft = read_draft(Path(folder))
    faults = check_draft(draft)
    if faults or draft.place is None:
        raise CheckFailedError(faults)
    stated = [(each.text.file, each.definition) for each in draft.departures]
    found: list[Difference] = []
    for adopted in draft.place.frameworks:
        published = load_framework(adopted.id, adopted.version)
        found += list_differences(published, stated)
        found += list_claim_differences(
            published, [(each.text.file, each.definition) for each in draft.claim_departures]
        )
    return found


def _assemble(draft: PlaceDraft, place: Place) -> PlaceFolder:
    departures = [each.definition for each in draft.departures]
    of_claims = [each.definition for each in draft.claim_departures]
    return PlaceFolder(
        folder=draft.folder,
        place=place,
        partners=_by_id(draft.partners.values()),
        agreement_texts=tuple(AgreementText(each.file, each.data) for each in draft.agreements),
        datasets=_by_id(each.dataset for each in draft.datasets if each.dataset is not None),
        frameworks=tuple(
            apply_claims(
                apply_departures(load_framework(adopted.id, adopted.version), departures), of_claims
            )
            for adopted in place.frameworks
        ),
        area_sets=_by_id(each.definition for each in draft.area_sets),
        terms=tuple(draft.terms),
        vocabulary=load_vocabulary(),
        dpia_texts=tuple(AgreementText(each.file, each.data) for each in draft.dpias),
        funds=tuple(each.definition for each in draft.funds),
        boards=tuple(each.definition for each in draft.boards),
        targets=tuple(each.definition for each in draft.targets),
    )


def _by_id(definitions: Iterable[Any]) -> Mapping[str, Any]:
    return MappingProxyType({each.id: each for each in definitions})
