"""The place page: one need, one set of boundaries, a table and a map."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from wholeplace.agreements import place_day
from wholeplace.foundation.errors import NotFoundError
from wholeplace.places import WITH_NEED
from wholeplace.web.chain.trail import record
from wholeplace.web.gateway.reveal import viewer_of
from wholeplace.web.gateway.routes import route
from wholeplace.web.gateway.wiring import OpenPlace, current_place
from wholeplace.web.places.counts import read_needs, rows_of

__all__ = ["place"]

_PLANNING = "service-planning"


class PlaceForm(forms.Form):
    """Which need, in whose boundaries."""

    def __init__(
        self, needs: Sequence[Any], area_sets: Sequence[tuple[str, str]], *args: Any, **given: Any
    ) -> None:
        super().__init__(*args, **given)
        self.fields["need"] = forms.ChoiceField(label="Need", choices=list(needs))
        self.fields["areas"] = forms.ChoiceField(label="Boundaries", choices=list(area_sets))


@route(roles="signed-in", shows="counts")
@require_GET
def place(request: HttpRequest) -> HttpResponse:
    """Show how many residents of each area have a need, protected."""
    served = current_place()
    needs, sets = (
        _needs(served),
        [(each.id, each.title) for each in served.place.area_sets.values()],
    )
    context: dict[str, Any] = {"place_name": served.place.place.name, "sets": sets}
    if not needs or not sets:
        return render(request, "places/place.html", context)
    chosen = _choose(request, needs, sets)
    if not _may_count(served):
        return render(request, "places/place.html", context | {"is_suspended": True})
    framework, need = chosen["need"].split("/", 1)
    try:
        reader = served.snapshot_reader
        found = read_needs(reader, chosen["areas"], framework, need)
    except NotFoundError:
        return render(request, "places/place.html", context)
    _log(request, framework, need, chosen["areas"])
    rows, bands = rows_of(found)
    words = {value: label for _, options in needs for value, label in options}
    context |= {
        "form": PlaceForm(needs, sets, initial=chosen),
        "rows": rows,
        "bands": bands,
        "has_hidden": any(not row.people.is_shown for row in rows),
        "table": found.table,
        "total": found.table.column_total(WITH_NEED),
        "need_words": words[chosen["need"]],
        "set_words": dict(sets)[chosen["areas"]],
        "chosen": chosen,
        "view_box": rows[0].area.view_box if rows else "0 0 1 1",
        "as_of": dt.date.fromisoformat(str(reader.snapshot.manifest["as_of"])[:10]),
    }
    return render(request, "places/place.html", context)


def _choose(
    request: HttpRequest, needs: Sequence[Any], sets: Sequence[tuple[str, str]]
) -> dict[str, str]:
    offered = [value for _, options in needs for value, _ in options]
    need = request.GET.get("need") or offered[0]
    areas = request.GET.get("areas") or sets[0][0]
    if need not in offered or areas not in dict(sets):
        raise Http404
    return {"need": need, "areas": areas}


def _needs(served: OpenPlace) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the needs of the frameworks adopted, under their headlines."""
    return [
        (headline.label, [(f"{framework.id}/{need.id}", need.label) for need in headline.needs])
        for framework in served.place.frameworks
        for headline in framework.headlines
        if headline.needs
    ]


def _may_count(served: OpenPlace) -> bool:
    """Return whether an agreement in force lets anybody count for planning at all."""
    today = place_day(dt.datetime.now(dt.UTC), served.place.place.time_zone)
    return any(key[2] == _PLANNING for key in served.rules(today).index)


def _log(request: HttpRequest, framework: str, need: str, area_set: str) -> None:
    viewer = viewer_of(request)
    if viewer is not None:
        record(
            "places.counted", actor=viewer.user_id, organisation=viewer.organisation,
            role=viewer.role, purpose=_PLANNING, framework=framework, need=need, areas=area_set,
        )  # fmt: skip
