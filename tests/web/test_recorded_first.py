"""What is shown stands in the trail as it was shown; without a trail nothing is shown or changed."""

from collections.abc import Callable
from typing import Any

import pytest
from tests.web.belongings import changed, contents, make_belongings, user_of
from tests.web.doors import doors, fill
from tests.web.test_foreign_ids import real_ids
from tests.web.test_planted_columns import posts

from wholeplace.web.chain.models import Entry
from wholeplace.web.chain.trail import subject_pseudonym

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(900)]

WALKERS = ["amira-khan", "joan-obi", "priya-nair", "sign-children", "tom-ellis", "wen-li", "fiona-clark", "leanne-harlow", "sam-okoro"]  # fmt: skip
# Pages with a form alone: nothing of anybody stands on them until it is sent.
_FORMS = {
    "people:search", "people:reason", "reasons:break-glass", "reasons:break-glass-by-facts",
    "reasons:ask", "residents:give-code", "residents:new-mark", "residents:letter", "residents:ask",
    "reasons:answer", "reasons:follow", "flags:asked-for", "flags:home", "flags:consent",
    "flags:objection", "flags:restriction", "flags:seal", "flags:opt-out-check",
    # Outside the room one sees its door alone; of somebody without a case nothing is done twice.
    "teams:meeting-room", "teams:overlap",
}  # fmt: skip
# What these change is no change to anybody's record: one's own notice is put away.
_OWN_DESK = {"gateway_notice"}


def test_what_the_gateway_opened_is_what_the_trail_says(
    used_town: Any, as_persona: Callable[[str], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    from wholeplace.agreements import gateway

    known, opened, compared, doors_seen = make_belongings(used_town), [], 0, set()
    reveal = gateway.reveal

    def noting(*args: Any, **given: Any) -> Any:
        shown = reveal(*args, **given)
        opened.append(shown)
        return shown

    monkeypatch.setattr(gateway, "reveal", noting)
    for persona in WALKERS:
        client, role = as_persona(persona), user_of(persona).roles[0]
        for door in doors():
            if door.mark.shows not in ("personal", "by-link") or not door.mark.admits(role):
                continue
            last = Entry.objects.count()
            opened.clear()
            client.get(fill(door, real_ids(door, known)))
            sights = [
                each.event
                for each in Entry.objects.filter(event__kind="sight").order_by("position")
                if each.position > last
            ]
            assert len(sights) == len(opened), door.name
            for shown, event in zip(opened, sights, strict=True):
                check_alike(shown, event)
                compared += sum(len(each.items) for each in shown.people)
                doors_seen.add(door.name)
    assert compared > 50, compared
    assert {"people:person", "reasons:second"} <= doors_seen, doors_seen


def check_alike(shown: Any, event: dict[str, Any]) -> None:
    """Every field opened stands in the event at its level, with its clauses, and none besides."""
    said = {
        (each["subject"], partner, name, level)
        for each in event["subjects"]
        for partner, fields in (each.get("seen") or {}).items()
        for name, levels in fields.items()
        for level in levels
        if level in ("summary", "detail")
    }
    seen = {
        (subject_pseudonym(item.person_id), item.partner, item.field, item.level.name.lower())
        for item in shown.items
    }
    assert seen == said
    text = str(event)
    for item in shown.items:
        for value in [item.text, *map(str, item.values.values())]:
            assert len(value) < 6 or value == item.label or value not in text


def test_refusals_and_searches_stand_there_too(
    used_town: Any, as_persona: Callable[[str], Any]
) -> None:
    known = make_belongings(used_town)
    client = as_persona("jo-adeyemi")

    def kinds_after(act: Callable[[], Any]) -> list[str]:
        last = Entry.objects.count()
        act()
        return [each.event["kind"] for each in Entry.objects.order_by("position")[last:]]

    facts = {"name": "Zebedee Unheard", "postcode": "LB1 4QT", "purpose": "homelessness-prevention"}
    searched = kinds_after(lambda: client.post("/people/", facts))
    assert {"people.searched", "sight"} <= set(searched), searched
    assert "Zebedee" not in str([each.event for each in Entry.objects.all()])
    refused = kinds_after(lambda: client.get(f"/people/{known['sealed']}/", follow=True))
    assert refused, "a look at somebody hidden leaves a row"


def names_somebody(page: Any) -> bool:
    """Whether a page is about anybody: an empty list shows nothing, so nothing is recorded."""
    main = page.content.decode().split('id="main-content"')[-1]
    if page.wsgi_request.path in ("/teams/", "/teams/referrals/", "/teams/cases/"):
        return "Harlow" in main or "Dunn" in main
    return "/people/mine/" not in page.wsgi_request.path or 'href="/people/p' in main


def test_without_a_trail_nobody_is_shown(
    used_town: Any, as_persona: Callable[[str], Any], unwritable_trail: Any
) -> None:
    known, shut, wrong = make_belongings(used_town), set(), []
    for persona in WALKERS:
        client, role = as_persona(persona), user_of(persona).roles[0]
        wanted = [
            (each, fill(each, real_ids(each, known)))
            for each in doors()
            if each.mark.shows == "personal" and each.mark.admits(role)
        ]
        before = {door.name: client.get(address) for door, address in wanted}
        with unwritable_trail():
            for door, address in wanted:
                answer = client.get(address)
                if before[door.name].status_code != 200:
                    continue
                if answer.status_code == 503:
                    shut.add(door.name)
                    assert "cannot be written" in answer.content.decode()
                elif door.name not in _FORMS and names_somebody(before[door.name]):
                    wrong.append(f"{persona}: {door.name} answers {answer.status_code}")
    assert not wrong, "\n".join(wrong)
    assert {
        "people:person", "people:caseload", "residents:account", "residents:print", "residents:shared",
        "residents:request", "residents:mark", "reasons:second",
    } <= shut, shut  # fmt: skip


def test_without_a_trail_nothing_changes(
    used_town: Any, as_persona: Callable[[str], Any], unwritable_trail: Any
) -> None:
    known, sent, wrong = make_belongings(used_town), 0, []
    for persona in WALKERS:
        client, role = as_persona(persona), user_of(persona).roles[0]
        forms = [
            (door, form)
            for door in doors()
            if not door.name.startswith(("accounts:", "home", "tour")) and door.mark.admits(role)
            for form in posts(client, door, fill(door, real_ids(door, known)))
        ]
        before = contents()
        with unwritable_trail():
            for door, form in forms:
                client.post(form.action, form.values)
                sent += 1
                if touched := changed(before) - _OWN_DESK:
                    wrong.append(f"{persona}: {door.name} changed {touched}")
                    before = contents()
    assert not wrong, "\n".join(wrong)
    assert sent > 40, sent
