"""Pages for reading and reviewing a draft: its text, what changes by it, comments, its way on."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from wholeplace.agreements import (
    Agreement,
    Terms,
    agreement_text,
    clause_text,
    compare_agreements,
    offers,
    preview_agreement,
    preview_day,
)
from wholeplace.foundation.errors import NotFoundError, UnsafeActionError
from wholeplace.web.agreements.affected import count_affected
from wholeplace.web.agreements.asking import OFFICERS, find_draft, person_of, tell_error
from wholeplace.web.agreements.drafts import OpenDraft
from wholeplace.web.agreements.editing import about_values, faults_at, items_of
from wholeplace.web.agreements.forms import CommentForm
from wholeplace.web.agreements.history import names_of
from wholeplace.web.agreements.reviewing import (
    fix_draft,
    move_draft,
    resolve_comment,
    say_ready,
    write_comment,
)
from wholeplace.web.agreements.tables import state_tag
from wholeplace.web.agreements.telling import tell_preview
from wholeplace.web.chain.trail import record
from wholeplace.web.gateway.routes import route
from wholeplace.web.gateway.wiring import OpenPlace, current_place

__all__ = [
    "comment",
    "compare_draft",
    "comparison_page",
    "move",
    "preview_draft",
    "preview_page",
    "read_draft",
    "resolve",
    "show_draft",
]

_MOVED = {
    "send": "The parties can read and comment on it now.",
    "changes": "It is a draft again. Its parties go on seeing it.",
    "withdraw": "The draft was withdrawn. You can take it up again from the list.",
    "restore": "The draft was taken up again.",
    "ready": "Your organisation is ready to sign this text.",
    "freeze": "The text is fixed. Each party’s signatory can sign it now.",
}


@route(roles=OFFICERS, shows="operations")
@require_safe
def show_draft(request: HttpRequest, draft_id: str) -> HttpResponse:
    """Show a draft: its parts with what is still wrong, comments, and what can be done next."""
    found = find_draft(request, draft_id)
    return render(request, "agreements/draft.html", _draft_shown(request, found))


@route(roles=OFFICERS, shows="operations")
@require_POST
def comment(request: HttpRequest, draft_id: str) -> HttpResponse:
    """Keep a comment or a reply."""
    found, place, person = find_draft(request, draft_id), current_place(), person_of(request)
    form = CommentForm(request.POST, clauses=_clause_ids(found))
    if not form.is_valid():
        shown = _draft_shown(request, found) | {"comment_form": form}
        return render(request, "agreements/draft.html", shown)
    reply_to = request.POST.get("reply_to", "")
    given = form.cleaned_data
    try:
        write_comment(
            place,
            person,
            draft_id,
            given["text"],
            given["clause"],
            int(reply_to) if reply_to.isdigit() and len(reply_to) < 18 else None,
        )
    except UnsafeActionError as error:
        tell_error(request, error)
    except NotFoundError as error:
        raise Http404 from error
    else:
        messages.success(request, "Your comment was kept.")
    return redirect("agreements:draft", draft_id)


@route(roles=OFFICERS, shows="operations")
@require_POST
def resolve(request: HttpRequest, draft_id: str) -> HttpResponse:
    """Close a comment."""
    find_draft(request, draft_id)
    number = request.POST.get("comment", "")
    if not number.isdigit() or len(number) > 18:
        raise Http404
    try:
        resolve_comment(current_place(), person_of(request), draft_id, int(number))
    except UnsafeActionError as error:
        tell_error(request, error)
    except NotFoundError as error:
        raise Http404 from error
    else:
        messages.success(request, "The comment was closed.")
    return redirect("agreements:draft", draft_id)


@route(roles=OFFICERS, shows="operations")
@require_POST
def move(request: HttpRequest, draft_id: str) -> HttpResponse:
    """Take a draft one step on, or back."""
    find_draft(request, draft_id)
    place, person = current_place(), person_of(request)
    act, given = request.POST.get("act", ""), request.POST.get("draft_version", "")
    version = int(given) if given.isdigit() and len(given) < 10 else -1
    if act not in _MOVED:
        raise Http404
    try:
        if act == "ready":
            say_ready(place, person, draft_id, version)
        elif act == "freeze":
            fix_draft(place, person, draft_id, version)
        else:
            move_draft(place, person, draft_id, act, version)
    except UnsafeActionError as error:
        tell_error(request, error)
        return redirect("agreements:draft", draft_id)
    messages.success(request, _MOVED[act])
    if act == "freeze":
        return redirect("agreements:show", draft_id)
    return redirect(
        "agreements:list" if act == "withdraw" else "agreements:draft",
        *([draft_id] if act != "withdraw" else []),
    )


@route(roles=OFFICERS, shows="operations")
@require_safe
def read_draft(request: HttpRequest, draft_id: str) -> HttpResponse:
    """Show a draft's text in plain English, to read or to print."""
    found = find_draft(request, draft_id)
    agreement = found.agreement
    shown = {
        "title": found.row.title,
        "caption": f"Draft, version {found.row.version}",
        "text": agreement_text(agreement, current_place().terms) if agreement else "",
        "draft": found,
    }
    return render(request, "agreements/text.html", shown)


@route(roles=OFFICERS, shows="operations")
@require_safe
def compare_draft(request: HttpRequest, draft_id: str) -> HttpResponse:
    """Show what differs from the agreement that the draft replaces, clause by clause."""
    found, place = find_draft(request, draft_id), current_place()
    shown = comparison_page(place, found.agreement, found.row.title)
    return render(request, "agreements/changes.html", {**shown, "draft": found})


@route(roles=OFFICERS, shows="counts")
@require_safe
def preview_draft(request: HttpRequest, draft_id: str) -> HttpResponse:
    """Show who would gain and lose sight of what, and about how many residents that touches."""
    found = find_draft(request, draft_id)
    shown = preview_page(request, current_place(), found.agreement, found.row.title)
    return render(request, "agreements/preview.html", {**shown, "draft": found})


def comparison_page(place: OpenPlace, agreement: Agreement | None, title: str) -> dict[str, Any]:
    """Return what the comparison page shows."""
    earlier = next(
        (each for each in place.agreements if agreement and each.id == agreement.supersedes), None
    )
    comparison = (
        compare_agreements(earlier, agreement, place.terms) if agreement and earlier else None
    )
    return {"title": title, "agreement": agreement, "earlier": earlier, "comparison": comparison}


def preview_page(
    request: HttpRequest, place: OpenPlace, agreement: Agreement | None, title: str
) -> dict[str, Any]:
    """Return what the preview page shows; that counts were looked at stands in the trail first."""
    if agreement is None:
        return {"title": title, "preview": None}
    on = preview_day(agreement, place.today)
    preview = preview_agreement(agreement, place.agreements, place.sign_offs, on, place.terms)
    person = person_of(request)
    record(
        "agreement.previewed",
        actor=person.user_id,
        organisation=person.organisation,
        role=person.role,
        agreement=agreement.id,
    )
    return {
        "title": title,
        "preview": preview,
        "gained": tell_preview(preview.gained, place.terms),
        "lost": tell_preview(preview.lost, place.terms),
        "affected": count_affected(place, preview),
        "replaced": next((e.title for e in place.agreements if e.id == preview.replaced), ""),
    }


def _draft_shown(request: HttpRequest, found: OpenDraft) -> dict[str, Any]:
    place, person = current_place(), person_of(request)
    terms = place.terms
    comments = list(found.row.comments.filter(reply_to=None).prefetch_related("replies"))
    readiness = {
        each.partner: each for each in found.row.readiness.filter(version=found.row.version)
    }
    names = names_of(
        [each.written_by for each in comments]
        + [reply.written_by for each in comments for reply in each.replies.all()]
        + [each.resolved_by for each in comments]
        + [each.said_by for each in readiness.values()]
    )
    acts = {each.step.act: each for each in offers(found.state, person, found.facts)}
    parties = items_of(found.data, "parties")
    return {
        "draft": found,
        "state": state_tag(found.state),
        "about": about_values(found.data),
        "about_faults": [e for e in found.faults if e.path[:1] not in (("parties",), ("clauses",))],
        "purposes": [terms.words("purpose", each) for each in about_values(found.data)["purposes"]],
        "parties": _party_rows(found, parties, terms, readiness),
        "party_faults": [each for each in found.faults if each.path == ("parties",)],
        "clauses": _clause_rows(found, terms),
        "clause_faults": [each for each in found.faults if each.path == ("clauses",)],
        "comments": comments,
        "names": names,
        "partners": terms.partners,
        "acts": acts,
        "moves": [each for each in acts.values() if each.step.act in _MOVED],
        "can_edit": "edit" in acts,
        "can_comment": "comment" in acts,
        "comment_form": CommentForm(clauses=_clause_ids(found)),
        "organisation": person.organisation,
    }


def _party_rows(
    found: OpenDraft, parties: list[dict[str, Any]], terms: Terms, readiness: dict[str, Any]
) -> list[dict[str, Any]]:
    return [
        {
            "place": place,
            "name": terms.words("partner", str(each.get("partner", ""))) or "Not chosen",
            "party": each,
            "ready": readiness.get(str(each.get("partner", ""))),
            "faults": faults_at(found.faults, "parties", place),
        }
        for place, each in enumerate(parties)
    ]


def _clause_rows(found: OpenDraft, terms: Terms) -> list[dict[str, Any]]:
    items = items_of(found.data, "clauses")
    typed = found.agreement.clauses if found.agreement else ()
    return [
        {
            "place": place,
            "id": each.get("id") or "without a name",
            "text": clause_text(typed[place], terms) if typed else "",
            "faults": faults_at(found.faults, "clauses", place),
            "is_first": place == 0,
            "is_last": place == len(items) - 1,
        }
        for place, each in enumerate(items)
    ]


def _clause_ids(found: OpenDraft) -> list[str]:
    named = [str(each.get("id", "")) for each in items_of(found.data, "clauses")]
    return list(dict.fromkeys(each for each in named if each))
