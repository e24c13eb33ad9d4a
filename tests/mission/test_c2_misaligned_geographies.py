"""C2: one need in every partner's boundaries with its error, and who is responsible for one person."""

import csv
import re
from typing import Any

import pytest
from tests.journeys.walking import LEANNE, become, check_page, open_person
from tests.web.town import LiveTown

pytestmark = pytest.mark.browser


def figures_of(page: Any) -> list[str]:
    """The columns of people with the need and of residents, as they stand on the page."""
    columns = page.locator("table tbody tr td:nth-of-type(2), table tbody tr td:nth-of-type(3)")
    return [cell.inner_text().strip() for cell in columns.all()]


def said_on(page: Any) -> str:
    said: str = page.locator("main").inner_text()
    return said


def test_an_analyst_compares_a_need_in_every_partners_boundaries(browser_page: Any) -> None:
    become(browser_page, "wen-li", "/places/")
    totals = {}
    for name, areas in (("Larkbridge wards", 12), ("police beats", 7), ("NHS localities", 5)):
        browser_page.get_by_role("link", name=re.compile(name, re.IGNORECASE)).first.click()
        assert browser_page.locator("table tbody tr").count() == areas
        assert browser_page.locator("svg title").count() >= 1, "the map says in words what it is"
        said = said_on(browser_page)
        found = re.search(r"([\d,]+) in all", said)
        totals[name] = found[1] if found else "not shown"
        figures = figures_of(browser_page)
        assert len(figures) == 2 * areas
        for figure in figures:
            if figure not in ("fewer than 8", "not shown"):
                assert re.fullmatch(r"[\d,]+", figure), f"{figure!r} is no protected count"
                count = int(figure.replace(",", ""))
                assert count > 7, "a count of seven or fewer would pick people out"
        check_page(browser_page)
    assert len(set(totals.values())) == 1, "three roundings of one total would narrow the truth"


def test_an_analyst_converts_between_police_and_health_with_the_error(browser_page: Any) -> None:
    page = browser_page
    become(page, "wen-li", "/places/compare/")
    # A need: counted in the health localities, and as converted from the police's beats.
    page.get_by_label("Figure", exact=True).select_option(label="An adult is out of work")
    page.get_by_label("Show it in", exact=True).select_option(label="NHS localities")
    page.get_by_label("Converted from", exact=True).select_option(label="Lark Valley Police beats")
    page.get_by_role("button", name="Show").click()
    assert page.locator("table tbody tr").count() == 5
    rows = [row.inner_text() for row in page.locator("table tbody tr").all()]
    # What is too small to show says so, which in a town of a few hundred may be all of it.
    for row in [row for row in rows if "not shown" not in row]:
        assert re.search(r"\d+ to \d+", row), "every converted figure has its range"
        assert "estimated" in row
    check_page(page)
    # What the police publish by beat, in the health localities: the total stays.
    page.get_by_label("Figure", exact=True).select_option(label="Crimes recorded")
    page.get_by_role("button", name="Show").click()
    found = re.search(r"total stays the same: ([\d,]+)", said_on(page))
    assert found
    for row in page.locator("table tbody tr").all():
        assert re.search(r"\d+ to \d+", row.inner_text()), "every converted figure has its range"
        assert "estimated" in row.inner_text()
    cells = page.locator("table tbody tr td:nth-of-type(2)").all()
    assert sum(int(each.inner_text().replace(",", "")) for each in cells) == int(
        found[1].replace(",", "")
    )
    check_page(page)
    # How badly the two fit, and which line to move.
    page.get_by_role("link", name="How well these boundaries fit each other").click()
    said = said_on(page)
    assert "live outside the main match" in said and "What would change if one line moved" in said
    check_page(page)
    page.goto("/places/profiles/")
    page.get_by_role("link", name="Southmoor").click()
    said = said_on(page)
    assert "Areas alike" in said and "Most different" in said and "Over time" in said
    check_page(page)


def test_a_resident_finds_who_is_responsible_without_signing_in(
    browser_page: Any, live_town: LiveTown
) -> None:
    page = browser_page
    with (live_town.town.place / "areas" / "nhs-localities.csv").open() as stream:
        home = {row["code"]: row["postcode"] for row in csv.DictReader(stream)}["LVL04"]
    page.goto("/tour/")
    page.get_by_role("link", name="Who is responsible?").click()
    page.get_by_role("button", name="Find out").click()
    assert "There is a problem" in said_on(page)
    check_page(page)
    page.get_by_label("Postcode").fill(home)
    page.get_by_label("What is it about?").select_option(label="Debt, or not enough food")
    page.get_by_role("button", name="Find out").click()
    said = said_on(page)
    assert "Money and Pensions Service" in said and "Financial Conduct Authority" in said
    assert "Nobody is named here as the advice agency" in said, "a gap is told"
    check_page(page)


def test_a_practitioner_sees_the_patchwork_of_one_person(browser_page: Any) -> None:
    page = browser_page
    become(page, "amira-khan")
    open_person(page, LEANNE)
    part = page.locator("section[aria-labelledby=responsible]")
    said = part.inner_text()
    assert re.search(r"\d+ different bodies take a part", said)
    for words in ("NHS localities", "Lark Valley Police beats", "Larkbridge wards"):
        assert words in said, "the person lives in one area of each partner"
    part.locator("summary").first.click()
    opened = part.inner_text()
    for words in ("Commissions", "Funds", "Delivers", "Regulates", "Inspects", "Source"):
        assert words in opened
    postcode = re.search(r"LB\d \d[A-Z]{2}", said_on(page))
    assert postcode
    # The public page says the same of the same home.
    page.goto("/places/who/")
    page.get_by_label("Postcode").fill(postcode[0])
    page.get_by_label("What is it about?").select_option("home")
    page.get_by_label("Age").fill("34")
    page.get_by_role("button", name="Find out").click()
    answer = said_on(page)
    assert "Larkbridge Borough Council" in answer and "Regulator of Social Housing" in answer
    check_page(page)


def test_an_analyst_counts_and_opens_nobodys_record(browser_page: Any) -> None:
    become(browser_page, "wen-li")
    answer = browser_page.goto("/people/")
    assert answer.status == 403


@pytest.mark.parametrize("persona", ["leanne-harlow", "nadia-price", "alex-stone"])
def test_nobody_has_counts_whom_no_clause_names(browser_page: Any, persona: str) -> None:
    become(browser_page, persona)
    answer = browser_page.goto("/places/")
    assert answer.status == 403
    said = browser_page.locator("main").inner_text()
    assert "names your role" in said and "ask " in said, "what is missing, and whom to ask"
    assert browser_page.locator("table").count() == 0
    check_page(browser_page)
