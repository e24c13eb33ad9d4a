"""The plain pages for what is not shown."""

from django.http import HttpRequest, HttpResponse
from django.template.loader import select_template

__all__ = ["refuse", "refuse_forged"]

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


_FOLDER = (
    "Nothing can be shown at the moment",
    "The text of the agreements or another definition of this place was edited and now has "
    "faults, so what may be shown cannot be told. Whoever runs this system can see each fault with "
    "the command “wholeplace check”. Nothing has been lost.",
)


def refuse(request: HttpRequest, status: int, cause: str = "") -> HttpResponse:
    """Return the page for a refusal; the same words for everybody and everything asked for.

    The cause `folder` says that the place folder has faults.
    """
    title, words = _FOLDER if cause == "folder" else _WORDS[status]
    template = select_template([f"{status}.html", "gateway/refused.html"])
    html = template.render({"title": title, "words": words, "status": status}, request)
    response = HttpResponse(html, status=status)
    response["Cache-Control"] = "no-store"
    return response


def refuse_forged(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Return the page for a form that did not come from us (Django's CSRF_FAILURE_VIEW)."""
    return refuse(request, 403)
