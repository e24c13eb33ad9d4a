"""Pages for writing a draft: the guided form, its versions and its file."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from wholeplace.agreements.standing.life import offers
from wholeplace.foundation.errors import UnsafeActionError
from wholeplace.web.agreements.asking import DRAFTERS, OFFICERS, find_draft, person_of, tell_error
from wholeplace.web.agreements.drafts import (
    OpenDraft,
    StaleDraftError,
    draft_path,
    open_draft,
    restore_version,
    save_draft,
)
from wholeplace.web.agreements.editing import (
    about_values,
    add_faults,
    apply_about,
    apply_item,
    arrange,
    clause_values,
    faults_at,
    form_values,
    items_of,
    party_values,
)
from wholeplace.web.agreements.forms import (
    AboutForm,
    ClauseForm,
    PartyForm,
)
from wholeplace.web.agreements.history import names_of
from wholeplace.web.gateway.routes import route
from wholeplace.web.gateway.wiring import OpenPlace, current_place

__all__ = [
    "arrange_items",
    "draft_file",
    "edit_about",
    "edit_clause",
    "edit_party",
    "versions",
]


@route(roles=DRAFTERS, shows="operations")
@require_http_methods(["GET", "HEAD", "POST"])
def edit_about(request: HttpRequest, draft_id: str) -> HttpResponse:
    """Write what the agreement is as a whole."""
    found, place = find_draft(request, draft_id), current_place()
    others = {each.id: f"{each.title}, version {each.version}" for each in place.agreements}
    form = AboutForm(
        request.POST or None, initial=about_values(found.data), terms=place.terms, others=others
    )
    return _edit(
        request,
        found,
        form,
        title="About the agreement",
        what="Changed what stands about the whole",
        put=lambda data, given: apply_about(data, given),
        faults=lambda now: [each for each in now.faults if each.path[:1] not in _ITEMS],
        depth=0,
    )


_ITEMS = (("parties",), ("clauses",))


@route(roles=DRAFTERS, shows="operations")
@require_http_methods(["GET", "HEAD", "POST"])
def edit_party(request: HttpRequest, draft_id: str, place: int | None = None) -> HttpResponse:
    """Write one party and the law that it relies on."""
    found, served = find_draft(request, draft_id), current_place()
    first = _item(request, found, "parties", place)
    form = PartyForm(
        request.POST or None, initial={"lawful_basis": "6(1)(e)", **first}, terms=served.terms
    )
    return _edit_item(request, found, form, "parties", place, party_values)


@route(roles=DRAFTERS, shows="operations")
@require_http_methods(["GET", "HEAD", "POST"])
def edit_clause(request: HttpRequest, draft_id: str, place: int | None = None) -> HttpResponse:
    """Write one clause."""
    found, served = find_draft(request, draft_id), current_place()
    purposes = [str(each) for each in about_values(found.data)["purposes"]]
    first = {"consent": "none", "level": "summary", **_item(request, found, "clauses", place)}
    if len(purposes) == 1:
        first.setdefault("purpose", purposes[0])
    form = ClauseForm(
        request.POST or None,
        initial=form_values(first),
        terms=served.terms,
        parties=[str(each.get("partner", "")) for each in items_of(found.data, "parties")],
        purposes=purposes,
    )
    return _edit_item(request, found, form, "clauses", place, clause_values)


@route(roles=DRAFTERS, shows="operations")
@require_POST
def arrange_items(request: HttpRequest, draft_id: str) -> HttpResponse:
    """Copy, take out or move one party or clause."""
    found = find_draft(request, draft_id)
    key, how = request.POST.get("key", ""), request.POST.get("how", "")
    number = request.POST.get("place", "")
    if key not in ("parties", "clauses") or not number.isdigit():
        raise Http404
    try:
        data = arrange(found.data, key, int(number), how)
        word = "clause" if key == "clauses" else "party"
        done = {"remove": "Took out", "copy": "Copied"}.get(how, "Moved")
        _save(request, found, _version(request), data, f"{done} a {word}")
    except UnsafeActionError as error:
        tell_error(request, error)
    return redirect(f"{_draft_url(draft_id)}#{key}")


@route(roles=OFFICERS, shows="operations")
@require_http_methods(["GET", "HEAD", "POST"])
def versions(request: HttpRequest, draft_id: str) -> HttpResponse:
    """Show every version of a draft; whoever drafts may bring one back."""
    found, person = find_draft(request, draft_id), person_of(request)
    number = request.POST.get("number", "")
    if request.method == "POST" and number.isdigit():
        try:
            restore_version(current_place(), person, draft_id, _version(request), int(number))
        except UnsafeActionError as error:
            tell_error(request, error)
        else:
            messages.success(request, f"Version {number} was brought back, as a new version.")
        return redirect("agreements:draft-versions", draft_id)
    rows = list(found.row.versions.all())
    acts = {each.step.act for each in offers(found.state, person, found.facts)}
    shown = {
        "draft": found,
        "rows": rows,
        "names": names_of(each.saved_by for each in rows),
        "can_edit": "edit" in acts,
    }
    return render(request, "agreements/versions.html", shown)


@route(roles=OFFICERS, shows="operations")
@require_safe
def draft_file(request: HttpRequest, draft_id: str) -> HttpResponse:
    """Give the draft's file, to keep or to edit elsewhere."""
    find_draft(request, draft_id)
    path = draft_path(current_place(), draft_id)
    if not path.is_file():
        raise Http404
    response = HttpResponse(path.read_bytes(), content_type="application/yaml; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{draft_id}.yaml"'
    return response


def _edit_item(
    request: HttpRequest,
    found: OpenDraft,
    form: forms.Form,
    key: str,
    place: int | None,
    values: Callable[[dict[str, Any]], dict[str, Any]],
) -> HttpResponse:
    word = "clause" if key == "clauses" else "party"
    if request.method == "POST" and place is not None:
        moved = _place_of(found, key, request.POST.get("was", ""), place)
        if moved is None:
            messages.error(
                request, f"Nothing was saved. Somebody took this {word} out while you were writing."
            )
            return redirect("agreements:draft", found.row.agreement_id)
        place = moved
    index = len(items_of(found.data, key)) if place is None else place
    return _edit(
        request,
        found,
        form,
        title=f"Add a {word}" if place is None else f"Change this {word}",
        what=f"Added a {word}" if place is None else f"Changed a {word}",
        put=lambda data, given: apply_item(data, key, place, values(given)),
        faults=lambda now: faults_at(now.faults, key, index),
        depth=2,
        item=_Item(key, index, word, is_new=place is None),
    )


def _edit(
    request: HttpRequest,
    found: OpenDraft,
    form: forms.Form,
    *,
    title: str,
    what: str,
    put: Callable[[dict[str, Any], dict[str, Any]], dict[str, Any]],
    faults: Callable[[OpenDraft], list[Any]],
    depth: int,
    item: "_Item | None" = None,
) -> HttpResponse:
    """Show one part of the guided form; save it, and say what is still wrong with it."""
    draft_id = found.row.agreement_id
    acts = {each.step.act for each in offers(found.state, person_of(request), found.facts)}
    if "edit" not in acts:
        messages.info(request, "The text cannot be edited where it stands now, or not by you.")
        return redirect("agreements:draft", draft_id)
    version, changes = found.row.version, ()  # type: tuple[int, tuple[str, ...]]
    if request.method == "POST" and form.is_valid():
        data = put(found.data, form.cleaned_data)
        try:
            _save(request, found, _version(request), data, what)
        except StaleDraftError as error:
            version, changes = error.version, error.changes
        except UnsafeActionError as error:
            form.add_error(None, f"{error.what} {error.why}")
        else:
            now = open_draft(current_place(), draft_id)
            left = faults(now)
            if not left or request.POST.get("then") == "leave":
                messages.success(request, "Saved.")
                return redirect("agreements:draft", draft_id)
            if item and item.is_new:
                # What was added has a place of its own by now.
                return redirect(f"agreements:draft-{item.word}", draft_id, item.index)
            add_faults(form, left, depth)
            shown = {"draft": now, "form": form, "title": title, "version": now.row.version}
            shown["was"] = item.name_in(now) if item else ""
            return render(request, "agreements/edit.html", {**shown, "is_saved": True})
    shown = {"draft": found, "form": form, "title": title, "version": version}
    shown["left"] = faults(found) if request.method == "GET" else []
    shown["was"] = request.POST.get("was") or (item.name_in(found) if item else "")
    return render(request, "agreements/edit.html", {**shown, "changes": changes})


@dataclass(frozen=True)
class _Item:
    """One party or clause that is being edited, at its place in the list."""

    key: str
    index: int
    word: str
    is_new: bool

    def name_in(self, found: OpenDraft) -> str:
        items = items_of(found.data, self.key)
        return _name(self.key, items[self.index]) if self.index < len(items) else ""


def _place_of(found: OpenDraft, key: str, was: str, place: int) -> int | None:
    """Return where an item stands now that somebody else may have moved it; None if it is gone."""
    names = [_name(key, each) for each in items_of(found.data, key)]
    if place < len(names) and names[place] == was:
        return place
    return names.index(was) if was in names else None


def _name(key: str, item: dict[str, Any]) -> str:
    return str(item.get("id" if key == "clauses" else "partner", ""))


def _save(
    request: HttpRequest, found: OpenDraft, version: int, data: dict[str, Any], what: str
) -> None:
    place: OpenPlace = current_place()
    save_draft(place, person_of(request), found.row.agreement_id, version, data, what)


def _version(request: HttpRequest) -> int:
    given = request.POST.get("draft_version", "")
    return int(given) if given.isdigit() and len(given) < 10 else -1


def _item(request: HttpRequest, found: OpenDraft, key: str, place: int | None) -> dict[str, Any]:
    items = items_of(found.data, key)
    if place is not None and place < len(items):
        return items[place]
    if place is not None and request.method != "POST":
        raise Http404
    # It is new, or somebody took it out while it was being written, which saving tells.
    return {}


def _draft_url(draft_id: str) -> str:
    from django.urls import reverse

    return reverse("agreements:draft", args=[draft_id])
