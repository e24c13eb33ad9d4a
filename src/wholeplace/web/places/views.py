"""The place page: one need, one set of boundaries, a table and a map."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from wholeplace.agreements import PLANNING, Viewer
from wholeplace.foundation.errors import NotFoundError
from wholeplace.places import WITH_NEED
from wholeplace.web.chain.trail import record
from wholeplace.web.gateway.reveal import viewer_of
from wholeplace.web.gateway.routes import route
from wholeplace.web.gateway.wiring import OpenPlace, current_place
from wholeplace.web.places.counts import read_needs, rows_of
from wholeplace.web.places.rights import CountingRights, NeedRight, is_counting_role, read_rights

__all__ = ["explain_refusal", "place"]


class PlaceForm(forms.Form):
    """Which need, in whose boundaries."""

    def __init__(
        self, needs: Sequence[Any], area_sets: Sequence[tuple[str, str]], *args: Any, **given: Any
    ) -> None:
        super().__init__(*args, **given)
        self.fields["need"] = forms.ChoiceField(label="Need", choices=list(needs))
        self.fields["areas"] = forms.ChoiceField(label="Boundaries", choices=list(area_sets))


def explain_refusal(request: HttpRequest) -> HttpResponse:
    """Answer somebody who may have no counts: what is missing, and whom to ask."""
    viewer = viewer_of(request)
    if viewer is None:
        raise PermissionDenied
    rights = read_rights(current_place(), viewer)
    return render(request, "places/refused.html", {"rights": rights}, status=403)


@route(roles="signed-in", shows="counts", when=is_counting_role, explain=explain_refusal)
@require_GET
def place(request: HttpRequest) -> HttpResponse:
    """Show how many residents of each area have a need, protected, if a clause lets the viewer."""
    served, viewer = current_place(), viewer_of(request)
    needs, sets = (
        _needs(served),
        [(each.id, each.title) for each in served.place.area_sets.values()],
    )
    context: dict[str, Any] = {"place_name": served.place.place.name, "sets": sets}
    if not needs or not sets or viewer is None:
        return render(request, "places/place.html", context)
    rights = read_rights(served, viewer)
    chosen = _choose(request, needs, sets, rights)
    if rights.why:
        return render(request, "places/refused.html", {"rights": rights}, status=403)
    right = next(each for each in rights.needs if each.value == chosen["need"])
    context |= {
        "form": PlaceForm(_options(needs, rights), sets, initial=chosen),
        "chosen": chosen,
        "right": right,
        "uncounted": [each for each in rights.needs if each.state == "no"],
        "rights": rights,
        "need_words": right.label,
        "set_words": dict(sets)[chosen["areas"]],
    }
    if right.state == "no":
        return render(request, "places/place.html", context)
    try:
        reader = served.snapshot_reader
        found = read_needs(
            served, viewer.organisation, chosen["areas"], right.framework, right.need
        )
    except NotFoundError:
        return render(request, "places/place.html", context)
    _log(viewer, right, chosen["areas"], rights)
    rows, bands = rows_of(found)
    context |= {
        "rows": rows,
        "bands": bands,
        "has_hidden": any(not row.people.is_shown for row in rows),
        "table": found.table,
        "total": found.table.column_total(WITH_NEED),
        "view_box": rows[0].area.view_box if rows else "0 0 1 1",
        "as_of": dt.date.fromisoformat(str(reader.snapshot.manifest["as_of"])[:10]),
    }
    return render(request, "places/place.html", context)


def _choose(
    request: HttpRequest,
    needs: Sequence[Any],
    sets: Sequence[tuple[str, str]],
    rights: CountingRights,
) -> dict[str, str]:
    offered = [value for _, options in needs for value, _ in options]
    first = next((each.value for each in rights.needs if each.state != "no"), offered[0])
    need = request.GET.get("need") or first
    areas = request.GET.get("areas") or sets[0][0]
    if need not in offered or areas not in dict(sets):
        raise Http404
    return {"need": need, "areas": areas}


def _options(
    needs: Sequence[tuple[str, list[tuple[str, str]]]], rights: CountingRights
) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the needs that may be counted for the viewer, under their headlines."""
    counted = {each.value for each in rights.needs if each.state != "no"}
    kept = [(label, [each for each in of if each[0] in counted]) for label, of in needs]
    return [(label, of) for label, of in kept if of]


def _needs(served: OpenPlace) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the needs of the frameworks adopted, under their headlines."""
    return [
        (headline.label, [(f"{framework.id}/{need.id}", need.label) for need in headline.needs])
        for framework in served.place.frameworks
        for headline in framework.headlines
        if headline.needs
    ]


def _log(viewer: Viewer, right: NeedRight, area_set: str, rights: CountingRights) -> None:
    record(
        "places.counted", actor=viewer.user_id, organisation=viewer.organisation,
        role=viewer.role, purpose=PLANNING, framework=right.framework, need=right.need,
        areas=area_set, clauses=list(rights.clauses),
    )  # fmt: skip
