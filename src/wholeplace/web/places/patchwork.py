"""The patchwork from one person's side: on their page, who is responsible for each need shown.

Made of what the page shows already: the postcode, the birth date and the needs that the gateway
let through. Where the viewer may not see where somebody lives, nothing is worked out from it.
"""

import datetime as dt
import re
from collections.abc import Iterable

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from wholeplace.agreements.gateway import SeenItem
from wholeplace.agreements.texts.agreement import Level
from wholeplace.foundation.errors import WholeplaceError
from wholeplace.places.bodies.definitions import england
from wholeplace.places.bodies.finding import topics_of_need
from wholeplace.web.gateway.panels import PersonSeen
from wholeplace.web.gateway.wiring import current_place
from wholeplace.web.places.ground import ground_of
from wholeplace.web.places.responsible import answers_for

__all__ = ["PatchworkPanel", "age_seen", "postcode_seen"]

_POSTCODE = re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b")


class PatchworkPanel:
    """Who is responsible for each need of a person."""

    id = "responsible"
    title = "Who is responsible"
    order = 20

    def draw(self, request: HttpRequest, seen: PersonSeen) -> SafeString:
        """Return each topic of the needs shown, with who takes which part where they live."""
        topics = {
            topic.id: None
            for headline, need, _ in seen.needs
            for topic in topics_of_need(england().topics, need, headline)
        }
        if not topics:
            return SafeString()
        served = current_place()
        postcode = postcode_seen(seen.items)
        context: dict[str, object] = {"has_postcode": bool(postcode)}
        if postcode:
            try:
                ground = ground_of(served)
                where = ground.whereabouts(postcode)
            except WholeplaceError:
                return SafeString()
            age = age_seen(seen.items, seen.on)
            answers = answers_for(served, list(topics), where, age, seen.on)
            bodies = {
                body.body for each in answers for part in each["parts"] for body in part["bodies"]
            }
            context |= {
                "answers": answers, "count": len(bodies), "age_known": age is not None,
                "gaps": sum(each["gaps"] for each in answers),
                "doubles": sum(each["doubles"] for each in answers),
                "areas": [(ground.sets[name].title, area) for name, (_, area) in where.items()],
            }  # fmt: skip
        return render_to_string("places/patchwork.html", context, request)


def postcode_seen(items: Iterable[SeenItem]) -> str:
    """Return the first full postcode among the addresses seen in detail; empty where none is."""
    for item in items:
        if item.field == "contact.address" and item.level == Level.DETAIL:
            typed = str(item.values.get("postcode") or "") or item.text
            if found := _POSTCODE.search(typed.upper()):
                return found[0]
    return ""


def age_seen(items: Iterable[SeenItem], on: dt.date) -> int | None:
    """Return the age by a birth date seen in detail; None where only the year, or nothing, is."""
    for item in items:
        if item.field == "identity.birth-date" and item.level == Level.DETAIL:
            try:
                born = dt.date.fromisoformat(item.text[:10])
            except ValueError:
                continue
            return on.year - born.year - ((on.month, on.day) < (born.month, born.day))
    return None
