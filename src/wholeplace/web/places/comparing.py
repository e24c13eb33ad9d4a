"""One figure in two partners' boundaries: counted where it was, converted with its error elsewhere."""

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from wholeplace.agreements import PLANNING
from wholeplace.foundation.errors import NotFoundError
from wholeplace.web.chain.trail import record
from wholeplace.web.gateway.reveal import viewer_of
from wholeplace.web.gateway.routes import route
from wholeplace.web.gateway.wiring import current_place
from wholeplace.web.places.figures import Chosen, choose_figure, figure_options, read_figure
from wholeplace.web.places.ground import drawing_of, ground_of
from wholeplace.web.places.rights import CountingRights, is_counting_role, read_rights
from wholeplace.web.places.shading import bands_of
from wholeplace.web.places.views import explain_refusal

__all__ = ["compare", "record_counted"]

_MOST_NUMBERED = 80


class CompareForm(forms.Form):
    """Which figure, in whose boundaries, converted from whose."""

    def __init__(self, options: Any, sets: list[tuple[str, str]], **given: Any) -> None:
        super().__init__(**given)
        self.fields["figure"] = forms.ChoiceField(label="Figure", choices=options)
        self.fields["areas"] = forms.ChoiceField(label="Show it in", choices=sets)
        self.fields["from"] = forms.ChoiceField(label="Converted from", choices=sets)


@route(roles="signed-in", shows="counts", when=is_counting_role, explain=explain_refusal)
@require_safe
@gzip_page
def compare(request: HttpRequest) -> HttpResponse:
    """Show one figure in the boundaries of one partner, converted from those of another."""
    served, viewer = current_place(), viewer_of(request)
    if viewer is None:
        raise Http404
    ground, rights = ground_of(served), read_rights(served, viewer)
    sets = [(name, each.title) for name, each in ground.sets.items()]
    options = figure_options(rights, ground)
    if len(sets) < 2 or not options:
        return render(request, "places/compare.html", {"is_empty": True})
    first = options[0][1][0][0]
    chosen = choose_figure(request.GET.get("figure") or first, rights, ground)
    areas = request.GET.get("areas") or sets[-1][0]
    if chosen is None or areas not in dict(sets):
        raise Http404
    source = chosen.own_set or request.GET.get("from") or _other_set(sets, areas)
    if source not in dict(sets):
        raise Http404
    record_counted(viewer, chosen, [areas, source], rights)
    try:
        table = read_figure(served, viewer.organisation, ground, chosen, areas, source)
    except NotFoundError:
        return render(request, "places/compare.html", {"is_empty": True})
    held, both = table.checked
    drawing = drawing_of(served, areas)
    context = {
        "form": CompareForm(
            options, sets, initial={"figure": chosen.value, "areas": areas, "from": source}
        ),
        "chosen": chosen, "table": table, "areas": areas, "source": source,
        "set_words": dict(sets)[areas], "source_words": dict(sets)[source],
        "converted_words": dict(sets).get(table.converted_from, ""),
        "held": held, "both": both, "weighed_by": ground.weighed_by,
        "bands": bands_of({row.code: row.rate for row in table.rows if row.rate is not None}),
        "has_hidden": any(row.rate is None for row in table.rows),
        "map": map_of(drawing, table.rows), "is_numbered": len(table.rows) <= _MOST_NUMBERED,
        "has_counted": any(row.counted for row in table.rows),
        "has_figures": any(row.figure for row in table.rows),
        "is_score": chosen.indicator is not None and chosen.indicator.about.kind == "score",
        "can_ask": bool(rights.clauses),
    }  # fmt: skip
    return render(request, "places/compare.html", context)


def map_of(drawing: Any, rows: Any) -> dict[str, Any]:
    """Return a drawing with each area's row, for the template of maps."""
    by_code = {row.code: row for row in rows}
    return {
        "view_box": drawing.view_box,
        "areas": [(each, by_code[each.code]) for each in drawing.areas if each.code in by_code],
    }


def record_counted(viewer: Any, chosen: Chosen, areas: list[str], rights: CountingRights) -> None:
    """Write to the trail that a need's counts are shown; published figures are open to all."""
    if chosen.need is None:
        return
    record(
        "places.counted", actor=viewer.user_id, organisation=viewer.organisation,
        role=viewer.role, purpose=PLANNING, framework=chosen.need.framework,
        need=chosen.need.need, areas=",".join(dict.fromkeys(areas)), clauses=list(rights.clauses),
    )  # fmt: skip


def _other_set(sets: list[tuple[str, str]], areas: str) -> str:
    return next(name for name, _ in reversed(sets) if name != areas)
