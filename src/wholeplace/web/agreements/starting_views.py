"""Pages on which a draft begins: from nothing, from a file, or as a new version."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from wholeplace.agreements import check_step, life_state
from wholeplace.agreements.drafting.draft import blank_draft, read_draft_text, renewed_draft
from wholeplace.foundation.errors import UnsafeActionError
from wholeplace.web.agreements.asking import DRAFTERS, person_of, tell_error
from wholeplace.web.agreements.drafts import start_draft, taken_ids
from wholeplace.web.agreements.forms import StartForm, UploadForm
from wholeplace.web.agreements.standing import fixed_facts
from wholeplace.web.gateway.routes import route
from wholeplace.web.gateway.wiring import current_place

__all__ = ["renew", "start", "start_from_file"]


@route(roles=DRAFTERS, shows="operations")
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """Begin a draft from nothing; the page also leads to a file and to a new version."""
    place, person = current_place(), person_of(request)
    form = StartForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        data = blank_draft(
            given["id"], given["title"], person.organisation, place.today, place.terms.version
        )
        try:
            row = start_draft(place, person, data, "Began the draft")
        except UnsafeActionError as error:
            form.add_error("id", error.why)
        else:
            return redirect("agreements:draft-about", row.agreement_id)
    mine = [
        each
        for each in place.agreements
        if person.organisation in {party.partner for party in each.parties}
    ]
    shown = {"form": form, "upload": UploadForm(), "agreements": mine}
    return render(request, "agreements/start.html", shown)


@route(roles=DRAFTERS, shows="operations")
@require_http_methods(["GET", "HEAD", "POST"])
def start_from_file(request: HttpRequest) -> HttpResponse:
    """Begin a draft from the file of an agreement."""
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        data, faults = read_draft_text(form.cleaned_data["file"], "the file")
        if data is None or faults:
            for each in faults:
                form.add_error("file", f"Line {each.line}: {each.what}; expected {each.expected}")
        else:
            what = "Began the draft from a file"
            try:
                row = start_draft(current_place(), person_of(request), data, what)
            except UnsafeActionError as error:
                form.add_error("file", f"{error.why} {error.do_next}")
            else:
                messages.success(request, "The file is a draft now.")
                return redirect("agreements:draft", row.agreement_id)
    return render(request, "agreements/upload.html", {"form": form})


@route(roles=DRAFTERS, shows="operations")
@require_POST
def renew(request: HttpRequest, agreement_id: str) -> HttpResponse:
    """Begin a new version of an agreement; the old one serves until all have signed."""
    place, person = current_place(), person_of(request)
    rules = place.rules(place.today)
    agreement = rules.agreements.get(agreement_id)
    if agreement is None:
        raise Http404
    standing = rules.standings[agreement_id]
    try:
        check_step(life_state(standing), "renew", person, fixed_facts(agreement, standing))
        data = renewed_draft(agreement, taken_ids(place), place.today, place.terms.version)
        row = start_draft(place, person, data, f"Began a new version of {agreement_id}")
    except UnsafeActionError as error:
        tell_error(request, error)
        return redirect("agreements:show", agreement_id)
    messages.success(
        request, "This is a new version. The old one serves until every party has signed this one."
    )
    return redirect("agreements:draft", row.agreement_id)
