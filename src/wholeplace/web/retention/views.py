"""Pages on how long data is kept, what was deleted, and whom to erase."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from wholeplace.agreements import find_keeping
from wholeplace.foundation.errors import WholeplaceError
from wholeplace.intake.deleting import quarantine_days
from wholeplace.people.read import read_subjects
from wholeplace.web.accounts.models import User
from wholeplace.web.chain.trail import record
from wholeplace.web.gateway.routes import route
from wholeplace.web.gateway.wiring import OpenPlace, current_place
from wholeplace.web.retention.carrying_out import carry_out
from wholeplace.web.retention.forms import AnswerForm, AskForm, ReadmitForm
from wholeplace.web.retention.models import ErasureRequest
from wholeplace.web.retention.readmitting import readmit
from wholeplace.web.retention.receipts import check_ledger, list_receipts, verify_deletions
from wholeplace.web.retention.requests import answer, approve, ask_person, ask_record, close
from wholeplace.web.retention.wording import STATES, few, words_of

__all__ = ["ask", "decide", "let_back", "overview", "receipts", "request_page", "requests_list"]

_OFFICERS = ("data-protection-officer",)
_READERS = (*_OFFICERS, "data-steward", "signatory", "programme-lead")
_APPROVERS = (*_OFFICERS, "signatory", "programme-lead")


@route(roles=_READERS, shows="operations")
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """For how long what each partner sends is kept, by clause."""
    opened = current_place()
    keeping = find_keeping(opened.rules(opened.today))
    vocabulary = opened.place.vocabulary
    rows: dict[tuple[str, int, tuple[str, ...]], list[str]] = {}
    for (partner, name), days in sorted(keeping.days.items()):
        rows.setdefault((partner, days, keeping.clauses[partner, name]), []).append(
            vocabulary.label(name)
        )
    lines = [
        {
            "partner": _partner(opened, partner),
            "days": days,
            "fields": sorted(fields),
            "clauses": clauses,
            "only_with_need": partner in keeping.only_with_need,
        }
        for (partner, days, clauses), fields in sorted(rows.items())
    ]
    shown = {
        "lines": lines,
        "quarantine_days": quarantine_days(),
        "receipts": list_receipts(opened)[:5] if not check_ledger(opened.data) else [],
        "fault": check_ledger(opened.data),
    }
    return render(request, "retention/overview.html", shown)


@route(roles=_READERS, shows="operations")
@require_http_methods(["GET", "HEAD", "POST"])
def receipts(request: HttpRequest) -> HttpResponse:
    """Every deletion, and on asking the proof that it holds."""
    opened = current_place()
    fault = check_ledger(opened.data)
    verdict = None
    if request.method == "POST" and not fault:
        user = _user(request)
        record("deletion.verified", actor=str(user.pk), organisation=user.organisation)
        verdict = verify_deletions(opened)
    found = [] if fault else list_receipts(opened)
    return render(
        request,
        "retention/receipts.html",
        {"receipts": found, "fault": fault, "verdict": verdict},
    )


@route(roles=_READERS, shows="operations")
@require_safe
def requests_list(request: HttpRequest) -> HttpResponse:
    """Requests to erase somebody, open ones first."""
    user = _user(request)
    record("erasure.viewed", actor=str(user.pk), organisation=user.organisation)
    found = [_line(each) for each in ErasureRequest.objects.all()[:200] if _may_see(request, each)]
    is_open = {"asked", "approved", "erasing"}
    return render(
        request,
        "retention/requests.html",
        {
            "open": [each for each in found if each["state"] in is_open],
            "closed": [each for each in found if each["state"] not in is_open],
            "may_ask": _role(request) in _OFFICERS,
        },
    )


@route(roles=_OFFICERS, shows="operations")
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """Ask that somebody, or one record, be erased."""
    opened, user = current_place(), _user(request)
    form = AskForm(request.POST or None, datasets=_datasets(opened))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        by, organisation = str(user.pk), user.organisation
        try:
            if given["scope"] == "person":
                made = ask_person(
                    opened, given["person_id"], given["why"], given["words"], by, organisation
                )
            else:
                made = ask_record(
                    opened,
                    given["dataset"],
                    given["source_id"],
                    given["why"],
                    given["words"],
                    by,
                    organisation,
                )
        except WholeplaceError as error:
            form.add_error(None, f"{error.why} {error.do_next}")
        else:
            return redirect("retention:request", erasure_id=made.pk)
    return render(request, "retention/ask.html", {"form": form})


@route(roles=_READERS, shows="operations")
@require_safe
def request_page(request: HttpRequest, erasure_id: str) -> HttpResponse:
    """One request: who holds what, what each decided, and what is next."""
    found = _find(request, erasure_id)
    user = _user(request)
    record("erasure.viewed", actor=str(user.pk), organisation=user.organisation, request=erasure_id)
    return render(request, "retention/request.html", _shown(request, found, None))


@route(roles=_READERS, shows="operations")
@require_POST
def decide(request: HttpRequest, erasure_id: str) -> HttpResponse:
    """Answer for a partner, approve, refuse, withdraw or carry out a request."""
    found, user = _find(request, erasure_id), _user(request)
    by, organisation, role = str(user.pk), user.organisation, _role(request)
    what = request.POST.get("what", "")
    text = request.POST.get("version", "")
    version = int(text) if text.isdigit() and len(text) < 9 else 0
    try:
        if what == "answer":
            form = AnswerForm(request.POST, partners=_answerable(request, found))
            if not form.is_valid():
                return render(request, "retention/request.html", _shown(request, found, form))
            given = form.cleaned_data
            answer(
                erasure_id,
                given["partner"],
                given["answer"],
                given["exemption"],
                by,
                organisation,
                version,
            )
        elif what == "approve" and role in _APPROVERS:
            approve(erasure_id, by, organisation, version)
        elif what in ("refused", "withdrawn") and _may_close(request, found):
            close(erasure_id, what, by, organisation, version)
        elif what == "carry-out" and role in _OFFICERS:
            carry_out(current_place(), erasure_id, by)
            messages.success(request, "They were erased. The receipt stands below.")
        else:
            raise Http404
    except WholeplaceError as error:
        messages.error(request, f"{error.what} {error.why} {error.do_next}")
    return redirect("retention:request", erasure_id=erasure_id)


@route(roles=_OFFICERS, shows="operations")
@require_http_methods(["GET", "HEAD", "POST"])
def let_back(request: HttpRequest) -> HttpResponse:
    """Let somebody who was erased back in, after a new fact."""
    opened, user = current_place(), _user(request)
    form = ReadmitForm(request.POST or None, datasets=_own_datasets(request, opened))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            readmit(
                opened,
                given["dataset"],
                given["source_id"],
                given["why"],
                str(user.pk),
                user.organisation,
            )
        except WholeplaceError as error:
            form.add_error("source_id", f"{error.why} {error.do_next}")
        else:
            messages.success(request, "From the next load on, what arrives under it is kept again.")
            return redirect("retention:receipts")
    return render(request, "retention/readmit.html", {"form": form})


def _shown(request: HttpRequest, found: ErasureRequest, form: AnswerForm | None) -> dict[str, Any]:
    opened, user, role = current_place(), _user(request), _role(request)
    answers = {each.partner: each for each in found.answers.all()}
    visible = _visible(request, found)
    held: dict[str, list[str]] = {}
    for partner, dataset, _ in found.anchors:
        title = (
            opened.place.datasets[dataset].title if dataset in opened.place.datasets else dataset
        )
        if partner in visible and title not in held.setdefault(partner, []):
            held[partner].append(title)
    partners = [
        {
            "name": _partner(opened, partner),
            "holds": sorted(titles),
            "answer": answers.get(partner),
            "ground": words_of("exemptions").get(
                answers[partner].exemption if partner in answers else "", ""
            ),
        }
        for partner, titles in sorted(held.items())
    ]
    choices = _answerable(request, found)
    line = _line(found)
    is_own = found.asked_by == str(user.pk)
    return {
        "found": found,
        "line": line,
        "partners": partners,
        "form": form
        or (AnswerForm(partners=choices) if found.state == "asked" and choices else None),
        "may_approve": found.state == "asked" and role in _APPROVERS and not is_own,
        "is_own": is_own and found.state == "asked",
        "may_close": found.state == "asked" and _may_close(request, found),
        "may_carry_out": found.state in ("approved", "erasing") and role in _OFFICERS,
        "counts": [(name, few(number)) for name, number in sorted(found.counts.items())],
    }


def _visible(request: HttpRequest, found: ErasureRequest) -> set[str]:
    """Return the partners whose part this user sees: of somebody sealed, their own alone."""
    opened, organisation = current_place(), _user(request).organisation
    partners = {each[0] for each in found.anchors}
    if not found.person_id:
        return partners
    # With what was stated on screen: a seal counts from the next page on.
    subject = read_subjects(opened.snapshot_reader, [found.person_id])[found.person_id]
    return partners & {organisation} if subject.value_of("sealed") != "no" else partners


def _answerable(request: HttpRequest, found: ErasureRequest) -> list[tuple[str, str]]:
    """Return for whom this user may answer: their own organisation; the host's officer for all seen."""
    opened, user = current_place(), _user(request)
    seen = _visible(request, found)
    is_host = _is_host_officer(request)
    return [
        (partner, _partner(opened, partner))
        for partner in sorted(seen)
        if partner == user.organisation or is_host
    ]


def _line(found: ErasureRequest) -> dict[str, Any]:
    words, colour = STATES[found.state]
    return {
        "found": found,
        "state": found.state,
        "words": words,
        "colour": colour,
        "why": words_of("reasons").get(found.why, found.why),
        "what": "A person" if found.kind == "person" else "One record",
    }


def _find(request: HttpRequest, request_id: str) -> ErasureRequest:
    """Return a request that is this user's to see; none and another's are refused alike."""
    found = ErasureRequest.objects.filter(pk=request_id).first()
    if found is None or not _may_see(request, found):
        raise Http404
    return found


def _may_see(request: HttpRequest, found: ErasureRequest) -> bool:
    """Whether a request is this user's: asked by them, or about what their organisation holds.

    The host's officer sees every one but those about somebody sealed; what is closed names nobody.
    """
    if not found.anchors or found.asked_by == str(_user(request).pk):
        return True
    visible = _visible(request, found)
    return _user(request).organisation in visible or bool(visible and _is_host_officer(request))


def _is_host_officer(request: HttpRequest) -> bool:
    is_host = _user(request).organisation == current_place().place.place.host
    return is_host and _role(request) in _OFFICERS


def _may_close(request: HttpRequest, found: ErasureRequest) -> bool:
    """Whether this officer may refuse or withdraw a request: their own, or as the host's."""
    is_own = found.asked_by == str(_user(request).pk)
    return _role(request) in _OFFICERS and (is_own or _is_host_officer(request))


def _datasets(opened: OpenPlace) -> dict[str, str]:
    return {
        name: f"{each.title} ({_partner(opened, each.partner)})"
        for name, each in sorted(opened.place.datasets.items(), key=lambda pair: pair[1].title)
    }


def _own_datasets(request: HttpRequest, opened: OpenPlace) -> dict[str, str]:
    """Return what this officer may let back: their own organisation's; as the host's, everything."""
    own, datasets = _user(request).organisation, opened.place.datasets
    return {
        name: words
        for name, words in _datasets(opened).items()
        if datasets[name].partner == own or _is_host_officer(request)
    }


def _partner(opened: OpenPlace, partner: str) -> str:
    known = opened.place.partners.get(partner)
    return known.name if known else partner


def _role(request: HttpRequest) -> str:
    from wholeplace.web.accounts.roles import acting_role

    return acting_role(request) or ""


def _user(request: HttpRequest) -> User:
    user = request.user
    assert isinstance(user, User)  # noqa: S101 - the route admits nobody else
    return user
