"""Open Referral UK 3.0 at `/o/`: read only, open to anybody, no key."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from wholeplace.directory.publishing import (
    BadQuestionError,
    answer_list,
    answer_one,
    describe_api,
)
from wholeplace.web.directory.shelf import open_catalogue
from wholeplace.web.gateway.routes import route
from wholeplace.web.gateway.wiring import current_place

__all__ = ["about", "describe", "get_list", "get_one", "nothing_here"]

_PROFILE = "https://docs.openreferraluk.org/"
_KEPT_SECONDS = 300


@route(roles="anyone", shows="public")
@csrf_exempt
@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """What this API is."""
    openapi = request.build_absolute_uri(reverse("directory:o-openapi"))
    return _json({"version": "HSDS-UK-3.0", "profile": _PROFILE, "openapi_url": openapi})


@route(roles="anyone", shows="public")
@csrf_exempt
@require_safe
def describe(request: HttpRequest) -> HttpResponse:
    """The API's own description."""
    address = request.build_absolute_uri(reverse("directory:o-about")).rstrip("/")
    return _json(describe_api(address, current_place().place.place.name))


@route(roles="anyone", shows="public")
@csrf_exempt
@require_safe
def get_list(request: HttpRequest, kind: str) -> HttpResponse:
    """One page of a list."""
    try:
        return _json(answer_list(open_catalogue(), kind, request.GET.dict()))
    except BadQuestionError as error:
        return _json({"error": f"{error}."}, 400)


@route(roles="anyone", shows="public")
@csrf_exempt
@require_safe
def get_one(request: HttpRequest, kind: str, thing_id: str) -> HttpResponse:
    """One thing by its id."""
    catalogue = open_catalogue()
    found = answer_one(catalogue, kind, thing_id)
    if found is not None:
        return _json(found)
    if kind == "services" and (moved := catalogue.get(thing_id)):
        response = _json({"error": "It is listed under another id now."}, 301)
        response["Location"] = reverse("directory:o-service", args=[moved.id])
        return response
    return _json({"error": "There is nothing of that id."}, 404)


@route(roles="anyone", shows="public")
@csrf_exempt
@require_safe
def nothing_here(request: HttpRequest, rest: str) -> HttpResponse:
    """Whatever else is asked for below the API."""
    return _json({"error": "There is no such endpoint."}, 404)


def _json(held: Any, status: int = 200) -> HttpResponse:
    response = JsonResponse(held, status=status, json_dumps_params={"ensure_ascii": False})
    # The standard asks that any page may read it, from anywhere.
    response["Access-Control-Allow-Origin"] = "*"
    response["Cache-Control"] = f"public, max-age={_KEPT_SECONDS}" if status == 200 else "no-store"
    response.is_plain = True  # type: ignore[attr-defined]
    return response
