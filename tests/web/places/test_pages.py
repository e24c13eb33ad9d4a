"""The place page: counts that a clause gives the viewer, protected, table and map alike."""

import datetime as dt
import re
from typing import Any

import pytest

from wholeplace.agreements import Suspension

pytestmark = pytest.mark.django_db(transaction=True)

PLANNERS = {"wen-li", "grace-holt", "daniel-reyes", "fiona-clark", "beth-moor"}
OTHERS = ("leanne-harlow", "nadia-price", "alex-stone", "joan-obi", "kit-lowe", "priya-nair")


def figures_in(html: str) -> list[str]:
    """Return what stands in the columns of people and residents."""
    return [
        cell.strip()
        for row in re.findall(r"<tr class=\"govuk-table__row\"><td.*?</tr>", html)
        for cell in re.findall(r"<td[^>]*>([^<]*)</td>", row)[1:3]
    ]


@pytest.mark.parametrize("areas", ["wards", "police-beats", "nhs-localities"])
def test_table_and_map_hold_the_same_areas(sign_in: Any, areas: str) -> None:
    html = sign_in("wen-li").get("/places/", {"areas": areas}).content.decode()
    rows = re.findall(
        r'<tr class="govuk-table__row"><td class="govuk-table__cell">(\d+)</td>', html
    )
    numbers = re.findall(r'class="wp-map__number"[^>]*>(\d+)<', html)
    assert rows == numbers and len(rows) >= 3
    assert html.count('<path class="wp-map__area"') == len(rows)


def test_no_small_number_stands_on_the_page(sign_in: Any, signed_town: Any) -> None:
    client = sign_in("wen-li")
    counted = 0
    for framework in signed_town.place.frameworks:
        for headline in framework.headlines:
            for need in headline.needs[:1]:
                html = client.get(
                    "/places/", {"areas": "wards", "need": f"{framework.id}/{need.id}"}
                ).content.decode()
                if "Not counted: no agreement covers" in html and "Per 1,000" not in html:
                    continue
                counted += 1
                shown = [int(found) for found in re.findall(r'data-sort-value="(-?\d+)"', html)]
                assert shown and all(count == -1 or count > 7 for count in shown)
                for figure in figures_in(html):
                    is_number = re.fullmatch(r"[\d,]+", figure) is not None
                    assert is_number or figure in ("fewer than 8", "not shown")
    assert counted >= 5


@pytest.mark.parametrize("query", ["areas=nowhere", "need=none", "need=a/b&areas=wards"])
def test_what_is_not_offered_is_not_found(sign_in: Any, query: str) -> None:
    assert sign_in("wen-li").get(f"/places/?{query}").status_code == 404


def test_counts_go_when_an_agreement_for_planning_does(sign_in: Any, signed_town: Any) -> None:
    client = sign_in("wen-li")
    assert "Per 1,000" in client.get("/places/").content.decode()
    signed_town.sign_offs.suspend(
        Suspension("service-planning", "council-children", "u1", dt.datetime.now(dt.UTC))
    )
    answer = client.get("/places/")
    html = answer.content.decode()
    assert answer.status_code == 403 and "Per 1,000" not in html
    assert "No agreement in force for service planning names your role" in html
    assert "information.governance@larkbridge-council.example" in html


@pytest.mark.parametrize("persona", OTHERS)
def test_nobody_has_counts_whom_no_clause_names(sign_in: Any, persona: str) -> None:
    client = sign_in(persona)
    answer = client.get("/places/")
    html = answer.content.decode()
    assert answer.status_code == 403
    assert "Per 1,000" not in html and figures_in(html) == []
    assert "names your role" in html, "the refusal says what is missing"
    assert "@larkbridge-council.example" in html, "and whom to ask"
    assert 'href="/places/"' not in client.get("/").content.decode()


@pytest.mark.parametrize("persona", sorted(PLANNERS))
def test_roles_that_clauses_name_have_counts(sign_in: Any, persona: str) -> None:
    client = sign_in(persona)
    assert "Per 1,000" in client.get("/places/").content.decode()
    assert 'href="/places/"' in client.get("/").content.decode()


def test_a_role_has_no_count_that_rests_on_what_no_clause_gives_it(sign_in: Any) -> None:
    asked = {"need": "supporting-families/victim-of-domestic-abuse"}
    assert "Per 1,000" in sign_in("wen-li").get("/places/", asked).content.decode()
    html = sign_in("grace-holt").get("/places/", asked).content.decode()
    assert "Per 1,000" not in html
    assert "Not counted: no clause for your role covers" in html


def test_the_page_says_what_is_not_counted_and_why(sign_in: Any) -> None:
    client = sign_in("wen-li")
    html = client.get(
        "/places/", {"need": "supporting-families/condition-not-under-control"}
    ).content.decode()
    assert "Not counted: no agreement covers" in html and "Larkbridge GP Federation" in html
    assert "Per 1,000" not in html
    listed = client.get("/places/").content.decode()
    assert "Needs that are not counted" in listed


def test_a_total_is_the_same_in_every_set_of_boundaries(sign_in: Any, signed_town: Any) -> None:
    from wholeplace.foundation.disclosure import recover_cells
    from wholeplace.places import WITH_NEED, needs_by_area

    reader, seen = signed_town.snapshot_reader, set()
    for name in ("persistent-absence", "out-of-work", "homeless-or-threatened"):
        tables = [
            needs_by_area(reader, "council-children", each, "supporting-families", name).table
            for each in signed_town.place.area_sets
        ]
        assert len(tables) == 3
        assert len({(table.column_total(WITH_NEED), table.total) for table in tables}) == 1
        assert all(recover_cells(table) == {} for table in tables)
        seen |= {tables[0].row_total(row) for row in tables[0].rows[:1]}
    assert len(seen) == 1, "residents of an area are the same whatever the need"
