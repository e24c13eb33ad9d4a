"""Pages for a fixed text: preview, signing, suspending, ending, and what happened to it."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from wholeplace.agreements import Agreement, Standing, agreement_text, life_state, offers
from wholeplace.agreements.deciding.rules import Rules
from wholeplace.foundation.errors import NotFoundError, UnsafeActionError
from wholeplace.web.accounts.fresh import ask_to_confirm, consume_confirmation, is_confirmed
from wholeplace.web.agreements.asking import OFFICERS, person_of, tell_error
from wholeplace.web.agreements.forms import NoticeForm, ReasonForm
from wholeplace.web.agreements.history import read_history
from wholeplace.web.agreements.review_views import comparison_page, preview_page
from wholeplace.web.agreements.reviewing import reopen
from wholeplace.web.agreements.standing import (
    fixed_facts,
    give_notice,
    lift_suspension,
    owner_of,
    sign_agreement,
    suspend_agreement,
    take_back_notice,
)
from wholeplace.web.gateway.routes import route
from wholeplace.web.gateway.wiring import current_place

__all__ = [
    "act",
    "compare_fixed",
    "decline",
    "history",
    "notice",
    "preview_fixed",
    "read_fixed",
    "sign",
    "suspend",
]


@route(roles="signed-in", shows="operations")
@require_safe
def read_fixed(request: HttpRequest, agreement_id: str) -> HttpResponse:
    """Show the whole text in plain English, to read or to print."""
    rules, agreement, _ = _find(agreement_id)
    shown = {
        "title": agreement.title,
        "caption": f"Version {agreement.version}",
        "text": agreement_text(agreement, rules.terms),
        "agreement": agreement,
    }
    return render(request, "agreements/text.html", shown)


@route(roles="signed-in", shows="operations")
@require_safe
def compare_fixed(request: HttpRequest, agreement_id: str) -> HttpResponse:
    """Show what differs from the agreement that this one replaces, clause by clause."""
    _, agreement, _ = _find(agreement_id)
    shown = comparison_page(current_place(), agreement, agreement.title)
    return render(request, "agreements/changes.html", shown)


@route(roles=OFFICERS, shows="counts")
@require_safe
def preview_fixed(request: HttpRequest, agreement_id: str) -> HttpResponse:
    """Show who gains and loses sight of what by this agreement, and about how many residents."""
    _, agreement, _ = _find(agreement_id)
    shown = preview_page(request, current_place(), agreement, agreement.title)
    return render(request, "agreements/preview.html", {**shown, "agreement": agreement})


@route(roles="signed-in", shows="operations")
@require_safe
def history(request: HttpRequest, agreement_id: str) -> HttpResponse:
    """Show what happened to an agreement, from the trail."""
    rules, agreement, standing = _find(agreement_id)
    lines = read_history(agreement_id, dict(rules.terms.partners))
    shown = {"agreement": agreement, "lines": lines, "standing": standing}
    return render(request, "agreements/history.html", shown)


@route(roles=["signatory"], shows="operations")
@require_http_methods(["GET", "HEAD", "POST"])
def sign(request: HttpRequest, agreement_id: str) -> HttpResponse:
    """Sign one text for one's organisation, after proving again who one is."""
    rules, agreement, standing = _find(agreement_id)
    person, place = person_of(request), current_place()
    here = reverse("agreements:sign", args=[agreement_id])
    offer = _offer(agreement, standing, request, "sign")
    read_hash = request.POST.get("hash", "")
    action = f"sign:{agreement_id}:{standing.hash}"
    if request.method == "POST":
        try:
            if read_hash == standing.hash and offer is not None and not offer.missing:
                if not is_confirmed(request, action):
                    whose = rules.terms.words("partner", person.organisation)
                    words = f"sign “{agreement.title}”, version {agreement.version}, for {whose}"
                    return ask_to_confirm(request, action, words, here)
                if not consume_confirmation(request, action):
                    return redirect(here)
            is_whole = sign_agreement(place, person, agreement_id, read_hash)
        except UnsafeActionError as error:
            tell_error(request, error)
            return redirect("agreements:show", agreement_id)
        messages.success(request, _signed_words(agreement, is_whole=is_whole, place=place))
        return redirect("agreements:show", agreement_id)
    shown = {
        "agreement": agreement,
        "standing": standing,
        "text": agreement_text(agreement, rules.terms),
        "offer": offer,
        "is_party": person.organisation in {each.partner for each in agreement.parties},
        "state": life_state(standing),
        "is_confirmed": is_confirmed(request, action),
        "progress": _progress(agreement, standing, rules),
        "organisation": rules.terms.words("partner", person.organisation),
    }
    return render(request, "agreements/sign.html", shown)


@route(roles=["signatory"], shows="operations")
@require_http_methods(["GET", "HEAD", "POST"])
def decline(request: HttpRequest, agreement_id: str) -> HttpResponse:
    """Decline to sign, saying why: the text goes back to a draft."""
    return _with_form(
        request,
        agreement_id,
        "decline",
        ReasonForm(request.POST or None),
        title="Decline to sign",
        means="The text goes back to a draft, every signature so far is void, and your reason stands as a comment.",
        do=lambda given: reopen(
            current_place(), person_of(request), agreement_id, "decline", given["reason"]
        ),
        done="It is a draft again, with your reason as a comment.",
        leads_to="agreements:list",
    )


@route(roles=["signatory", "data-protection-officer"], shows="operations")
@require_http_methods(["GET", "HEAD", "POST"])
def suspend(request: HttpRequest, agreement_id: str) -> HttpResponse:
    """Suspend an agreement alone and at once."""
    return _with_form(
        request,
        agreement_id,
        "suspend",
        ReasonForm(request.POST or None),
        title="Suspend this agreement",
        means="From the next page that anybody opens, nothing is seen under it, by any party. Only your organisation can lift this.",
        do=lambda given: suspend_agreement(
            current_place(), person_of(request), agreement_id, given["reason"]
        ),
        done="The agreement is suspended. Nobody sees anything under it from now on.",
    )


@route(roles=["signatory"], shows="operations")
@require_http_methods(["GET", "HEAD", "POST"])
def notice(request: HttpRequest, agreement_id: str) -> HttpResponse:
    """Give notice that an agreement ends on a day."""
    return _with_form(
        request,
        agreement_id,
        "terminate",
        NoticeForm(request.POST or None),
        title="Give notice to end this agreement",
        means="It goes on until the last day, and ends then for every party. You can take the notice back until then. To stop it at once, suspend it.",
        do=lambda given: give_notice(
            current_place(), person_of(request), agreement_id, given["last_on"], given["reason"]
        ),
        done="Notice was given. Every party is warned before the last day.",
    )


@route(roles=OFFICERS, shows="operations")
@require_POST
def act(request: HttpRequest, agreement_id: str) -> HttpResponse:
    """Lift a suspension, take back a notice, or take a text that is being signed back to a draft."""
    _find(agreement_id)
    place, person = current_place(), person_of(request)
    wanted = request.POST.get("act", "")
    try:
        if wanted == "lift":
            lift_suspension(place, person, agreement_id)
            words = "Your organisation’s suspension was lifted."
        elif wanted == "keep":
            take_back_notice(place, person, agreement_id)
            words = "The notice was taken back."
        elif wanted == "reopen":
            count = reopen(place, person, agreement_id, "reopen")
            words = (
                f"It is a draft again; {count} signature{'s are' if count != 1 else ' is'} void."
            )
        else:
            raise Http404
    except UnsafeActionError as error:
        tell_error(request, error)
    except NotFoundError as error:
        raise Http404 from error
    else:
        messages.success(request, words)
        if wanted == "reopen":
            return redirect("agreements:draft", agreement_id)
    return redirect("agreements:show", agreement_id)


def _with_form(
    request: HttpRequest,
    agreement_id: str,
    wanted: str,
    form: Any,
    *,
    title: str,
    means: str,
    do: Callable[[dict[str, Any]], object],
    done: str,
    leads_to: str = "agreements:show",
) -> HttpResponse:
    """Ask for what an act needs, then do it."""
    _, agreement, standing = _find(agreement_id)
    offer = _offer(agreement, standing, request, wanted)
    if request.method == "POST" and form.is_valid():
        try:
            do(form.cleaned_data)
        except UnsafeActionError as error:
            form.add_error(None, " ".join(filter(None, [error.what, error.why, error.do_next])))
        except NotFoundError as error:
            raise Http404 from error
        else:
            messages.success(request, done)
            return redirect(leads_to, *([agreement_id] if leads_to.endswith("show") else []))
    shown = {"agreement": agreement, "form": form, "title": title, "means": means}
    return render(
        request, "agreements/act.html", {**shown, "offer": offer, "why": _why_not(standing)}
    )


def _find(agreement_id: str) -> tuple[Rules, Agreement, Standing]:
    place = current_place()
    rules = place.rules(place.today)
    agreement = rules.agreements.get(agreement_id)
    if agreement is None:
        raise Http404
    return rules, agreement, rules.standings[agreement_id]


def _offer(agreement: Agreement, standing: Standing, request: HttpRequest, wanted: str) -> Any:
    facts = fixed_facts(agreement, standing, owner_of(agreement.id))
    found = offers(life_state(standing), person_of(request), facts)
    return next((each for each in found if each.step.act == wanted), None)


def _progress(agreement: Agreement, standing: Standing, rules: Rules) -> list[dict[str, Any]]:
    signed = {each.partner: each.signed_at for each in standing.signed}
    return [
        {
            "name": rules.terms.words("partner", each.partner),
            "signed_at": signed.get(each.partner),
        }
        for each in agreement.parties
    ]


def _signed_words(agreement: Agreement, *, is_whole: bool, place: Any) -> str:
    if not is_whole:
        return "You have signed. It comes into force once every party has."
    if agreement.starts_on > place.today:
        return (
            f"You have signed. Every party has now; it starts on {agreement.starts_on:%-d %B %Y}."
        )
    return "You have signed. Every party has now: the agreement is in force."


def _why_not(standing: Standing) -> str:
    return " ".join(standing.why)
