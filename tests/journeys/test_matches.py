"""Two stewards decide doubtful matches, and what they decided is what the next run does."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from tests.journeys.walking import become, check_page
from tests.web.town import LiveTown, run_wholeplace

pytestmark = pytest.mark.browser


@pytest.fixture
def second_page(browser: Any, live_town: LiveTown) -> Iterator[Any]:
    """A second steward at a second computer."""
    context = browser.new_context(base_url=live_town.url)
    page = context.new_page()
    page.set_default_timeout(15_000)
    yield page
    context.close()


def answer(page: Any, words: str, *, asks_second: bool = False) -> None:
    page.get_by_label(words).check()
    if asks_second:
        page.get_by_label("A second reviewer should answer too, before it counts").check()
    page.get_by_role("button", name="Keep my answer").click()


def run_again(live_town: LiveTown) -> dict[str, Any]:
    done = run_wholeplace("link", "delta", "--place", str(live_town.town.place), "--json")
    if done.returncode:
        # An example erased somebody, so the index went: the first run links all anew.
        done = run_wholeplace("link", "run", "--place", str(live_town.town.place), "--json")
    assert done.returncode == 0, done.stderr
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def people_of(live_town: LiveTown, records: list[str]) -> set[str]:
    table = pq.read_table(
        Path(live_town.town.data) / "snapshots" / "current" / "person_records.parquet"
    )
    return {row["person_id"] for row in table.to_pylist() if row["record_id"] in records}


def test_two_stewards_decide_and_the_next_run_does_as_they_said(
    browser_page: Any, second_page: Any, live_town: LiveTown
) -> None:
    become(browser_page, "sam-okoro", "/matches/")
    check_page(browser_page)
    link = browser_page.locator("table:has(#doubts) a").first
    ref = link.get_attribute("href").strip("/").split("/")[-1]
    records = ref.split("-")
    assert len(people_of(live_town, records)) == 2, "the most valuable answer would join two people"
    link.click()
    said = browser_page.locator("main").inner_text()
    assert "The two records" in said and "would join two people" in said
    assert browser_page.locator("svg.wp-chart").count() == 1
    check_page(browser_page)
    answer(browser_page, "They are one person", asks_second=True)
    assert (
        "once a second reviewer has given the same answer"
        in browser_page.locator("body").inner_text()
    )
    assert len(people_of(live_town, records)) == 2

    become(second_page, "ivy-marlow", "/matches/")
    second_page.goto(f"/matches/pairs/{ref}/")
    said = second_page.locator("main").inner_text()
    assert "Sam Okoro answered" in said and "said:" not in said, "the second answers blind"
    check_page(second_page)
    answer(second_page, "They are one person")
    assert "It counts from the next run on" in second_page.locator("body").inner_text()

    run_again(live_town)
    assert len(people_of(live_town, records)) == 1, "the decision binds"
    browser_page.goto(f"/matches/pairs/{ref}/")
    said = browser_page.locator("main").inner_text()
    assert "One person" in said and "people decided that these are one person" in said
    check_page(browser_page)

    # Taken back by one of the two, it binds no more: a delta parts them again.
    browser_page.get_by_role("button", name="Take my answer back").click()
    told = run_again(live_town)
    assert "only what changed" in told["linking"]
    assert len(people_of(live_town, records)) == 2

    browser_page.goto("/matches/quality/")
    check_page(browser_page)
    browser_page.goto("/matches/model/")
    check_page(browser_page)
    browser_page.goto("/matches/contradictions/")
    check_page(browser_page)
