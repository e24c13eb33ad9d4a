"""Pages on choosing hubs: saved choices, a new one, one choice, and several side by side."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from wholeplace.foundation.errors import NotFoundError, WholeplaceError
from wholeplace.web.gateway.reveal import viewer_of
from wholeplace.web.gateway.routes import route
from wholeplace.web.gateway.wiring import current_place
from wholeplace.web.hubs.access import Beginning, begin, people_of
from wholeplace.web.hubs.models import HubChoice
from wholeplace.web.hubs.planning.changes import bring_back, put_away, rename
from wholeplace.web.hubs.planning.drawing import draw_choice
from wholeplace.web.hubs.planning.figures import planning_figures
from wholeplace.web.hubs.planning.forms import ChoiceForm, TitleForm
from wholeplace.web.hubs.planning.rights import PlanningRights, is_planning_role, read_rights
from wholeplace.web.hubs.planning.running import finest_first, work_out

__all__ = ["choice", "choices", "compare", "explain_refusal", "new", "remove", "restore", "title"]


def explain_refusal(request: HttpRequest) -> HttpResponse:
    """Answer somebody who may have no counts: what is missing."""
    viewer = viewer_of(request)
    if viewer is None:
        raise PermissionDenied
    rights = read_rights(current_place(), viewer)
    return render(request, "hubs/refused.html", {"rights": rights}, status=403)


@route(roles="signed-in", shows="counts", when=is_planning_role, explain=explain_refusal)
@require_safe
def choices(request: HttpRequest) -> HttpResponse:
    """Every choice of the viewer's organisation that was not put away, to open and to compare."""
    start, rights = _begin(request)
    if rights.why:
        return _refuse(request, rights)
    found = list(_ours(start).filter(removed_at=None)[: planning_figures().listed_at_most])
    names = people_of(each.made_by for each in found)
    context = {
        "rows": [{"choice": each, "by": names.get(each.made_by)} for each in found],
        "removed": _ours(start).exclude(removed_at=None)[:5],
        "has_sites": bool(start.sites and start.sites.sites),
        "at_most": planning_figures().compared_at_most,
    }
    return render(request, "hubs/choices.html", context)


@route(roles="signed-in", shows="counts", when=is_planning_role, explain=explain_refusal)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Ask for a choice; it is worked out, kept and shown."""
    start, rights = _begin(request)
    if rights.why:
        return _refuse(request, rights)
    if not start.sites or not start.sites.sites:
        return redirect("hubs:choices")
    hubs = [each.id for each in start.hubs]
    form = ChoiceForm(
        request.POST or None, uses=rights.uses,
        area_sets=finest_first(start.served),
        sites=start.sites.sites, initial={"count": 3, "keep": hubs},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            made = work_out(
                start.served, start.viewer, rights, start.sites, form.asked(),
                " ".join(form.cleaned_data["title"].split()), start.at,
            )  # fmt: skip
        except WholeplaceError as error:
            form.add_error(None, " ".join(filter(None, (error.what, error.why, error.do_next))))
        else:
            return redirect("hubs:choice", choice_id=made.pk)
    context = {"form": form, "seconds": planning_figures().seconds}
    return render(request, "hubs/new.html", context, status=422 if form.errors else 200)


@route(roles="signed-in", shows="counts", when=is_planning_role, explain=explain_refusal)
@require_safe
def choice(request: HttpRequest, choice_id: str) -> HttpResponse:
    """One choice: what people gain, what it costs whom, as map and table."""
    start, rights = _begin(request)
    found = _find(start, choice_id)
    if rights.why:
        return _refuse(request, rights)
    context = _shown(start, rights, found) | {
        "title_form": TitleForm(initial={"title": found.title, "version": found.version}),
        "map": draw_choice(start.served, start.sites, found.asked["areas"], found.result)
        if start.sites
        else None,
    }
    return render(request, "hubs/choice.html", context)


@route(roles="signed-in", shows="counts", when=is_planning_role, explain=explain_refusal)
@require_safe
def compare(request: HttpRequest) -> HttpResponse:
    """Several choices side by side: figures, hubs, and every area's way."""
    start, rights = _begin(request)
    if rights.why:
        return _refuse(request, rights)
    wanted = list(dict.fromkeys(request.GET.getlist("choice")))
    found = [_find(start, each) for each in wanted[: planning_figures().compared_at_most]]
    if len(found) < 2:
        messages.error(request, "Choose at least two choices to compare.")
        return redirect("hubs:choices")
    shown = [_shown(start, rights, each) for each in found]
    is_alike = len({each.asked["areas"] for each in found}) == 1
    rows = zip(*(each.result["rows"] for each in found), strict=True) if is_alike else ()
    context = {"shown": shown, "rows": list(rows), "is_alike": is_alike}
    return render(request, "hubs/compare.html", context)


@route(roles="signed-in", shows="counts", when=is_planning_role, explain=explain_refusal)
@require_POST
def title(request: HttpRequest, choice_id: str) -> HttpResponse:
    """Give a choice another name."""
    start, _ = _begin(request)
    found, form = _find(start, choice_id), TitleForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Give the choice a name of up to 120 characters.")
    else:
        _tell(
            request,
            lambda: rename(start.viewer, found.pk, **form.cleaned_data),
            "It has its new name.",
        )
    return redirect("hubs:choice", choice_id=choice_id)


@route(roles="signed-in", shows="counts", when=is_planning_role, explain=explain_refusal)
@require_POST
def remove(request: HttpRequest, choice_id: str) -> HttpResponse:
    """Put a choice away; it can be brought back."""
    start, _ = _begin(request)
    found = _find(start, choice_id)
    _tell(
        request, lambda: put_away(start.viewer, found.pk, start.at),
        "It was put away. You can bring it back below.",
    )  # fmt: skip
    return redirect("hubs:choices")


@route(roles="signed-in", shows="counts", when=is_planning_role, explain=explain_refusal)
@require_POST
def restore(request: HttpRequest, choice_id: str) -> HttpResponse:
    """Bring a choice back that was put away."""
    start, _ = _begin(request)
    found = _find(start, choice_id)
    _tell(request, lambda: bring_back(start.viewer, found.pk), "It is back.")
    return redirect("hubs:choices")


def _begin(request: HttpRequest) -> tuple[Beginning, PlanningRights]:
    start = begin(request)
    return start, read_rights(start.served, start.viewer)


def _refuse(request: HttpRequest, rights: PlanningRights) -> HttpResponse:
    return render(request, "hubs/refused.html", {"rights": rights}, status=403)


def _ours(start: Beginning) -> Any:
    return HubChoice.objects.filter(organisation=start.viewer.organisation)


def _find(start: Beginning, choice_id: str) -> HubChoice:
    found: HubChoice | None = _ours(start).filter(pk=choice_id).first()
    # The same answer for no choice and for another organisation's.
    if found is None:
        raise Http404
    return found


def _tell(request: HttpRequest, change: Any, done: str) -> None:
    try:
        change()
    except NotFoundError as error:
        raise Http404 from error
    except WholeplaceError as error:
        messages.error(request, f"{error.what} {error.why} {error.do_next}")
    else:
        messages.success(request, done)


def _shown(start: Beginning, rights: PlanningRights, found: HubChoice) -> dict[str, Any]:
    asked, result = found.asked, found.result
    names = {each.id: each.name for each in start.sites.sites} if start.sites else {}
    sets = start.served.place.area_sets
    ours = people_of([found.made_by]).get(found.made_by)
    letters = {each["id"]: chr(ord("A") + n % 26) for n, each in enumerate(result["sites"])}
    return {
        "found": found,
        "asked": asked,
        "result": result,
        "by": ours.name if ours else "Somebody who has left",
        "used": rights.words(asked["used"]),
        "area_words": sets[asked["areas"]].title if asked["areas"] in sets else asked["areas"],
        "kept": [names.get(each, each) for each in asked["keep"]],
        "barred": [names.get(each, each) for each in asked["barred"]],
        "cap_m": asked["cap_m"],
        "letters": letters,
        "rows": [{**row, "letter": letters[row["hub"]]} for row in result["rows"]],
    }
