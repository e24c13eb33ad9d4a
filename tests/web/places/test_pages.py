"""The place page: protected counts in three sets of boundaries, table and map alike."""

import re
from typing import Any

import pytest

pytestmark = pytest.mark.django_db(transaction=True)


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
    for framework in signed_town.place.frameworks:
        for headline in framework.headlines[:3]:
            for need in headline.needs[:1]:
                html = client.get(
                    "/places/", {"areas": "wards", "need": f"{framework.id}/{need.id}"}
                ).content.decode()
                shown = [int(found) for found in re.findall(r'data-sort-value="(-?\d+)"', html)]
                assert shown and all(count == -1 or count > 7 for count in shown)


@pytest.mark.parametrize("query", ["areas=nowhere", "need=none", "need=a/b&areas=wards"])
def test_what_is_not_offered_is_not_found(sign_in: Any, query: str) -> None:
    assert sign_in("wen-li").get(f"/places/?{query}").status_code == 404


def test_no_counts_without_an_agreement_for_planning(sign_in: Any, signed_town: Any) -> None:
    import datetime as dt

    from wholeplace.agreements import Suspension

    client = sign_in("wen-li")
    assert "Per 1,000" in client.get("/places/").content.decode()
    signed_town.sign_offs.suspend(
        Suspension("service-planning", "council-children", "u1", dt.datetime.now(dt.UTC))
    )
    html = client.get("/places/").content.decode()
    assert "No agreement for service planning is in force" in html and "Per 1,000" not in html
