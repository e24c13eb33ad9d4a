"""How partners' boundaries fit each other: a matrix, one pair with its fragments, a line moved."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from wholeplace.places.converting.misalignment import (
    Fragment,
    LineMoved,
    Misalignment,
    compare_sets,
    find_moves,
)
from wholeplace.places.fitting import PlaceGround
from wholeplace.web.gateway.routes import route
from wholeplace.web.gateway.wiring import OpenPlace, current_place
from wholeplace.web.places.ground import drawing_of, ground_of

__all__ = ["boundaries", "fit"]

_MOST_MOVES = 5


@dataclass(frozen=True)
class Cell:
    """One pair of sets in the matrix: how many live outside the main match."""

    source: str
    target: str
    found: Misalignment | None

    @property
    def percent(self) -> str:
        """The share in words."""
        return f"{100 * self.found.outside_share:.0f}%" if self.found else ""


@dataclass(frozen=True)
class FragmentRow:
    """One fragment, for the table and the map."""

    fragment: Fragment
    source_name: str
    target_name: str
    number: int
    band: int


@route(roles="signed-in", shows="public")
@require_safe
def boundaries(request: HttpRequest) -> HttpResponse:
    """Show how every set of boundaries fits every other."""
    served = current_place()
    ground = ground_of(served)
    rows = [
        (
            each.title,
            _partners_of(served, name),
            [
                Cell(
                    name, other, compare_sets(ground.units(name, other)) if other != name else None
                )
                for other in ground.sets
            ],
        )
        for name, each in ground.sets.items()
    ]
    titles = [each.title for each in ground.sets.values()]
    context = {"rows": rows, "titles": titles, "weighed_by": ground.weighed_by}
    return render(request, "places/boundaries.html", context)


@route(roles="signed-in", shows="public")
@require_safe
def fit(request: HttpRequest, source: str, target: str) -> HttpResponse:
    """Show how one set fits another: its fragments, whom they touch, and lines worth moving."""
    served = current_place()
    ground = ground_of(served)
    if source not in ground.sets or target not in ground.sets or source == target:
        raise Http404
    units = ground.units(source, target)
    found = compare_sets(units)
    rows = _rows_of(ground, source, target, found)
    drawing = drawing_of(served, source, target)
    by_code = {f"{row.fragment.source}|{row.fragment.target}": row for row in rows}
    context: dict[str, Any] = {
        "rows": rows, "found": found, "weighed_by": ground.weighed_by,
        "one": ground.sets[source], "two": ground.sets[target],
        "one_partners": _partners_of(served, source), "two_partners": _partners_of(served, target),
        "areas": len(ground.names[source]), "percent": f"{100 * found.outside_share:.0f}",
        "moves": [_say_move(ground, source, target, move) for move in find_moves(units)[:_MOST_MOVES]],
        "map": {
            "view_box": drawing.view_box,
            "areas": [(each, by_code[each.code]) for each in drawing.areas if each.code in by_code],
        },
    }  # fmt: skip
    return render(request, "places/fit.html", context)


def _rows_of(
    ground: PlaceGround, source: str, target: str, found: Misalignment
) -> list[FragmentRow]:
    ours, theirs = ground.names[source], ground.names[target]
    listed = sorted(
        (each for each in found.fragments if each.people),
        key=lambda each: (ours.get(each.source, ""), -each.people),
    )
    return [
        FragmentRow(
            each, ours.get(each.source, each.source),
            theirs.get(each.target, "outside every area of it"), number, 1 if each.is_main else 3,
        )
        for number, each in enumerate(listed, start=1)
    ]  # fmt: skip


def _say_move(ground: PlaceGround, source: str, target: str, move: LineMoved) -> dict[str, Any]:
    return {
        "from": ground.names[source].get(move.fragment.source, move.fragment.source),
        "to": ground.names[source].get(move.to, move.to),
        "within": ground.names[target].get(move.fragment.target, move.fragment.target),
        "people": move.people,
        "fewer": move.fewer,
        "after": move.outside_after,
    }


def _partners_of(served: OpenPlace, area_set: str) -> str:
    return ", ".join(
        each.name for each in served.place.partners.values() if each.boundaries == area_set
    )
