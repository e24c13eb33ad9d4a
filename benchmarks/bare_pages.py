"""The peer of `pages.py`: the same whole-person page with no gateway and no audit.

    python benchmarks/bare_pages.py --place FOLDER --port PORT [--bare]

The view makes the same reads of the same snapshot, cuts every value down to the level that a
first, unmeasured sight decided, and fills the same template. What it leaves out is what
Wholeplace adds: the look for a live reason, the decision on every field, the pseudonyms, the
audit event and its commit. With `--bare`, Django's sessions, sign-in and all other middleware
are left out too. It writes nothing, protects nobody, and is for measuring alone.
"""

import argparse
import datetime as dt
import os
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

_THREADS = 4


def _application() -> Any:
    from django.core.wsgi import get_wsgi_application

    os.environ["DJANGO_SETTINGS_MODULE"] = "bare_settings"
    return get_wsgi_application()


@dataclass(frozen=True)
class Remembered:
    """What one sight decided: levels by what they are about, and what stands beside the items."""

    levels: dict[tuple[Any, ...], Any]
    known_to: dict[str, tuple[str, ...]]
    refusals: dict[str, tuple[Any, ...]]
    reason: Any
    purposes: list[tuple[str, str]]


_sights: dict[tuple[str, str, str], Remembered] = {}


def person(request: Any, person_id: str) -> Any:
    """Show one whole person as the first sight of this viewer and purpose decided."""
    from django.shortcuts import render
    from django.urls import reverse

    from wholeplace.agreements import place_day
    from wholeplace.people.read import read_person
    from wholeplace.web.gateway.wiring import current_place
    from wholeplace.web.people.forms import TimelineForm
    from wholeplace.web.people.page import PageWords, compose_page, filter_choices, filter_lines

    place, at = current_place(), dt.datetime.now(dt.UTC)
    rules = place.rules(place_day(at, place.place.place.time_zone))
    user_id, purpose = request.GET["as"], request.GET["for"]
    whole = read_person(place.snapshot_reader, person_id)
    key = (user_id, purpose, person_id)
    if key not in _sights:
        _sights[key] = _decide_once(whole, rules, user_id, purpose, at)
    sight = _sights[key]
    revealed = _open(whole, rules, sight)
    needs = [
        need
        for framework in place.place.frameworks
        for headline in framework.headlines
        for need in headline.needs
    ]
    words = PageWords(
        rules.terms.purposes[purpose],
        dt.date.fromisoformat(str(place.snapshot_reader.snapshot.manifest["as_of"])[:10]),
        {need.id: need.evidence for need in needs},
    )
    page = compose_page(
        whole, revealed, revealed.person(person_id), sight.reason, rules.terms, words
    )
    form = TimelineForm(filter_choices(page["all_lines"], page["needs"]), request.GET)
    page["lines"] = filter_lines(page["all_lines"], page["needs"], form.chosen())
    page["lines_in_all"] = len(page["all_lines"])
    page["url"] = f"{request.path}?for={purpose}"
    context = {
        "page": page, "filter": form, "person_id": person_id, "purpose": purpose,
        "purposes": sight.purposes, "back_url": reverse("people:search"),
    }  # fmt: skip
    return render(request, "people/person.html", context)


def _decide_once(whole: Any, rules: Any, user_id: str, purpose: str, at: dt.datetime) -> Remembered:
    from wholeplace.agreements import MemoryAuditTrail, Request, Viewer, decide, reveal
    from wholeplace.web.accounts.models import User
    from wholeplace.web.gateway.reasons import live_reasons_for
    from wholeplace.web.people.access import purposes_for, reason_for_page

    user = User.objects.get(pk=user_id)
    viewer = Viewer(user_id, user.organisation, user.roles[0])
    others = [each.subject.person_id for each in whole.household]
    reasons = live_reasons_for(viewer, [whole.person_id, *others], at, purpose)
    reason = reason_for_page(whole.person_id, reasons)
    asked = Request(viewer=viewer, purpose=purpose, reason=reason, at=at)
    found = reveal(rules, asked, whole.subjects, whole.items, MemoryAuditTrail(), page="person")
    by_id = {each.person_id: asked.about(each) for each in whole.subjects}
    levels = {}
    for item in whole.items:
        about = (item.person_id, *item.also_about)
        levels[_sign(item)] = min(
            decide(rules, by_id[each], source, item.field).level
            for each in about
            for source in item.sources
        )
    return Remembered(
        levels,
        {each.person_id: each.known_to for each in found.people},
        {each.person_id: each.refusals for each in found.people},
        reason and replace(reason),
        purposes_for(rules, viewer),
    )


def _open(whole: Any, rules: Any, sight: Remembered) -> Any:
    from wholeplace.agreements import Level
    from wholeplace.agreements.cut import cut_down
    from wholeplace.agreements.gateway import Revealed, SeenItem, SeenPerson
    from wholeplace.foundation.sealed import open_sealed

    seen: dict[str, list[SeenItem]] = {each: [] for each in sight.known_to}
    for item in whole.items:
        level = sight.levels[_sign(item)]
        if level <= Level.EXISTENCE:
            continue
        cut = cut_down(rules.terms.fields[item.field], level, open_sealed(item.value))
        seen[item.person_id].append(
            SeenItem(
                item.key, item.person_id, item.partner, item.dataset, item.field, level,
                cut.label, cut.text, cut.start_on, cut.end_on, (), cut.values,
            )
        )  # fmt: skip
    for items in seen.values():
        items.sort(key=lambda each: (each.partner, each.field, each.key))
        items.sort(key=lambda each: each.start_on, reverse=True)
    return Revealed(
        tuple(
            SeenPerson(each, sight.known_to[each], tuple(items), sight.refusals[each])
            for each, items in seen.items()
        )
    )


def _sign(item: Any) -> tuple[Any, ...]:
    return (item.person_id, item.partner, item.field, item.also_about)


def main() -> None:
    """Serve the peer until told to stop."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--place", type=Path, required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--bare", action="store_true")
    given = parser.parse_args()
    from granian import Granian
    from granian.constants import Interfaces

    os.environ["WHOLEPLACE_PLACE"] = str(given.place.resolve())
    os.environ["WHOLEPLACE_PERSONAS"] = "1"
    os.environ["BARE"] = "1" if given.bare else ""
    sys.path.insert(0, str(Path(__file__).parent))
    Granian(
        "bare_pages:application",
        address="127.0.0.1",
        port=given.port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=_THREADS,
        log_access=False,
        log_level="warning",
    ).serve()


if __name__ == "__main__":
    main()
elif "WHOLEPLACE_PLACE" in os.environ:
    application = _application()
