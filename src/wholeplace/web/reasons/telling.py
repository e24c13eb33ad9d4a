"""What a user was told, in words that name nobody, with the way to what it is about."""

from typing import Any

from django.urls import reverse

from wholeplace.web.gateway.models import Notice, OpenReason
from wholeplace.web.gateway.notices import find_words
from wholeplace.web.gateway.purposes import PEOPLE_ROLES
from wholeplace.web.reasons.access import Beginning, people_of
from wholeplace.web.reasons.models import InformationRequest

__all__ = ["tell_notices"]

_MOST = 50


def tell_notices(start: Beginning) -> list[dict[str, Any]]:
    """Return what the user was told and has not put away, the newest first."""
    found = Notice.objects.filter(user_id=start.viewer.user_id, read_at=None)[:_MOST]
    return [{"notice": each, **_words(each, start)} for each in found]


def _words(notice: Notice, start: Beginning) -> dict[str, str]:
    if found := find_words(notice.kind):
        url = reverse(found.opens, args=[notice.about]) if found.opens else ""
        return {"text": f"{found.subject}.", "url": url, "link": found.link}
    if notice.kind in ("break-glass", "break-glass-often"):
        return _broken_glass(notice, start)
    if notice.kind in ("request", "request-answered", "request-late"):
        return _request(notice, start)
    about = notice.about.partition("-")[0]
    if notice.kind == "second-person":
        return {
            "text": "You are asked to confirm that somebody may break the glass.",
            "url": reverse("reasons:second", args=[notice.about]),
            "link": "Answer within minutes",
        }
    if notice.kind == "review-late":
        return {
            "text": "A review is overdue.",
            "url": reverse("reasons:queue")
            if start.viewer.role == "data-protection-officer"
            else "",
            "link": "See the queue",
        }
    decided = "A reviewer asks you about a reason that you gave."
    if notice.kind == "review-decided":
        decided = "A reason that you gave was reviewed."
    return {"text": decided, "url": reverse("reasons:reply", args=[about]), "link": "See it"}


def _broken_glass(notice: Notice, start: Beginning) -> dict[str, str]:
    reason = OpenReason.objects.filter(pk=notice.about).first()
    if reason is None:
        return {"text": "Somebody broke the glass.", "url": "", "link": ""}
    who = people_of(reason.opened_by).get(reason.opened_by)
    terms = start.rules.terms
    name = f"{who.name}, {who.job or terms.words('role', reason.role)}" if who else "Somebody"
    partner = terms.words("partner", reason.organisation)
    if notice.kind == "break-glass-often":
        return {
            "text": f"{name} ({partner}) has broken the glass several times within seven days.",
            "url": reverse("reasons:queue")
            if start.viewer.role == "data-protection-officer"
            else "",
            "link": "See what waits for review",
        }
    is_worker = start.viewer.role in PEOPLE_ROLES
    whom = "a person you work with" if is_worker else "a person"
    return {
        "text": f"{name} ({partner}) broke the glass on {whom}, for "
        f"{terms.words('purpose', reason.purpose).lower()}. Ring them where you know more.",
        "url": f"{reverse('people:person', args=[reason.person_id])}?for={reason.purpose}"
        if is_worker
        else "",
        "link": "Open the person’s page",
    }


def _request(notice: Notice, start: Beginning) -> dict[str, str]:
    request = InformationRequest.objects.filter(pk=notice.about).first()
    if request is None:
        return {"text": "A request for information has changed.", "url": "", "link": ""}
    terms = start.rules.terms
    asker, partner = (terms.words("partner", e) for e in (request.organisation, request.partner))
    is_mine = request.asked_by == start.viewer.user_id
    page = "reasons:follow" if is_mine else "reasons:answer"
    words = {
        "request": f"{request.asker_name} ({asker}) asks your organisation for information.",
        "request-answered": f"{partner} decided on your request for information.",
        "request-late": f"{partner} has not answered a request for information in time.",
    }
    has_page = is_mine or request.partner == start.viewer.organisation
    return {
        "text": words[notice.kind],
        "url": reverse(page, args=[request.pk]) if has_page else "",
        "link": "Open the request",
    }
