"""Pages of packs, the room and the minutes."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from wholeplace.foundation.errors import UnsafeActionError
from wholeplace.foundation.lifecycle import ChangedMeanwhileError
from wholeplace.teams.action import OPEN_ACTION
from wholeplace.teams.agenda import SERIES_KINDS
from wholeplace.teams.room import NARROWED, PRESENT, WAITING
from wholeplace.web.gateway.purposes import PEOPLE_ROLES
from wholeplace.web.gateway.routes import route
from wholeplace.web.teams.changes.planning import NewAction
from wholeplace.web.teams.meetings import minutes, room
from wholeplace.web.teams.meetings.drawing import draw_item
from wholeplace.web.teams.meetings.finding import find_meeting
from wholeplace.web.teams.meetings.forms import (
    ActionForm,
    DecisionForm,
    DissentForm,
    MinutesForm,
    SettleForm,
    StepForm,
)
from wholeplace.web.teams.meetings.sight import UNNAMED, gather, show_alone, show_room
from wholeplace.web.teams.meetings.start import GONE, Start, begin, names_of
from wholeplace.web.teams.models import AgendaItem, Attendance, Case, Dissent, Meeting

__all__ = ["agree", "door", "item", "item_step", "pack", "room_view", "show_minutes"]


@route(roles=PEOPLE_ROLES, shows="personal")
@require_safe
def pack(request: HttpRequest, meeting_id: str) -> HttpResponse:
    """One's own pack: everything on the agenda, at one's own level, to read and to print."""
    start = begin(request)
    found = find_meeting(start.viewer, meeting_id)
    if found.state not in ("packs-issued", "held"):
        raise Http404
    return _alone(request, start, found, "pack")


@route(roles=PEOPLE_ROLES, shows="personal")
@require_safe
def show_minutes(request: HttpRequest, meeting_id: str) -> HttpResponse:
    """The minutes, at the reader's own level."""
    start = begin(request)
    found = find_meeting(start.viewer, meeting_id)
    if found.state not in ("held", "minutes-agreed"):
        raise Http404
    return _alone(request, start, found, "minutes")


@route(roles=PEOPLE_ROLES, shows="personal")
@require_POST
def agree(request: HttpRequest, meeting_id: str) -> HttpResponse:
    """Agree to the minutes as they stand."""
    start, given = begin(request), _given(request)
    try:
        found = minutes.agree_minutes(start.viewer, meeting_id, given["version"], start.at)
    except UnsafeActionError as error:
        held = find_meeting(start.viewer, meeting_id)
        return _alone(request, start, held, "minutes", error=error, status=_status(error))
    told = "The minutes are agreed." if found.agreed_at else "You agreed to the minutes."
    messages.success(request, told)
    return redirect("teams:meeting-minutes", meeting_id=meeting_id)


@route(roles=PEOPLE_ROLES, shows="personal")
@require_safe
def room_view(request: HttpRequest, meeting_id: str) -> HttpResponse:
    """The screen of the room: no more than everybody in it may see."""
    start = begin(request)
    return _room(request, start, find_meeting(start.viewer, meeting_id))


@route(roles=PEOPLE_ROLES, shows="personal")
@require_POST
def door(request: HttpRequest, meeting_id: str) -> HttpResponse:
    """Knock, draw the narrower view, let in, turn away, leave."""
    start, given = begin(request), _given(request)
    viewer, user, at = start.viewer, given["user"], start.at
    find_meeting(viewer, meeting_id)
    try:
        match given["event"]:
            case "knock":
                room.knock(viewer, meeting_id, at)
            case "narrow":
                room.narrow(viewer, meeting_id, user, at)
            case "let-in":
                room.let_in(viewer, meeting_id, user, given["mark"], at)
            case "turn-away":
                room.turn_away(viewer, meeting_id, user, at)
            case "leave":
                room.leave(viewer, meeting_id, user or viewer.user_id, at)
            case _:
                raise Http404
    except UnsafeActionError as error:
        held = find_meeting(viewer, meeting_id)
        return _room(request, start, held, error=error, status=_status(error))
    return redirect("teams:meeting-room", meeting_id=meeting_id)


@route(roles=PEOPLE_ROLES, shows="personal")
@require_safe
def item(request: HttpRequest, meeting_id: str, item_id: int) -> HttpResponse:
    """One family in the room: what everybody there may see, and the minutes being written."""
    start = begin(request)
    found, held = _held(start, meeting_id, item_id)
    return _item(request, start, found, held)


@route(roles=PEOPLE_ROLES, shows="personal")
@require_POST
def item_step(request: HttpRequest, meeting_id: str, item_id: int) -> HttpResponse:
    """Write the minutes of an item: what was said, a decision, a disagreement, an action."""
    start = begin(request)
    found, held = _held(start, meeting_id, item_id)
    event = str(request.POST.get("event", ""))
    form = _forms(start, found, held, bound={event: request.POST}).get(event)
    if form is None:
        raise Http404
    if not form.is_valid():
        return _item(request, start, found, held, bound={event: form}, status=422)
    try:
        _write(start, found, held, event, form.cleaned_data)
    except UnsafeActionError as error:
        _, fresh = _held(start, meeting_id, item_id)
        return _item(
            request, start, found, fresh, error=error, bound={event: form}, status=_status(error)
        )
    messages.success(request, "Kept in the minutes.")
    return redirect("teams:meeting-item", meeting_id=meeting_id, item_id=item_id)


def _write(
    start: Start, found: Meeting, held: AgendaItem, event: str, given: Mapping[str, Any]
) -> None:
    viewer, at = start.viewer, start.at
    if event == "write":
        minutes.write_minutes(
            viewer, found.pk, held.pk, given["version"], given["discussion"],
            given["family_voice"], at,
        )  # fmt: skip
    elif event == "decide":
        minutes.decide_in_room(viewer, found.pk, held.pk, given["words"], at)
    elif event == "disagree":
        new = minutes.NewDissent(given["words"], given["owner"], given["escalate_on"])
        minutes.disagree(viewer, found.pk, int(given["decision"]), new, at)
    elif event == "settle":
        minutes.settle_dissent(
            viewer, found.pk, given["dissent"], given["version"], given["words"], at
        )
    else:
        organisation, _, owner = given["owner"].partition(":")
        action = NewAction(int(given["goal"]), given["what"], organisation, owner, given["due_on"])
        minutes.propose_in_room(viewer, found.pk, held.pk, action, at)


def _alone(
    request: HttpRequest, start: Start, found: Meeting, page: str, *,
    error: UnsafeActionError | None = None, status: int = 200,
) -> HttpResponse:  # fmt: skip
    items = list(found.items.all())
    seen = show_alone(
        request,
        start,
        found,
        gather(start.place, found, items, with_content=True, with_history=page == "pack"),
        f"meeting-{page}",
    )
    waits = minutes.still_to_agree(found)
    people = list(found.people.all())
    users = names_of(each.user_id for each in people)
    shown = {
        **_facts(start, found),
        "items": [draw_item(start, found, each, seen, UNNAMED) for each in items],
        "is_mine_to_agree": found.state == "held" and start.viewer.user_id in waits,
        "waits": [users[each].name if each in users else GONE for each in waits],
        "people": _people(start, people),
        "apologies": _people(start, [each for each in people if not each.came]),
        "came": _people(start, [each for each in people if each.came]),
        "error": error,
    }
    return render(request, f"teams/meetings/{page}.html", shown, status=status)


def _room(
    request: HttpRequest, start: Start, found: Meeting, *,
    error: UnsafeActionError | None = None, status: int = 200,
) -> HttpResponse:  # fmt: skip
    facts = {**_facts(start, found), "error": error}
    mine = found.people.filter(user_id=start.viewer.user_id).first()
    if found.state != "held" or not room.is_present(found, start.viewer):
        facts["mine"] = mine
        facts["is_waiting"] = mine is not None and mine.standing in (WAITING, NARROWED)
        return render(request, "teams/meetings/door.html", facts, status=status)
    items, drawn = list(found.items.all()), room.drawn_for(found)
    seen = show_room(
        request, start, found, gather(start.place, found, items, with_content=False), drawn,
        "meeting-room",
    )  # fmt: skip
    people = list(found.people.all())
    shown = {
        **facts,
        "items": [draw_item(start, found, each, seen) for each in items],
        "here": _people(start, [each for each in people if each.standing == PRESENT]),
        "waiting": _people(start, [each for each in people if each.standing == WAITING]),
        "narrowed": _people(start, [each for each in people if each.standing == NARROWED]),
        "mark": _marks(found, drawn),
        "runs": start.viewer.user_id in (found.chair, found.coordinator),
        "me": start.viewer.user_id,
    }
    return render(request, "teams/meetings/room.html", shown, status=status)


def _marks(found: Meeting, drawn: Sequence[Attendance]) -> str:
    """Return the mark of this very page; of no use while nobody is at the door."""
    return room.mark_of(found, drawn)


def _item(
    request: HttpRequest, start: Start, found: Meeting, held: AgendaItem, *,
    error: UnsafeActionError | None = None, bound: Mapping[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    if not room.is_present(found, start.viewer) or found.state != "held":
        return redirect("teams:meeting-room", meeting_id=found.pk)
    drawn = room.drawn_for(found)
    seen = show_room(
        request, start, found, gather(start.place, found, [held], with_content=True), drawn,
        "meeting-item",
    )  # fmt: skip
    drawing = draw_item(start, found, held, seen)
    told = {
        "discussion": seen.words(held), "family_voice": seen.words(held, "views"),
        "version": held.version,
    }  # fmt: skip
    # What not everybody in the room may read is not overwritten by somebody who cannot see it.
    is_hidden = bool(held.discussion or held.family_voice) and not any(
        (told["discussion"], told["family_voice"])
    )
    made = _forms(start, found, held, told=told, drawing=drawing)
    made.update({name: each for name, each in (bound or {}).items() if each is not None})
    shown = {
        **_facts(start, found),
        **drawing,
        "drawn": drawing,
        "forms": made,
        "is_hidden": is_hidden,
        "here": _people(start, [each for each in drawn if each.standing == PRESENT]),
        "error": error,
        "stands": told,
        "is_of_team": "propose" in made,
    }
    return render(request, "teams/meetings/item.html", shown, status=status)


def _forms(
    start: Start, found: Meeting, held: AgendaItem, *, told: Mapping[str, Any] | None = None,
    drawing: Mapping[str, Any] | None = None, bound: Mapping[str, Any] | None = None,
) -> dict[str, forms.Form]:  # fmt: skip
    """Return the forms of an item by what they do, those alone that the viewer can use."""
    bound = bound or {}
    asked = list(found.people.all())
    users = names_of(each.user_id for each in asked)
    owners = [(each, user.name) for each, user in users.items()]
    texts = {each["row"].pk: each["words"] for each in (drawing or {}).get("decisions", ())}
    decisions = [
        (str(each.pk), (texts.get(each.pk) or f"Decision {number}")[:80])
        for number, each in enumerate(held.decisions.all(), start=1)
    ]
    made: dict[str, forms.Form] = {
        "write": MinutesForm(bound.get("write"), initial=dict(told or {}), prefix=None),
        "decide": DecisionForm(bound.get("decide"), auto_id="decide_%s"),
    }
    if decisions:
        made["disagree"] = DissentForm(
            bound.get("disagree"), decisions=decisions, owners=owners, auto_id="disagree_%s"
        )
    if Dissent.objects.filter(decision__item=held, settled_at=None).exists():
        made["settle"] = SettleForm(bound.get("settle"), auto_id="settle_%s")
    goals, team = _plan_choices(start, held, drawing)
    if goals and team:
        made["propose"] = ActionForm(
            bound.get("propose"), goals=goals, owners=team, auto_id="propose_%s"
        )
    return made


def _plan_choices(
    start: Start, held: AgendaItem, drawing: Mapping[str, Any] | None
) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Return goals and team of a case that the viewer is of the team of; nothing for others."""
    case = Case.objects.filter(pk=held.case_id).first() if held.case_id else None
    members = list(case.members.filter(left_at=None)) if case else []
    if case is None or start.viewer.user_id not in {each.user_id for each in members}:
        return [], []
    words = {each["row"].pk: each["words"] for each in (drawing or {}).get("goals", ())}
    goals = [
        (str(goal.pk), (words.get(goal.pk) or f"Goal {number}")[:80])
        for number, goal in enumerate(case.goals.filter(outcome=""), start=1)
    ]
    users = names_of(each.user_id for each in members)
    team = [
        (
            f"{each.organisation}:{each.user_id}",
            f"{users[each.user_id].name}, {start.partner(each.organisation)}",
        )
        for each in members
        if each.user_id in users
    ]
    return goals, team


def _held(start: Start, meeting_id: str, item_id: int) -> tuple[Meeting, AgendaItem]:
    found = find_meeting(start.viewer, meeting_id)
    held = found.items.filter(pk=item_id).first()
    if held is None:
        raise Http404
    return found, held


def _facts(start: Start, found: Meeting) -> dict[str, Any]:
    return {
        "meeting": found,
        "kind": SERIES_KINDS[found.series.kind],
        "when": start.when(found.starts_at),
        "purpose": start.terms.words("purpose", found.series.purpose),
        "open_states": OPEN_ACTION,
    }


def _people(start: Start, people: Sequence[Attendance]) -> list[dict[str, Any]]:
    users = names_of(each.user_id for each in people)
    return [
        {
            "user_id": each.user_id,
            "name": users[each.user_id].name if each.user_id in users else GONE,
            "job": users[each.user_id].job if each.user_id in users else "",
            "partner": start.partner(each.organisation),
            "sent_apologies": each.standing == "apologies",
        }
        for each in people
    ]


def _given(request: HttpRequest) -> dict[str, Any]:
    form = StepForm(request.POST)
    if not form.is_valid():
        raise Http404
    return {name: value if value is not None else 0 for name, value in form.cleaned_data.items()}


def _status(error: UnsafeActionError) -> int:
    return 409 if isinstance(error, ChangedMeanwhileError) else 422
