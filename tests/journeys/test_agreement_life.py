"""An agreement's life in a real browser: drafted, reviewed, signed, seen by, suspended."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from tests.journeys.walking import LEANNE, check_page, open_person

pytestmark = pytest.mark.browser

ID, TITLE, CLAUSE = "arrears-and-advice", "Arrears and advice", "lead-sanctions"
PARTIES = {
    "Larkbridge Advice and Food": "sign-charity",
    "Larkbridge Jobcentre": "sign-jobcentre",
    "Larkbridge Council children's services": "sign-children",
}


def fill_date(page: Any, legend: str, day: dt.date) -> None:
    group = page.get_by_role("group", name=legend)
    for part in ("day", "month", "year"):
        group.get_by_label(part.capitalize()).fill(str(getattr(day, part)))


def save(page: Any) -> None:
    page.get_by_role("button", name="Save and go back to the draft").click()


def draft(page: Any) -> None:
    page.goto("/agreements/")
    page.get_by_role("button", name="Draft an agreement").click()
    check_page(page)
    page.get_by_label("Title").fill(TITLE)
    page.get_by_label("Short name").fill(ID)
    page.get_by_role("button", name="Begin the draft").click()
    today = dt.datetime.now(dt.UTC).date()
    page.get_by_label("Whole-family support").check()
    page.get_by_label("Why we share").fill("So that advice comes before the bailiff.")
    fill_date(page, "First day", today)
    fill_date(page, "Last day", today + dt.timedelta(days=720))
    fill_date(page, "To be reviewed by", today + dt.timedelta(days=360))
    page.get_by_label("Questions go to").fill("governance@larkbridge.example")
    page.get_by_role("button", name="Save", exact=True).click()
    assert "impact assessment is missing" in page.locator("main").inner_text()
    check_page(page)
    page.get_by_label("Data protection impact assessment").fill("DPIA-LB-002")
    save(page)
    for name in PARTIES:
        is_first = page.get_by_role("heading", name=name, exact=True).count() > 0
        if is_first:
            page.get_by_role("link", name=f"Change {name}").click()
        else:
            page.get_by_role("link", name="Add a party").click()
            page.get_by_label("Organisation", exact=True).select_option(label=name)
        page.get_by_label("Legal power or duty").fill("Children Act 2004 s10")
        page.get_by_label("Co-operation to improve children's well-being").check()
        page.get_by_label("Condition for special category data, UK GDPR Article 9").select_option(
            "9(2)(g)"
        )
        page.get_by_label("Condition of Schedule 1, Data Protection Act 2018").fill("paragraph 6")
        save(page)
    page.get_by_role("link", name="Add a clause").click()
    page.get_by_label("Short name of the clause").fill(CLAUSE)
    page.get_by_label("Whose information").select_option("jobcentre")
    page.get_by_label("Who may see it").select_option("charity")
    page.get_by_role("group", name="In which roles").get_by_label(
        "Practitioner", exact=True
    ).check()
    page.get_by_label("Work: everything").check()
    page.get_by_label("Summary: what happened").check()
    page.get_by_label("Days that it may be kept").fill("365")
    check_page(page)
    save(page)
    assert "The text has no faults." in page.locator("main").inner_text()
    check_page(page)


def confirm(page: Any) -> None:
    """Prove who one is, where a code is shown with it."""
    code = page.locator("strong", has_text="").filter(has_text="").all_inner_texts()
    shown = next((each for each in code if each.isdigit() and len(each) >= 6), "")
    if shown:
        page.get_by_label("Code").fill(shown)
    check_page(page)
    page.get_by_role("button", name="Confirm").click()


def sign(page: Any) -> None:
    page.goto("/")
    page.get_by_role("link", name=f"Read and sign: {TITLE}").click()
    check_page(page)
    page.get_by_role("button", name="Continue to sign").click()
    confirm(page)
    page.get_by_role("button", name="Sign for").click()
    assert "You have signed." in page.locator("main").inner_text()


def test_an_agreement_from_draft_to_suspension(walk_as: Callable[..., Any]) -> None:
    officer = walk_as("priya-nair")
    draft(officer)
    officer.get_by_role("button", name="Send to the parties for review").click()
    reviewer = walk_as("sign-jobcentre")
    reviewer.goto("/")
    reviewer.get_by_role("link", name=f"Comment, or say that you are ready: {TITLE}").click()
    reviewer.get_by_label("About", exact=True).select_option(CLAUSE)
    reviewer.get_by_label("Comment", exact=True).fill("Is a summary enough for you?")
    reviewer.get_by_role("button", name="Add the comment").click()
    check_page(reviewer)
    officer.reload()
    assert "Is a summary enough for you?" in officer.locator("main").inner_text()
    officer.get_by_role("button", name="Close this comment").click()
    for persona in PARTIES.values():
        page = walk_as(persona)
        page.goto(f"/agreements/drafts/{ID}/")
        page.get_by_role("button", name="We are ready to sign this text").click()
    officer.reload()
    officer.get_by_role("button", name="Fix the text and ask for signatures").click()
    officer.get_by_role("link", name="Who sees more by it, who less").click()
    assert "Practitioner, Larkbridge Advice and Food" in officer.locator("main").inner_text()
    check_page(officer)

    adviser = walk_as("jo-adeyemi")
    open_person(adviser, LEANNE)
    address = adviser.url

    def sees_it() -> bool:
        adviser.goto(address)
        return "Larkbridge Jobcentre" in adviser.locator("main").inner_text()

    assert not sees_it()
    for persona in PARTIES.values():
        sign(walk_as(persona))
    assert sees_it()
    stopping = walk_as("sign-jobcentre")
    stopping.goto(f"/agreements/{ID}/")
    stopping.get_by_role("button", name="Suspend it now").click()
    check_page(stopping)
    stopping.get_by_label("Reason").fill("A breach is being looked into.")
    stopping.get_by_role("button", name="Suspend this agreement").click()
    assert "Nobody sees anything under it" in stopping.locator("main").inner_text()
    assert not sees_it(), "gone at the very next load"
    stopping.get_by_role("link", name="What happened to it").click()
    assert "Suspended it" in stopping.locator("main").inner_text()
    check_page(stopping)
