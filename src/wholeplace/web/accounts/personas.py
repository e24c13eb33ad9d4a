"""The demonstration's personas: invented colleagues whom anybody may be with one click."""

from collections.abc import Iterable, Mapping

from wholeplace.web.accounts.models import User
from wholeplace.web.accounts.place import is_demonstration, served_place

__all__ = ["keep_personas", "list_personas"]


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
