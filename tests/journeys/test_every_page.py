"""Every registered address, as every kind of persona, in a real browser with axe."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from tests.journeys.walking import LEANNE, check_page, give_reason, open_person

from wholeplace.cli.demo import read_personas
from wholeplace.web.gateway.routes import Route, route_of
from wholeplace.web.gateway.wiring import open_place
from wholeplace.web.people.access import PEOPLE_ROLES

pytestmark = pytest.mark.browser

# Links, confirmations and providers of which the walk has none: the plain page says so.
NOBODYS = {
    "accounts:accept", "accounts:reset", "accounts:confirm", "accounts:with-provider",
    "accounts:back-from-provider",
}  # fmt: skip


# Open to those whom this one concerns, and nothing at all to others of the same role.
OF_SOME = {"hubs:hand-over", "retention:request", "directory:capacity"}


def kinds_of_persona() -> dict[str, tuple[str, ...]]:
    """Return one persona for each set of roles."""
    found: dict[tuple[str, ...], str] = {}
    for each in read_personas():
        found.setdefault(tuple(each["roles"]), str(each["id"]))
    return {persona: roles for roles, persona in found.items()}


def routes(
    patterns: list[Any] | None = None, space: str = ""
) -> Iterator[tuple[str, tuple[str, ...], Route]]:
    """Return name, arguments and mark of every registered address."""
    for each in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(each, URLResolver):
            inside = f"{space}{each.namespace}:" if each.namespace else space
            yield from routes(each.url_patterns, inside)
        elif isinstance(each, URLPattern):
            mark = route_of(each.callback)
            assert mark is not None, f"{each.name} carries no mark"
            yield f"{space}{each.name}", tuple(each.pattern.converters), mark


@pytest.fixture(scope="session")
def examples(live_town: Any) -> dict[str, str]:
    """What stands for each argument of an address; filled in by the first walk."""
    # Some marks ask the place's own agreements which roles they name.
    open_place(live_town.town.place)
    return {
        "agreement_id": "safeguarding",
        "draft_id": "damp-homes-and-asthma",
        "dpia_ref": "DPIA-LB-003",
        "organisation": "council-children",
        "secret": "gone",
        "confirmation": "gone",
        "provider": "gone",
        "reason_id": "gone",
        "ask_id": "gone",
        "request_id": "gone",
        "notice_id": "1",
        "site_id": "weaver-hall",
        "rota_id": "gone",
        "change_id": "1",
        "handover_id": "gone",
        "place": "0",
        "topic_id": "housing",
        "rest": "nothing",
        "fund_id": "keyworker-grant",
        "pool_id": "family-pool",
        "cost_id": "cr2-0",
        "entry_number": "1",
        "renewal_fund": "larkbridge-renewal",
        "board_id": "swanhall",
        "place_ask": "A-0001",
        "public_ask": "A-0001",
        "family_ref": "F-0001",
        "claim_id": "C-0001",
        "return_id": "1",
        "contract_id": "K-0001",
        # Each is some people's own: their journey opens them.
        "referral_id": "gone",
        "case_id": "gone",
        "action_id": "gone",
        "word": "gone",
        "goal_id": "1",
        "word_id": "1",
        "row": "1",
        "joining_id": "1",
        "link_id": "1",
        "meeting_id": "gone",
        "series_id": "gone",
        "item_id": "1",
    }


@pytest.fixture(scope="session")
def already_checked() -> set[str]:
    """Mains and headers that axe has seen: what is the same for two personas is held once."""
    return set()


def fill_examples(walk_as: Callable[..., Any], examples: dict[str, str]) -> None:
    page = walk_as("amira-khan")
    open_person(page, LEANNE)
    examples["person_id"] = page.url.split("/people/")[1].split("/")[0]
    page = walk_as("priya-nair")
    for name, address in (("request_id", "requests"), ("mark_id", "left-out")):
        page.goto(f"/my-record/{address}/")
        link = page.locator(f"main table a[href^='/my-record/{address}/']").first
        examples[f"residents:{name}"] = link.get_attribute("href").strip("/").split("/")[-1]
    page = walk_as("amira-khan")
    page.goto(f"/flags/person/{examples['person_id']}/")
    receipt = page.get_by_role("link", name="Receipt to give them").first
    examples["ref"] = receipt.get_attribute("href").split("/")[4]
    page = walk_as("sam-okoro")
    page.goto("/data/")
    address = page.locator("a[href^='/data/']:has-text('See what is wrong')").first
    examples["dataset"], examples["mark"] = address.get_attribute("href").strip("/").split("/")[1:]
    page.goto("/matches/")
    pair = page.locator("main table a[href^='/matches/pairs/']").first
    examples["pair"] = pair.get_attribute("href").strip("/").split("/")[-1]
    page = walk_as("wen-li")
    page.goto("/exports/")
    asked = page.locator("main th a[href^='/exports/']").first
    examples["export_id"] = asked.get_attribute("href").strip("/").split("/")[1]
    examples["report_id"] = "needs-by-area"
    examples |= {"source": "police-beats", "target": "wards", "areas": "wards", "code": "LBW01"}
    page.goto("/help/topic/money/")
    href = page.locator("main .wp-result a").first.get_attribute("href")
    examples["service_id"] = examples["thing_id"] = href.strip("/").split("/")[-1]
    page = walk_as("sam-okoro")
    page.goto("/directory/doubles/")
    href = page.locator("main .wp-result a").first.get_attribute("href")
    examples["pair_id"] = href.strip("/").split("/")[-1]
    page = walk_as("grace-holt")
    for name, address in (("business_case_id", "cases"), ("deal_id", "agreements")):
        page.goto(f"/money/{address}/")
        link = page.locator(f"main table a[href^='/money/{address}/']").last
        examples[name] = link.get_attribute("href").strip("/").split("/")[-1]
    page = walk_as("daniel-reyes")
    page.goto("/hubs/plan/")
    choice = page.locator("main tbody th a").first.get_attribute("href")
    examples["choice_id"] = choice.strip("/").split("/")[-1]
    page = walk_as("alex-stone")
    page.goto("/accounts/people/")
    href = page.locator("main a[href^='/accounts/people/']").evaluate_all(
        "links => links.map(each => each.getAttribute('href')).find(each => /\\d+\\/$/.test(each))"
    )
    examples["user_id"] = href.strip("/").split("/")[-1]
    page = walk_as("priya-nair")
    page.goto("/retention/erasure/")
    href = page.locator("main td a").first.get_attribute("href")
    examples["erasure_id"] = href.strip("/").split("/")[-1]


def read(page: Any, address: str) -> tuple[int, str] | None:
    """Return the status and the HTML of an address; None where there is no page to look at.

    That is a file to keep, or an address that takes only what a form sends.
    """
    answer = page.request.get(address, max_redirects=3)
    is_page = answer.headers.get("content-type", "").startswith("text/html")
    if answer.status == 405 or (answer.status in (200, 404) and not is_page):
        return None
    return answer.status, answer.text()


def is_new(html: str, persona: str, already_checked: set[str]) -> bool:
    """Return whether axe has something new to look at: another main, or a persona's first page."""
    main = html[html.index("<main") : html.index("</main>")]
    main = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", main)
    # A page that differs from one that was looked at by numbers and days alone is drawn alike.
    parts = {persona, re.sub(r"\d+", "0", main)}
    found = bool(parts - already_checked)
    already_checked |= parts
    return found


def check_widths(page: Any, name: str) -> None:
    """Hold a page to three widths: nothing scrolls sideways but what is made to."""
    for width in (320, 768, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, f"{name} is {wide} pixels wide on {width}"


@pytest.mark.parametrize(("persona", "roles"), [("", ()), *kinds_of_persona().items()])
def test_every_address_answers_as_its_mark_says(
    walk_as: Callable[..., Any],
    examples: dict[str, str],
    already_checked: set[str],
    persona: str,
    roles: tuple[str, ...],
) -> None:
    if "person_id" not in examples:
        fill_examples(walk_as, examples)
    page = walk_as(persona)
    if PEOPLE_ROLES & set(roles):
        # By the address: a search finds nobody by facts that only others hold.
        page.goto(f"/people/{examples['person_id']}/reason/")
        if page.locator("textarea").count():
            give_reason(page)
    seen = 0
    for name, arguments, mark in routes():
        # Two apps may call their own things by one name.
        given = {
            each: examples.get(f"{name.split(':')[0]}:{each}", examples.get(each))
            for each in arguments
        }
        missing = [each for each, value in given.items() if value is None]
        assert not missing, f"{name}: give an example of {missing}"
        address = reverse(name, args=list(given.values()))
        if not (mark.admits(None) or any(mark.admits(role) for role in roles[:1])):
            answer = page.request.get(address, max_redirects=0)
            assert answer.status == (403 if persona else 302), f"{persona}: {name}"
            continue
        answer = read(page, address)
        if answer is None:
            continue
        status, html = answer
        # Reasons, questions and requests are somebody's own: their journey opens them.
        is_gone = name in NOBODYS or "gone" in given.values()
        expected = {404} if is_gone else {200, 404} if name in OF_SOME else {200}
        if status == 403 and mark.shows == "counts":
            # A planner whose role no agreement lets count is told so, and what to do.
            assert "agreement" in html, f"{persona}: {name} does not say why"
            expected = {403}
        assert status in expected, f"{persona}: {name}: {status}"
        seen += 1
        if is_new(html, persona, already_checked):
            page.goto(address)
            check_widths(page, name)
            check_page(page)
    assert seen >= 2
