"""One figure in one set of boundaries: as it was counted there, and as it is converted to there.

A figure is a need, counted for the viewer's organisation under agreements and protected, or one
that a partner publishes by its own areas.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from wholeplace.foundation.errors import NotFoundError
from wholeplace.foundation.protected import ProtectedCount, ProtectedTable
from wholeplace.places import WITH_NEED
from wholeplace.places.converting.counts import Converted, Figure, convert_amounts, convert_counts
from wholeplace.places.fitting import PlaceGround
from wholeplace.places.given import counts_as_given
from wholeplace.places.indicators import Indicator
from wholeplace.web.gateway.wiring import OpenPlace
from wholeplace.web.places.counts import rate_per_1000, read_needs
from wholeplace.web.places.rights import CountingRights, NeedRight
from wholeplace.web.places.shading import band_of, bands_of

__all__ = [
    "Chosen",
    "FigureRow",
    "FigureTable",
    "choose_figure",
    "convert_indicator",
    "figure_options",
    "read_figure",
]

_NEED, _PUBLISHED = "need", "published"
_PER = 1000


@dataclass(frozen=True)
class Chosen:
    """What was asked for.

    Attributes:
        value: stands for it in an address.
        need: the right to count it, for a need.
        indicator: the published figure, for one that a partner publishes.
    """

    value: str
    title: str
    need: NeedRight | None = None
    indicator: Indicator | None = None

    @property
    def own_set(self) -> str | None:
        """The boundaries in which it is published; None for a need, which is counted in all."""
        return self.indicator.about.areas if self.indicator else None

    @property
    def unit(self) -> str:
        """What it counts."""
        return self.indicator.about.unit if self.indicator else "residents with the need"


@dataclass(frozen=True)
class FigureRow:
    """One area of the boundaries asked for.

    Attributes:
        counted: as counted in these boundaries; empty where it never was.
        figure: as converted from other boundaries; None where it was not converted.
        residents: the denominator, in words; empty where there is none.
        rate: per 1,000 (or a score), for the map.
        band: shade of the map.
        agrees: whether the interval holds what was counted; None where one of them is missing.
    """

    code: str
    name: str
    counted: str
    figure: Figure | None
    residents: str
    rate: float | None
    number: int = 0
    band: int = 0
    agrees: bool | None = None


@dataclass(frozen=True)
class FigureTable:
    """A figure in one set of boundaries.

    Attributes:
        total: the same before and after, in words.
        converted_from: the set that it was converted from; empty where it was not.
        note: how the published figures were protected, or of which period they are.
        tables: protected tables that the figures rest on, for the airlock.
    """

    rows: tuple[FigureRow, ...]
    total: str
    converted_from: str
    note: str
    source: str
    per: str
    tables: tuple[ProtectedTable, ...] = ()

    @property
    def checked(self) -> tuple[int, int]:
        """Of areas both counted and converted: in how many the interval holds; and how many."""
        both = [row for row in self.rows if row.agrees is not None]
        return sum(1 for row in both if row.agrees), len(both)


def figure_options(
    rights: CountingRights | None, ground: PlaceGround
) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return what may be chosen, grouped: published figures first, then needs by headline."""
    published = [
        (f"{_PUBLISHED}/{each.about.id}", each.about.title)
        for each in ground.indicators.values()
        if each.about.kind != "weights" and each.about.areas in ground.sets
    ]
    groups: dict[str, list[tuple[str, str]]] = {}
    for each in rights.needs if rights is not None and not rights.why else ():
        if each.state != "no":
            groups.setdefault(each.headline, []).append((f"{_NEED}/{each.value}", each.label))
    options = [("Needs: " + headline, listed) for headline, listed in groups.items()]
    return [*options, *([("Published by partners", published)] if published else [])]


def choose_figure(value: str, rights: CountingRights | None, ground: PlaceGround) -> Chosen | None:
    """Return what an address asks for; None where the viewer may not have it or it is unknown."""
    offered = {each for _, listed in figure_options(rights, ground) for each, _ in listed}
    if value not in offered:
        return None
    kind, _, name = value.partition("/")
    if kind == _PUBLISHED:
        indicator = ground.indicators[name]
        return Chosen(value, indicator.about.title, indicator=indicator)
    right = next(each for each in rights.needs if each.value == name) if rights else None
    return Chosen(value, right.label, need=right) if right else None


def read_figure(
    served: OpenPlace,
    organisation: str,
    ground: PlaceGround,
    chosen: Chosen,
    area_set: str,
    source_set: str,
) -> FigureTable:
    """Return a figure in one set of boundaries.

    Args:
        served: the place.
        organisation: for whom needs are counted.
        ground: of today.
        chosen: what to show.
        area_set: in whose boundaries.
        source_set: converted from whose; the same set, or the set that a published figure is of,
            means not converted where it need not be.

    Raises:
        NotFoundError: if nothing was counted.
    """
    if chosen.need is not None:
        return _read_need(served, organisation, ground, chosen.need, area_set, source_set)
    if chosen.indicator is None:
        raise NotFoundError("There is no such figure.", "", "Choose one from the list.")
    return _read_published(ground, chosen.indicator, area_set)


def _read_need(
    served: OpenPlace,
    organisation: str,
    ground: PlaceGround,
    need: NeedRight,
    area_set: str,
    source_set: str,
) -> FigureTable:
    here = read_needs(served, organisation, area_set, need.framework, need.need)
    converted, tables = None, [here.table]
    if source_set != area_set:
        there = read_needs(served, organisation, source_set, need.framework, need.need)
        given = counts_as_given(there.table)
        if given is not None:
            crosswalk = ground.crosswalk(source_set, area_set)
            counts = {code: given.counts.get(code, 0) for code in crosswalk.sources}
            converted = convert_counts(crosswalk, counts, given.noise)
    rows = []
    for area in here.areas:
        count, residents = here.table.count(area.code, WITH_NEED), here.table.row_total(area.code)
        figure = converted.figures.get(area.code) if converted else None
        rows.append(
            FigureRow(
                area.code, area.name, str(count), figure, str(residents),
                rate_per_1000(count, residents), agrees=_agrees(count, figure, here.table),
            )
        )  # fmt: skip
    table = here.table
    note = (
        f"Counts of {table.threshold} or fewer are not shown, and others are rounded to a multiple "
        f"of {table.base}: no figure is more than {table.error_at_most} out."
    )
    return FigureTable(
        _in_order(rows), str(table.column_total(WITH_NEED)),
        source_set if converted else "", note, "Counted from partners’ records", "per 1,000 residents",
        tuple(tables),
    )  # fmt: skip


def _agrees(count: ProtectedCount, figure: Figure | None, table: ProtectedTable) -> bool | None:
    if figure is None or count.shown is None:
        return None
    slack = table.error_at_most
    return figure.low - slack <= count.shown <= figure.high + slack


def _read_published(ground: PlaceGround, indicator: Indicator, area_set: str) -> FigureTable:
    about, period = indicator.about, indicator.newest
    values = indicator.values[period]
    is_own = about.areas == area_set
    converted = None if is_own else convert_indicator(ground, indicator, area_set, period)
    residents = ground.residents(area_set, about.out_of) if about.out_of else {}
    rows = []
    for code, name in ground.names[area_set].items():
        figure = converted.figures.get(code) if converted else None
        value = values.get(code) if is_own else figure.value if figure else None
        people = residents.get(code)
        rate = value if about.kind == "score" else _rate(value, people, about.per)
        counted = _say(value, about.kind) if is_own and value is not None else ""
        rows.append(
            FigureRow(code, name, counted, figure, f"{people:,.0f}" if people else "", rate)
        )
    total = "" if about.kind == "score" else f"{sum(values.values()):,.0f}"
    per = "score" if about.kind == "score" else f"per {about.per:,} {_people(ground, indicator)}"
    return FigureTable(
        _in_order(rows), total, "" if is_own else about.areas, f"Of {period}.",
        f"{about.source}, {about.source_on.day} {about.source_on:%B %Y}. Licence: {about.licence}.",
        per,
    )  # fmt: skip


def convert_indicator(
    ground: PlaceGround, indicator: Indicator, area_set: str, period: str
) -> Converted:
    """Return a published figure in other boundaries; a score by its weighted mean.

    A score is carried as score times weight over weight, never as an average of averages.
    """
    crosswalk = ground.crosswalk(indicator.about.areas, area_set)
    values = {code: indicator.values[period].get(code, 0.0) for code in crosswalk.sources}
    if indicator.about.kind != "score":
        whole = {code: round(value) for code, value in values.items()}
        return convert_counts(crosswalk, whole)
    weights = dict(zip(crosswalk.sources, crosswalk.weights, strict=True))
    above = convert_amounts(
        crosswalk, {code: values[code] * weights[code] for code in values},
        dict.fromkeys(values, 0.0),
    )  # fmt: skip
    below = convert_amounts(crosswalk, weights, dict.fromkeys(values, 0.0))
    figures = {}
    for code, top in above.figures.items():
        bottom = below.figures[code].value or 1.0
        held = [values[each] for each in crosswalk.sources if crosswalk.share(each, code) > 0]
        # A mean lies between the scores that went into it, whatever the error says.
        figures[code] = Figure(
            round(top.value / bottom, 1),
            round(max(top.low / bottom, min(held, default=0.0)), 1),
            round(min(top.high / bottom, max(held, default=0.0)), 1),
            top.how,
            top.error / bottom,
        )
    return Converted(figures, None, above.total)


def _rate(value: float | None, people: float | None, per: int) -> float | None:
    return round(per * value / people, 1) if value is not None and people else None


def _say(value: float, kind: str) -> str:
    return f"{value:.1f}" if kind == "score" else f"{value:,.0f}"


def _people(ground: PlaceGround, indicator: Indicator) -> str:
    weights = ground.indicators.get(indicator.about.out_of or "")
    return weights.about.unit if weights else "residents"


def _in_order(rows: Sequence[FigureRow]) -> tuple[FigureRow, ...]:
    rates: Mapping[str, float] = {row.code: row.rate for row in rows if row.rate is not None}
    bands = bands_of(rates)
    ordered = sorted(rows, key=lambda row: (row.name, row.code))
    return tuple(
        replace(row, number=number, band=band_of(row.rate, bands))
        for number, row in enumerate(ordered, start=1)
    )
