"""The page "Evidence": who keeps which head of the record, and is it whole?"""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from wholeplace.foundation.errors import WholeplaceError
from wholeplace.foundation.evidence import TreeHead, read_head_file, write_head_file
from wholeplace.foundation.tampering import TrailVerdict
from wholeplace.web.accounts.models import User
from wholeplace.web.accounts.roles import acting_role
from wholeplace.web.audit.faults import tell_fault
from wholeplace.web.chain.heads import make_head_file, newest_head, take_due_head, take_head
from wholeplace.web.chain.trail import record
from wholeplace.web.chain.verifying import count_entries, verify_trail
from wholeplace.web.chain.witnesses import (
    Witness,
    list_witnesses,
    newest_sizes,
    receive_countersignature,
)
from wholeplace.web.gateway.routes import route
from wholeplace.web.gateway.wiring import current_place

__all__ = ["countersign", "download", "evidence", "verify"]

LARGEST_ON_PAGE = 100_000
_LARGEST_UPLOAD_BYTES = 200_000
_KEEPERS = ["data-protection-officer", "signatory"]
_SHOWN = 50


@route(roles=_KEEPERS, shows="operations")
@require_safe
def evidence(request: HttpRequest) -> HttpResponse:
    """Show the newest head, who countersigned which, and how much of the record they anchor."""
    return _show(request)


@route(roles=_KEEPERS, shows="operations")
@require_POST
def verify(request: HttpRequest) -> HttpResponse:
    """Walk the whole trail and say whether it holds; a large one is left to the command."""
    if count_entries() > LARGEST_ON_PAGE:
        messages.warning(
            request,
            f"The record has more than {LARGEST_ON_PAGE:,} entries, too many to verify while you "
            "wait. Run the command at the end of this page.",
        )
        return redirect("audit:evidence")
    verdict = verify_trail()
    user = _user(request)
    record(
        "audit.verified",
        actor=str(user.pk),
        organisation=user.organisation,
        entries=verdict.entries,
        head=verdict.head,
        is_whole=verdict.is_whole,
    )
    return _show(request, verdict)


@route(roles=_KEEPERS, shows="operations")
@require_POST
def download(request: HttpRequest) -> HttpResponse:
    """Take a head now and hand it over as a file."""
    user = _user(request)
    try:
        head = take_head()
    except WholeplaceError as error:
        messages.error(request, str(error))
        return redirect("audit:evidence")
    mine = newest_sizes(user.organisation)
    since = request.POST.get("since", "")
    if since.isascii() and since.isdigit() and len(since) < 16:
        mine.add(int(since))
    text = write_head_file(make_head_file(head, mine))
    record("audit.head-given", actor=str(user.pk), organisation=user.organisation, size=head.size)
    response = HttpResponse(text, content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="head-{head.size}.json"'
    return response


@route(roles=["signatory"], shows="operations")
@require_POST
def countersign(request: HttpRequest) -> HttpResponse:
    """Take the file that the signatory's organisation countersigned."""
    user = _user(request)
    given = request.FILES.get("file")
    if given is None or not given.size or given.size > _LARGEST_UPLOAD_BYTES:
        return _show(request, error="Choose the countersigned head file")
    try:
        file = read_head_file(given.read().decode("utf-8", "replace"))
        taken = receive_countersignature(file, user.organisation, str(user.pk))
    except WholeplaceError as error:
        if type(error).__name__ == "AuditUnavailableError":
            raise
        return _show(request, error=str(error))
    messages.success(
        request, f"Your countersignature over {taken.size:,} entries is kept here. Keep your file."
    )
    return redirect("audit:evidence")


def _show(
    request: HttpRequest, verdict: TrailVerdict | None = None, error: str = ""
) -> HttpResponse:
    take_due_head()
    user, witnesses, entries = _user(request), list_witnesses(), count_entries()
    names = {each.id: each.name for each in current_place().place.partners.values()}
    anchored = max((each.size for each in witnesses), default=0)
    shown: dict[str, Any] = {
        "head": newest_head(),
        "head_at": None,
        "entries": entries,
        "anchored": min(anchored, entries),
        "unanchored": max(0, entries - anchored),
        "witnesses": [_row(each, names) for each in _newest_of_each(witnesses)],
        "history": [_row(each, names) for each in witnesses[:_SHOWN]],
        "without": sorted(set(names.values()) - {names.get(e.partner) for e in witnesses}),
        "is_large": entries > LARGEST_ON_PAGE,
        "largest": LARGEST_ON_PAGE,
        "is_signatory": acting_role(request) == "signatory",
        "is_officer": acting_role(request) == "data-protection-officer",
        "partner": user.organisation,
        "partner_name": names.get(user.organisation, user.organisation),
        "verdict": verdict,
        "faults": [tell_fault(each) for each in verdict.faults] if verdict else [],
        "error": error,
    }
    head: TreeHead | None = shown["head"]
    if head is not None:
        shown["head_at"] = dt.datetime.fromisoformat(head.taken_at)
    return render(request, "audit/evidence.html", shown, status=422 if error else 200)


def _newest_of_each(witnesses: Iterable[Witness]) -> list[Witness]:
    largest: dict[str, Witness] = {}
    for each in witnesses:
        if each.partner not in largest or each.size > largest[each.partner].size:
            largest[each.partner] = each
    return sorted(largest.values(), key=lambda each: -each.size)


def _row(witness: Witness, names: dict[str, str]) -> dict[str, Any]:
    return {
        "partner": names.get(witness.partner, witness.partner),
        "size": witness.size,
        "taken_at": dt.datetime.fromisoformat(witness.file.head.taken_at),
        "received_at": witness.received_at,
    }


def _user(request: HttpRequest) -> User:
    user = request.user
    assert isinstance(user, User)  # noqa: S101 - the route admits nobody else
    return user
