"""The folder `money/` of a place: read whole, or every fault at once."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from wholeplace.foundation.errors import CheckFailedError, Fault, NotFoundError
from wholeplace.money.benefits.definitions import Intervention, Settings
from wholeplace.money.benefits.discounting import load_schedules
from wholeplace.money.funds.definitions import Fund
from wholeplace.money.pools.definitions import Pool
from wholeplace.money.unit_costs import find_unit_cost, load_deflator, load_unit_costs
from wholeplace.partnership.draft import PlaceDraft
from wholeplace.partnership.texts import MarkedText, read_yaml
from wholeplace.partnership.wording import list_words, read_definition

__all__ = ["PlaceMoney", "check_money", "read_money"]

Model = TypeVar("Model", bound=BaseModel)
_LISTS = ("interventions", "funds", "pools")
_FILES = ("settings", *_LISTS)


@dataclass(frozen=True)
class PlaceMoney:
    """Everything that a place states about money.

    Attributes:
        settings: None where the place states nothing about money.
        interventions: by id; funds and pools likewise.
    """

    settings: Settings | None = None
    interventions: Mapping[str, Intervention] = field(default_factory=dict)
    funds: Mapping[str, Fund] = field(default_factory=dict)
    pools: Mapping[str, Pool] = field(default_factory=dict)


def read_money(folder: Path) -> PlaceMoney:
    """Return what a place folder states about money.

    Raises:
        CheckFailedError: with every fault of the folder's `money/`.
    """
    texts: dict[str, MarkedText] = {}
    faults: list[Fault] = []
    for path in sorted((Path(folder) / "money").glob("*.yaml")):
        text, found = read_yaml(path, f"money/{path.name}")
        faults += found
        if text is not None:
            texts[text.file] = text
    reader = _Reader(texts)
    faults += reader.faults
    if faults:
        raise CheckFailedError(faults)
    return reader.money()


def check_money(draft: PlaceDraft) -> Iterator[Fault]:
    """Name the faults of a draft's `money/`, for `check_place`."""
    reader = _Reader(
        {name: text for name, text in draft.texts.items() if name.startswith("money/")}
    )
    yield from reader.faults
    known = set(draft.partner_ids)
    for text, path, partner in reader.partners():
        if partner and partner not in known:
            yield text.fault(
                path,
                f"there is no partner `{partner}`",
                f"one of {list_words(sorted(known))}",
                "write its id, or words with a space for a body outside the partnership",
            )


class _Reader:
    """Reads each file once, keeping what is sound and every fault of what is not."""

    def __init__(self, texts: Mapping[str, MarkedText]) -> None:
        self.faults: list[Fault] = []
        self._texts = texts
        self.settings = self._settings()
        self.interventions = self._listed("interventions", Intervention)
        self.funds = self._listed("funds", Fund)
        self.pools = self._listed("pools", Pool)
        for name, text in texts.items():
            stem = name.removeprefix("money/").removesuffix(".yaml")
            if stem not in _FILES:
                self.faults.append(
                    text.fault(
                        (),
                        f"nothing reads `{name}`",
                        f"{list_words(_FILES)}",
                        "rename or delete it",
                    )
                )
        self._check_meaning()

    def money(self) -> PlaceMoney:
        """Return what is sound."""
        return PlaceMoney(
            self.settings[1] if self.settings else None,
            MappingProxyType({each.id: each for _, _, each in self.interventions}),
            MappingProxyType({each.id: each for _, _, each in self.funds}),
            MappingProxyType({each.id: each for _, _, each in self.pools}),
        )

    def partners(self) -> Iterator[tuple[MarkedText, tuple[str | int, ...], str]]:
        """Yield every id of a partner with where it stands; words for outsiders are left out."""
        if self.settings:
            text, settings = self.settings
            for agency, partner in settings.agencies.items():
                yield text, ("agencies", agency), partner
        for text, at, fund in self.funds:
            for key in ("payer", "holder"):
                named = str(getattr(fund, key))
                if " " not in named:
                    yield text, (*at, key), named
        for text, at, pool in self.pools:
            yield text, (*at, "host"), pool.host
            for place, each in enumerate(pool.contributions):
                yield text, (*at, "contributions", place, "partner"), each.partner

    def _text(self, stem: str) -> MarkedText | None:
        return self._texts.get(f"money/{stem}.yaml")

    def _settings(self) -> tuple[MarkedText, Settings] | None:
        text = self._text("settings")
        if text is None:
            return None
        built, faults = _define(Settings, text, text.data, ())
        self.faults += faults
        return (text, built) if built is not None else None

    def _listed(
        self, stem: str, model: type[Model]
    ) -> list[tuple[MarkedText, tuple[str | int, ...], Model]]:
        text = self._text(stem)
        if text is None:
            return []
        listed = text.data.get(stem) if isinstance(text.data, dict) else None
        if not isinstance(listed, list):
            self.faults.append(
                text.fault(
                    (),
                    f"`{stem}:` is missing or is not a list",
                    f"`{stem}:` with items",
                    "write it",
                )
            )
            return []
        found: list[tuple[MarkedText, tuple[str | int, ...], Model]] = []
        seen = set()
        for place, item in enumerate(listed):
            built, faults = _define(model, text, item, (stem, place))
            self.faults += faults
            if built is None:
                continue
            own = str(built.id)  # type: ignore[attr-defined]
            if own in seen:
                self.faults.append(
                    text.fault(
                        (stem, place, "id"), f"`{own}` stands twice", "ids once", "rename one"
                    )
                )
            seen.add(own)
            found.append((text, (stem, place), built))
        return found

    def _check_meaning(self) -> None:
        if self.settings:
            text, settings = self.settings
            self._known(
                text, ("schedule",), "discount schedule", settings.schedule, load_schedules()
            )
            self._try(text, ("price_year",), lambda: load_deflator().of_year(settings.price_year))
        elif self._text("settings") is None and self.interventions:
            where = self.interventions[0][0]
            self.faults.append(
                where.fault(
                    (), "money/settings.yaml is missing", "one with the price year", "write it"
                )
            )
        ids = {each.id for _, _, each in self.interventions}
        for text, at, intervention in self.interventions:
            for place, each in enumerate(intervention.benefits):
                where_ = (*at, "benefits", place, "unit_cost")
                self._known(text, where_, "unit cost", each.unit_cost, load_unit_costs())
                if each.unit_cost in load_unit_costs():
                    price_year = find_unit_cost(each.unit_cost).price_year
                    self._try(text, where_, _price(price_year))
        for text, at, fund in self.funds:
            if fund.intervention:
                self._known(text, (*at, "intervention"), "intervention", fund.intervention, ids)

    def _known(self, text: MarkedText, at: Any, what: str, named: str, known: Any) -> None:
        if named not in known:
            self.faults.append(
                text.fault(
                    at, f"there is no {what} `{named}`", f"a {what} that is known", "write its id"
                )
            )

    def _try(self, text: MarkedText, at: Any, ask: Callable[[], object]) -> None:
        try:
            ask()
        except NotFoundError as error:
            self.faults.append(text.fault(at, error.what.rstrip("."), error.why.rstrip(".")))


def _define(
    model: type[Model], text: MarkedText, data: Any, at: tuple[str | int, ...]
) -> tuple[Model | None, list[Fault]]:
    """Read one definition; what a whole definition finds wrong with itself is said in its words."""
    built, faults = read_definition(model, text, data, at)
    if built is not None or not faults:
        return built, faults
    try:
        model.model_validate(data)
    except ValidationError as error:
        for number, each in enumerate(error.errors()[: len(faults)]):
            if each["type"] == "value_error":
                words = str(each["msg"]).removeprefix("Value error, ")
                faults[number] = text.fault((*at, *each["loc"]), words)
    return None, faults


def _price(year: str) -> Callable[[], object]:
    return lambda: load_deflator().of_year(year)
