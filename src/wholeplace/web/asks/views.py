"""Pages of asks: writing, answering, and the register that anybody may read."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from wholeplace.agreements.subjects.request import Viewer
from wholeplace.foundation.errors import UnsafeActionError
from wholeplace.partnership.asks import ANSWERS, ASK_LIFE, escalation_of
from wholeplace.partnership.asks.life import ANSWERING_ROLES, ASKING_ROLES, OPEN_STATES, RUNG_WORDS
from wholeplace.web.accounts.models import User
from wholeplace.web.asks.asking import actors_of, find_ask, take_step, write_ask
from wholeplace.web.asks.forms import AskForm, StepForm
from wholeplace.web.asks.models import Ask
from wholeplace.web.gateway.reveal import viewer_of
from wholeplace.web.gateway.routes import route
from wholeplace.web.gateway.wiring import current_place

__all__ = ["change", "list_asks", "published", "register", "show", "step", "write"]

_ROLES = ASKING_ROLES | ANSWERING_ROLES
_COLOURS = {
    "written": "grey",
    "sent": "yellow",
    "looking": "blue",
    "asked-back": "purple",
    "answered": "green",
    "disputed": "orange",
    "done": "green",
    "withdrawn": "grey",
}
_DONE_WORDS = {
    "write": "wrote it",
    "change": "changed it",
    "send": "checked it, published it and sent it",
    "look": "is looking at it",
    "ask-back": "asked back",
    "tell": "answered the question",
    "answer": "answered",
    "dispute": "said why that is not enough",
    "finish": "said what changed, and closed it",
    "withdraw": "withdrew it",
}


@route(roles=_ROLES, shows="operations")
@require_safe
def list_asks(request: HttpRequest) -> HttpResponse:
    """The asks of my organisation, or those that I must answer."""
    viewer = _viewer(request)
    is_centre = viewer.role in ANSWERING_ROLES
    rows = (
        Ask.objects.filter(counterpart=viewer.user_id).exclude(state="written")
        if is_centre
        else Ask.objects.filter(organisation=viewer.organisation)
    )
    lines = _lines(rows)
    waiting = [each for each in lines if _waits_for(each["ask"], viewer)]
    return render(
        request,
        "asks/list.html",
        {"waiting": waiting, "lines": lines, "is_centre": is_centre},
    )


def _waits_for(ask: Ask, viewer: Viewer) -> bool:
    events = {each.event for each in ASK_LIFE.steps_from(ask.state, actors_of(ask, viewer))}
    return bool(events & {"send", "tell", "answer", "finish"})


@route(roles=ASKING_ROLES, shows="operations")
@require_http_methods(["GET", "HEAD", "POST"])
def write(request: HttpRequest) -> HttpResponse:
    """Write an ask."""
    viewer = _viewer(request)
    form = AskForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            ask = write_ask(viewer, form.text(), dt.datetime.now(dt.UTC))
        except UnsafeActionError as error:
            form.add_error(None, f"{error.what} {error.why} {error.do_next}")
        else:
            messages.success(
                request, "It was kept. A colleague now checks it, and then it is sent."
            )
            return redirect("asks:show", place_ask=ask.id)
    return render(request, "asks/write.html", {"form": form})


@route(roles=ASKING_ROLES, shows="operations")
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, place_ask: str) -> HttpResponse:
    """Change an ask that has not been sent."""
    viewer = _viewer(request)
    ask = find_ask(viewer, place_ask)
    first = {
        name: getattr(ask, name)
        for name in ("kind", "title", "wanted", "evidence", "costs", "counterpart", "due_on")
    }
    form = AskForm(request.POST or None, initial=first)
    if request.method == "POST" and form.is_valid():
        version = request.POST.get("version", "")
        try:
            take_step(
                viewer,
                ask.id,
                "change",
                int(version) if version.isdigit() else 0,
                {},
                dt.datetime.now(dt.UTC),
                form.text(),
            )
        except UnsafeActionError as error:
            form.add_error(None, f"{error.what} {error.why} {error.do_next}")
        else:
            return redirect("asks:show", place_ask=ask.id)
    return render(request, "asks/write.html", {"form": form, "ask": ask})


@route(roles=_ROLES, shows="operations")
@require_safe
def show(request: HttpRequest, place_ask: str) -> HttpResponse:
    """One ask, and what may be done."""
    viewer = _viewer(request)
    return _show(request, viewer, find_ask(viewer, place_ask))


@route(roles=_ROLES, shows="operations")
@require_POST
def step(request: HttpRequest, place_ask: str) -> HttpResponse:
    """Take a step: send, answer, ask back, dispute, close, withdraw."""
    viewer = _viewer(request)
    form = StepForm(request.POST)
    ask = find_ask(viewer, place_ask)
    if not form.is_valid():
        return redirect("asks:show", place_ask=ask.id)
    given = form.cleaned_data
    try:
        take_step(viewer, ask.id, given["event"], given["version"], given, dt.datetime.now(dt.UTC))
    except UnsafeActionError as error:
        ask.refresh_from_db()
        return _show(request, viewer, ask, error=error, typed=given, status=409)
    messages.success(request, "Done. The register shows it.")
    return redirect("asks:show", place_ask=ask.id)


@route(roles="anyone", shows="public")
@require_safe
def register(request: HttpRequest) -> HttpResponse:
    """Everything that was asked and what came of it, for anybody to read."""
    lines = _lines(Ask.objects.exclude(sent_at=None))
    states = Counter(each["ask"].state for each in lines)
    shown = {
        "lines": lines,
        "open": sum(states[each] for each in OPEN_STATES),
        "answered": states["answered"] + states["done"],
        "late": sum(bool(each["rung"]) for each in lines),
        "place_name": current_place().place.place.name,
    }
    return render(request, "asks/register.html", shown)


@route(roles="anyone", shows="public")
@require_safe
def published(request: HttpRequest, public_ask: str) -> HttpResponse:
    """One published ask: organisations and jobs, no names of people."""
    ask = Ask.objects.exclude(sent_at=None).filter(id=public_ask).first()
    if ask is None:
        raise Http404
    return render(request, "asks/published.html", _shown(ask, with_names=False))


def _show(
    request: HttpRequest,
    viewer: Viewer,
    ask: Ask,
    *,
    error: UnsafeActionError | None = None,
    typed: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    steps = ASK_LIFE.steps_from(ask.state, actors_of(ask, viewer))
    shown = _shown(ask, with_names=True) | {
        "steps": [each for each in steps if each.event != "change"],
        "can_change": any(each.event == "change" for each in steps),
        "answers": ANSWERS.items(),
        "error": error,
        "typed": typed or {},
    }
    return render(request, "asks/show.html", shown, status=status)


def _shown(ask: Ask, *, with_names: bool) -> dict[str, Any]:
    line = _lines([ask])[0]
    organisation = current_place().terms.words("partner", ask.organisation)
    names = _names([each.by for each in ask.steps.all()]) if with_names else {}
    steps = [
        each for each in ask.steps.all() if with_names or each.event not in ("write", "change")
    ]
    return {
        "line": line,
        "ask": ask,
        "organisation": organisation,
        "history": [
            {
                "step": each,
                "by": names.get(each.by)
                or (ask.counterpart_job if each.by == ask.counterpart else organisation),
                "did": _DONE_WORDS[each.event],
                "answer": ANSWERS.get(each.answer, ""),
            }
            for each in steps
        ],
    }


def _lines(asks: Iterable[Ask]) -> list[dict[str, Any]]:
    today = current_place().today
    return [
        {
            "ask": each,
            "state": ASK_LIFE.states[each.state],
            "colour": _COLOURS[each.state],
            "answer": ANSWERS.get(each.answer, ""),
            "rung": RUNG_WORDS[escalation_of(each.state, each.due_on, today)],
            "kind": "Ask" if each.kind == "ask" else "Barrier",
        }
        for each in asks
    ]


def _names(user_ids: Iterable[str]) -> dict[str, str]:
    keys = [int(each) for each in user_ids if each.isdigit()]
    return {str(user.pk): user.name for user in User.objects.filter(pk__in=keys)}


def _viewer(request: HttpRequest) -> Viewer:
    viewer = viewer_of(request)
    if viewer is None:
        raise Http404
    return viewer
