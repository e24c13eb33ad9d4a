"""The plain pages for what is not shown."""

from django.http import HttpRequest, HttpResponse
from django.template.loader import select_template

__all__ = ["refuse", "refuse_forged", "refuse_unavailable"]

_WORDS = {
    400: ("There is a problem with this request", "Go back and try again."),
    403: (
        "You cannot open this page",
        "Your role does not include it. If you think it should, ask your organisation’s administrator.",
    ),
    404: (
        "Page not found",
        "Either there is no such page, or it is not one that you may see. If you typed the address, check it.",
    ),
    429: ("Too many attempts", "Wait 15 minutes, then try again."),
    500: (
        "Sorry, there is a problem with the service",
        "Try again in a few minutes. If it goes on, tell whoever runs this system for your partnership.",
    ),
    503: (
        "Nothing can be shown at the moment",
        "The record of who looked cannot be written, so nothing about people is shown. "
        "This protects the people whose records these are. Try again in a few minutes.",
    ),
}


def refuse(request: HttpRequest, status: int) -> HttpResponse:
    """Return the page for a refusal; the same words whatever the cause."""
    title, words = _WORDS[status]
    template = select_template([f"{status}.html", "gateway/refused.html"])
    html = template.render({"title": title, "words": words, "status": status}, request)
    response = HttpResponse(html, status=status)
    response["Cache-Control"] = "no-store"
    return response


def refuse_forged(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Return the page for a form that did not come from us (Django's CSRF_FAILURE_VIEW)."""
    return refuse(request, 403)


def refuse_unavailable(request: HttpRequest) -> HttpResponse:
    """Return the page for a trail that cannot be written: nothing is shown, and it says so."""
    return refuse(request, 503)
