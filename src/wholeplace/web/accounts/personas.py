"""The demonstration's personas: invented colleagues whom anybody may be with one click."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from wholeplace.web.accounts.models import SecondStep, User
from wholeplace.web.accounts.place import is_demonstration, served_place
from wholeplace.web.accounts.second_step import (
    STEP_SECONDS,
    begin_second_step,
    code_of,
    read_secret,
    step_at,
)

__all__ = ["ShownCode", "keep_personas", "list_personas", "show_code"]


@dataclass(frozen=True)
class ShownCode:
    """The code that a persona's app would show.

    Attributes:
        code: to type in; empty where each code of this minute was used.
        wait_seconds: until there is another.
    """

    code: str
    wait_seconds: int


def keep_personas(cast: Iterable[Mapping[str, object]]) -> int:
    """Make the personas' accounts, or bring them up to date. Return how many there are.

    They have no password, so nobody signs in as one outside a demonstration.

    Args:
        cast: id, name, job, organisation, roles and email of each.
    """
    count = 0
    for each in cast:
        persona = str(each["id"])
        user = User.objects.filter(persona=persona).first() or User(persona=persona)
        user.email = str(each.get("email") or f"{persona}@{each['organisation']}.invalid").lower()
        user.name, user.job = str(each["name"]), str(each.get("job") or "")
        user.organisation = str(each["organisation"])
        given = each["roles"]
        user.roles = [str(role) for role in given] if isinstance(given, Iterable) else []
        user.is_active = True
        user.set_unusable_password()
        user.save()
        count += 1
    return count


def list_personas() -> list[dict[str, object]]:
    """Return the personas to choose from; none outside a demonstration."""
    if not is_demonstration():
        return []
    place = served_place()
    words = place.vocabulary.roles
    return [
        {
            "id": user.persona,
            "name": user.name,
            "job": user.job or ", ".join(words[r].label for r in user.roles if r in words),
            "partner": place.partners[user.organisation].name
            if user.organisation in place.partners
            else user.organisation,
        }
        for user in User.objects.filter(is_active=True).exclude(persona="").order_by("id")
    ]


def show_code(user: User, at: dt.datetime) -> ShownCode | None:
    """Return what a persona's authenticator app would show; None for people, and elsewhere.

    A persona has a real secret, made when it is first asked for, so that what the demonstration
    shows is the real way. Where this step's code was used already it is the next one's, which the
    drift allows.
    """
    if not user.persona or not is_demonstration():
        return None
    kept = SecondStep.objects.filter(user=user).first()
    if kept is None:
        begin_second_step(user)
        kept = SecondStep.objects.get(user=user)
    if kept.confirmed_at is None:
        SecondStep.objects.filter(pk=kept.pk).update(confirmed_at=at)
    now = step_at(at)
    step = max(now, kept.last_step + 1)
    if step > now + 1:
        return ShownCode("", int(step - 1) * STEP_SECONDS - int(at.timestamp()))
    return ShownCode(code_of(read_secret(kept), step), 0)
