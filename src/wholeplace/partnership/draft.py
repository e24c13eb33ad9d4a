"""A place folder as read so far: what is sound, and the faults of what is not.

`check.py` looks at a draft for what single files cannot show; `folder.py` makes a whole
place of one without faults. An id counts as known even where its definition has faults, so
that one mistake is reported once.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel

from wholeplace.foundation.errors import Fault
from wholeplace.partnership.definitions import (
    AreaSet,
    Dataset,
    Departure,
    EventMapping,
    ExtractField,
    FlagMapping,
    Partner,
    Place,
    Term,
)
from wholeplace.partnership.programmes.areas import (
    AreaFund,
    CohortTarget,
    NeighbourhoodBoard,
)
from wholeplace.partnership.programmes.terms import ClaimDeparture
from wholeplace.partnership.texts import MarkedText, Marks, read_yaml
from wholeplace.partnership.wording import read_definition

__all__ = ["DatasetDraft", "Defined", "PlaceDraft", "dig", "read_draft"]

Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True)
class Defined:
    """One file with the definition read from it, None where it has faults."""

    text: MarkedText
    definition: Any


@dataclass(frozen=True)
class DatasetDraft:
    """One dataset file, read in parts, so that one bad column does not hide the rest.

    Attributes:
        dataset: the whole, None where any part has faults.
        fields: place in the list → column, sound ones only; events and flags likewise.
        columns: every column name as written, in order.
    """

    text: MarkedText
    dataset: Dataset | None
    fields: dict[int, ExtractField]
    events: dict[int, EventMapping]
    flags: dict[int, FlagMapping]

    @property
    def columns(self) -> list[str]:
        """Names of all columns as written, sound or not."""
        listed = self.raw("fields")
        items = listed if isinstance(listed, list) else []
        return [str(item["name"]) for item in items if isinstance(item, dict) and "name" in item]

    @property
    def has_all_fields(self) -> bool:
        """Tell whether every column of the file could be read."""
        listed = self.raw("fields")
        return isinstance(listed, list) and len(listed) == len(self.fields)

    def raw(self, *path: str | int) -> Any:
        """Return what is written at a path, or None."""
        return dig(self.text.data, *path)

    def fault(self, path: Marks, what: str, expected: str = "", mend: str = "") -> Fault:
        """Return a fault at a path of the file."""
        return self.text.fault(path, what, expected, mend)


@dataclass
class PlaceDraft:
    """Everything read from a place folder.

    Attributes:
        texts: path relative to the folder → its text, where it could be read.
        faults: faults of form and of single definitions.
        partner_ids: ids written in `partners.yaml`, sound or not; likewise `dataset_ids` and
            `area_set_ids`.
        agreements: texts of `agreements/*.yaml`; their meaning is checked by a later room.
        dpias: texts of `dpias/*.yaml`; likewise.
        claim_departures: files of `outcomes/` by what they are; likewise `funds`,
            `boards` and `targets`.
    """

    folder: Path
    texts: dict[str, MarkedText] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    place: Place | None = None
    partners: dict[int, Partner] = field(default_factory=dict)
    partner_ids: list[str] = field(default_factory=list)
    datasets: list[DatasetDraft] = field(default_factory=list)
    area_sets: list[Defined] = field(default_factory=list)
    departures: list[Defined] = field(default_factory=list)
    terms: list[Term] = field(default_factory=list)
    agreements: list[MarkedText] = field(default_factory=list)
    dpias: list[MarkedText] = field(default_factory=list)
    claim_departures: list[Defined] = field(default_factory=list)
    funds: list[Defined] = field(default_factory=list)
    boards: list[Defined] = field(default_factory=list)
    targets: list[Defined] = field(default_factory=list)

    @property
    def dataset_ids(self) -> set[str]:
        """Ids of datasets, by what their files say or are called."""
        return {_stem(each.text.file) for each in self.datasets} | {
            str(each.raw("id")) for each in self.datasets
        }

    @property
    def area_set_ids(self) -> set[str]:
        """Ids of area sets, by what their files say or are called."""
        return {_stem(each.text.file) for each in self.area_sets} | {
            str(dig(each.text.data, "id")) for each in self.area_sets
        }


def dig(data: Any, *path: str | int) -> Any:
    """Return what stands at a path of plain values, or None."""
    for part in path:
        has_part = (isinstance(data, dict) and part in data) or (
            isinstance(data, list) and isinstance(part, int) and part < len(data)
        )
        if not has_part:
            return None
        data = data[part]
    return data


def read_draft(folder: Path) -> PlaceDraft:
    """Read every definition of a place folder; never raises for what is written there."""
    draft = PlaceDraft(folder)
    _read_place(draft)
    _read_partners(draft)
    _read_terms(draft)
    for text in _texts_in(draft, "datasets"):
        draft.datasets.append(_read_dataset(draft, text))
    for text in _texts_in(draft, "areas"):
        draft.area_sets.append(Defined(text, _define(draft, AreaSet, text)))
    for text in _texts_in(draft, "needs"):
        draft.departures.append(Defined(text, _define(draft, Departure, text)))
    draft.agreements.extend(_texts_in(draft, "agreements"))
    draft.dpias.extend(_texts_in(draft, "dpias"))
    _read_outcomes(draft)
    # Rooms that come later read these; here they are only held to be readable.
    for name in ("money", "directory"):
        list(_texts_in(draft, name, mapping=False))
    return draft


def _stem(file: str) -> str:
    return file.rpartition("/")[2].removesuffix(".yaml")


def _read(draft: PlaceDraft, file: str, *, mapping: bool = True) -> MarkedText | None:
    path = draft.folder / file
    if not path.is_file() or not path.resolve().is_relative_to(draft.folder.resolve()):
        return None
    text, faults = read_yaml(path, file)
    draft.faults += faults
    if text is None:
        return None
    if mapping and not isinstance(text.data, dict):
        draft.faults.append(
            Fault(
                file,
                1,
                "the file is not a definition",
                "keys and values, such as `id: …`",
                "compare it with docs/reference/place-folder.md",
            )
        )
        return None
    draft.texts[file] = text
    return text


def _texts_in(draft: PlaceDraft, name: str, *, mapping: bool = True) -> Iterator[MarkedText]:
    folder = draft.folder / name
    if not folder.is_dir() or not folder.resolve().is_relative_to(draft.folder.resolve()):
        return
    for path in sorted(folder.iterdir()):
        if path.suffix == ".yaml" and not path.name.startswith("."):
            text = _read(draft, f"{name}/{path.name}", mapping=mapping)
            if text is not None:
                yield text


def _define(
    draft: PlaceDraft, model: type[Model], text: MarkedText, data: Any = None, at: Marks = ()
) -> Model | None:
    built, faults = read_definition(model, text, data, at)
    draft.faults += faults
    return built


def _read_place(draft: PlaceDraft) -> None:
    if (text := _read(draft, "place.yaml")) is not None:
        draft.place = _define(draft, Place, text)


_OUTCOME_KINDS: dict[str, tuple[type[BaseModel], str]] = {
    # the key that says what a file of outcomes/ is: what it is read as, where it is kept
    "claims": (ClaimDeparture, "claim_departures"),
    "fund": (AreaFund, "funds"),
    "board": (NeighbourhoodBoard, "boards"),
    "target": (CohortTarget, "targets"),
}


def _read_outcomes(draft: PlaceDraft) -> None:
    for text in _texts_in(draft, "outcomes"):
        kind = next((key for key in _OUTCOME_KINDS if key in text.data), None)
        if kind is None:
            draft.faults.append(
                text.fault(
                    (),
                    "the file does not say what it is",
                    "one of the keys " + ", ".join(f"`{key}`" for key in _OUTCOME_KINDS),
                    "compare it with docs/reference/programmes.md",
                )
            )
            continue
        model, kept = _OUTCOME_KINDS[kind]
        getattr(draft, kept).append(Defined(text, _define(draft, model, text)))


def _read_list(draft: PlaceDraft, file: str, key: str) -> list[tuple[int, Any, MarkedText]]:
    text = _read(draft, file)
    if text is None:
        return []
    for other in set(text.data) - {key}:
        draft.faults.append(
            text.fault(
                (other,), f"`{other}` is not a key that stands here", f"`{key}:`", f"write `{key}`"
            )
        )
    listed = text.data.get(key)
    if not isinstance(listed, list):
        draft.faults.append(
            text.fault(
                (key,),
                f"`{key}` is missing or is not a list",
                f"`{key}:` with one `- ` item below it for each",
                f"write the list under `{key}:`",
            )
        )
        return []
    return [(place, item, text) for place, item in enumerate(listed)]


def _read_partners(draft: PlaceDraft) -> None:
    for place, item, text in _read_list(draft, "partners.yaml", "partners"):
        if isinstance(item, dict) and "id" in item:
            draft.partner_ids.append(str(item["id"]))
        partner = _define(draft, Partner, text, item, ("partners", place))
        if partner is not None:
            draft.partners[place] = partner


def _read_terms(draft: PlaceDraft) -> None:
    if (draft.folder / "terms.yaml").is_file():
        for place, item, text in _read_list(draft, "terms.yaml", "terms"):
            term = _define(draft, Term, text, item, ("terms", place))
            if term is not None:
                draft.terms.append(term)


def _read_dataset(draft: PlaceDraft, text: MarkedText) -> DatasetDraft:
    return DatasetDraft(
        text,
        _define(draft, Dataset, text),
        _sound(ExtractField, text, "fields"),
        _sound(EventMapping, text, "events"),
        _sound(FlagMapping, text, "flags"),
    )


def _sound(model: type[Model], text: MarkedText, key: str) -> dict[int, Model]:
    """Items of a list that read without faults; those of the others are already listed."""
    listed = text.data.get(key)
    items = listed if isinstance(listed, list) else []
    read = {
        place: read_definition(model, text, item, (key, place)) for place, item in enumerate(items)
    }
    return {place: built for place, (built, _) in read.items() if built is not None}
