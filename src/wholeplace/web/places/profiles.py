"""One area's profile: people, published figures and needs against the place and over time; areas alike."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from wholeplace.agreements import PLANNING
from wholeplace.foundation.errors import NotFoundError, WholeplaceError
from wholeplace.places import WITH_NEED
from wholeplace.places.converting.misalignment import compare_sets
from wholeplace.places.fitting import PlaceGround
from wholeplace.places.indicators import Indicator
from wholeplace.places.peers import Peer, find_peers, hold_out_peers
from wholeplace.web.chain.trail import record
from wholeplace.web.gateway.reveal import viewer_of
from wholeplace.web.gateway.routes import route
from wholeplace.web.gateway.wiring import OpenPlace, current_place
from wholeplace.web.places.counts import rate_per_1000, read_needs
from wholeplace.web.places.figures import convert_indicator
from wholeplace.web.places.ground import drawing_of, ground_of
from wholeplace.web.places.rights import CountingRights, is_counting_role, read_rights
from wholeplace.web.places.shading import band_of, bands_of
from wholeplace.web.places.views import explain_refusal

__all__ = ["AreaFigure", "figures_of_area", "profile", "profiles"]

_PEERS = 3
_REASONS = 3
_LINE_WIDTH, _LINE_HEIGHT, _LINE_MARGIN = 120, 32, 4


@dataclass(frozen=True)
class AreaFigure:
    """One published figure of one area.

    Attributes:
        value: rate or score of the newest period; None where it cannot be worked out.
        place: the same of the whole place.
        rank: 1 for the highest of all areas of the set; of how many.
        likely: range of the figure itself, in words; empty where it was counted.
        periods: period → value in words, oldest first.
        line: points of the line over time; empty where there is one period.
        bands: code → shade, for the small map.
    """

    id: str
    title: str
    per: str
    count: str
    value: float | None
    place: float | None
    rank: int
    of: int
    how: str
    likely: str
    periods: tuple[tuple[str, str], ...]
    line: str
    bands: dict[str, int]


@route(roles="signed-in", shows="counts", when=is_counting_role, explain=explain_refusal)
@require_safe
def profiles(request: HttpRequest) -> HttpResponse:
    """List the areas of every set, each with its profile."""
    ground = ground_of(current_place())
    sets = [
        (each, sorted(ground.names[name].items(), key=lambda area: area[1]))
        for name, each in ground.sets.items()
    ]
    return render(request, "places/profiles.html", {"sets": sets})


@route(roles="signed-in", shows="counts", when=is_counting_role, explain=explain_refusal)
@require_safe
@gzip_page
def profile(request: HttpRequest, areas: str, code: str) -> HttpResponse:
    """Show one area's profile."""
    served, viewer = current_place(), viewer_of(request)
    ground = ground_of(served)
    if viewer is None or areas not in ground.sets or code not in ground.names[areas]:
        raise Http404
    rights = read_rights(served, viewer)
    figures, values = figures_of_area(ground, areas, code)
    drawing = drawing_of(served, areas)
    needs = _needs(served, viewer, rights, areas, code)
    peers, stable = _peers(values, code)
    names = ground.names[areas]
    context: dict[str, Any] = {
        "set": ground.sets[areas], "code": code, "name": names[code], "figures": figures,
        "needs": needs, "can_count": not rights.why, "why": rights.why,
        "residents": _people(ground, areas, code), "view_box": drawing.view_box,
        "maps": [
            (each, [(area.path, each.bands.get(area.code, 0)) for area in drawing.areas],
             next((area for area in drawing.areas if area.code == code), None))
            for each in figures
        ],
        "peers": [_tell_peer(names, figures, each) for each in peers],
        "stable": round(100 * stable) if stable is not None else None,
        "overlaps": _overlaps(ground, areas, code), "weighed_by": ground.weighed_by,
        "periods": max((each.periods for each in figures), key=len, default=()),
    }  # fmt: skip
    return render(request, "places/profile.html", context)


def figures_of_area(
    ground: PlaceGround, areas: str, code: str
) -> tuple[list[AreaFigure], dict[str, dict[str, float]]]:
    """Return an area's published figures, and every area's rates by indicator, for likeness."""
    figures: list[AreaFigure] = []
    values: dict[str, dict[str, float]] = {each: {} for each in ground.names[areas]}
    for each in ground.indicators.values():
        if each.about.kind == "weights" or each.about.areas not in ground.sets:
            continue
        rates = _rates(ground, each, areas, each.newest)
        for area, rate in rates.items():
            values[area][each.about.id] = rate
        figures.append(_figure(ground, each, areas, code, rates))
    return figures, values


def _figure(
    ground: PlaceGround, indicator: Indicator, areas: str, code: str, rates: dict[str, float]
) -> AreaFigure:
    about = indicator.about
    is_own = about.areas == areas
    figure = (
        None
        if is_own
        else convert_indicator(ground, indicator, areas, indicator.newest).figures.get(code)
    )
    own = indicator.values[indicator.newest].get(code)
    amount = own if is_own else figure.value if figure else None
    digits = ".1f" if about.kind == "score" else ",.0f"
    history = [
        (period, _rates(ground, indicator, areas, period).get(code)) for period in indicator.values
    ]
    bands = bands_of(rates)
    order = sorted(rates.values(), reverse=True)
    weights = ground.indicators.get(about.out_of or "")
    return AreaFigure(
        about.id, about.title,
        "score" if about.kind == "score" else f"per {about.per:,} {weights.about.unit if weights else ''}",
        f"{amount:{digits}}" if amount is not None else "", rates.get(code),
        _whole_place(ground, indicator), order.index(rates[code]) + 1 if code in rates else 0,
        len(order), "counted" if is_own else figure.how if figure else "",
        f"{figure.low:{digits}} to {figure.high:{digits}}" if figure and figure.low < figure.high else "",
        tuple((period, f"{rate:.1f}" if rate is not None else "") for period, rate in history),
        _line([rate for _, rate in history if rate is not None]),
        {area: band_of(rate, bands) for area, rate in rates.items()},
    )  # fmt: skip


def _rates(ground: PlaceGround, indicator: Indicator, areas: str, period: str) -> dict[str, float]:
    about = indicator.about
    if about.areas == areas:
        values = dict(indicator.values[period])
    else:
        found = convert_indicator(ground, indicator, areas, period).figures
        values = {area: figure.value for area, figure in found.items()}
    if about.kind == "score" or about.out_of is None:
        return {area: value for area, value in values.items() if area in ground.names[areas]}
    residents = ground.residents(areas, about.out_of)
    return {
        area: about.per * value / residents[area]
        for area, value in values.items()
        if residents.get(area)
    }


def _whole_place(ground: PlaceGround, indicator: Indicator) -> float | None:
    about, values = indicator.about, indicator.values[indicator.newest]
    if about.out_of is not None:
        people = sum(ground.residents(about.areas, about.out_of).values())
        return about.per * sum(values.values()) / people if people else None
    if about.kind != "score":
        return None
    weights: dict[str, float] = {}
    for postcode, area in ground.lookup[about.areas].items():
        weights[area] = weights.get(area, 0.0) + ground.weights.get(postcode, 0.0)
    total = sum(weights.get(area, 0.0) for area in values)
    return sum(values[area] * weights.get(area, 0.0) for area in values) / total if total else None


def _line(values: list[float]) -> str:
    """Return the points of a line over time, in a box of its own."""
    if len(values) < 2:
        return ""
    low, high = min(values), max(values)
    span = (high - low) or 1.0
    step = (_LINE_WIDTH - 2 * _LINE_MARGIN) / (len(values) - 1)
    inner = _LINE_HEIGHT - 2 * _LINE_MARGIN
    return " ".join(
        f"{_LINE_MARGIN + step * n:.1f},{_LINE_MARGIN + inner * (1 - (value - low) / span):.1f}"
        for n, value in enumerate(values)
    )


def _people(ground: PlaceGround, areas: str, code: str) -> str:
    by_area: dict[str, float] = {}
    for postcode, area in ground.lookup[areas].items():
        by_area[area] = by_area.get(area, 0.0) + ground.weights.get(postcode, 0.0)
    return f"{by_area.get(code, 0.0):,.0f}"


def _needs(
    served: OpenPlace, viewer: Any, rights: CountingRights, areas: str, code: str
) -> list[dict[str, Any]]:
    """Return the area's protected counts of every need that the viewer may have counted."""
    if rights.why:
        return []
    record(
        "places.profiled", actor=viewer.user_id, organisation=viewer.organisation,
        role=viewer.role, purpose=PLANNING, areas=areas, area=code, clauses=list(rights.clauses),
    )  # fmt: skip
    told = []
    for right in rights.needs:
        if right.state == "no":
            continue
        try:
            found = read_needs(served, viewer.organisation, areas, right.framework, right.need)
        except NotFoundError:
            continue
        table = found.table
        if code not in table.rows:
            continue
        people, residents = table.count(code, WITH_NEED), table.row_total(code)
        told.append(
            {
                "label": right.label, "headline": right.headline, "people": people,
                "rate": rate_per_1000(people, residents),
                "place": rate_per_1000(table.column_total(WITH_NEED), table.total),
                "is_part": right.state == "part",
            }
        )  # fmt: skip
    return told


def _peers(values: dict[str, dict[str, float]], code: str) -> tuple[tuple[Peer, ...], float | None]:
    indicators = sorted({each for held in values.values() for each in held})
    try:
        peers = find_peers(values, code, indicators, count=_PEERS)
        return peers, hold_out_peers(values, code, indicators, count=_PEERS)
    except WholeplaceError:
        return (), None


def _tell_peer(names: Any, figures: list[AreaFigure], peer: Peer) -> dict[str, Any]:
    titles = {each.id: each.title for each in figures}

    def told(differences: Any) -> list[dict[str, Any]]:
        return [
            {"title": titles[each.indicator], "ours": each.ours, "theirs": each.theirs}
            for each in differences
        ]

    half = min(_REASONS, (len(peer.alike) + 1) // 2)
    return {
        "code": peer.code,
        "name": names[peer.code],
        "distance": peer.distance,
        "agree": told(peer.alike[:half]),
        "differ": told(peer.differ[: len(peer.alike) - half][:_REASONS]),
    }


def _overlaps(ground: PlaceGround, areas: str, code: str) -> list[dict[str, Any]]:
    told = []
    for other, each in ground.sets.items():
        if other == areas:
            continue
        units = [unit for unit in ground.units(areas, other) if unit.source == code]
        parts = compare_sets(units).fragments
        names = ground.names[other]
        told.append(
            {
                "title": each.title,
                "parts": [
                    (names.get(part.target, "outside"), round(100 * part.share))
                    for part in parts
                    if part.share > 0
                ],
            }
        )
    return told
