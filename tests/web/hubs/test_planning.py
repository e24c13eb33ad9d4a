"""Choosing hubs on screen: rights, protected figures, saved choices, two people at once."""

import datetime as dt
import re
from typing import Any

import pytest

from wholeplace.agreements import Suspension

pytestmark = pytest.mark.django_db(transaction=True)

ASKED = {"count": "3", "used": "two-or-more", "areas": "wards"}


def choose(client: Any, **given: Any) -> str:
    answer = client.post("/hubs/plan/new/", {**ASKED, **given})
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["Location"])


@pytest.fixture
def commissioner(sign_in: Any) -> Any:
    return sign_in("daniel-reyes")


def test_a_choice_is_kept_with_protected_figures_alone(commissioner: Any) -> None:
    from wholeplace.web.hubs.models import HubChoice

    html = commissioner.get(choose(commissioner, title="Ours")).content.decode()
    found = HubChoice.objects.get(title="Ours")
    assert len(found.result["sites"]) == 3 and found.result["is_proved"]
    for row in found.result["rows"]:
        assert row["shown"] is None or row["shown"] == 0 or row["shown"] > 7
        assert row["shown"] is None or row["shown"] % found.result["base"] == 0
    assert "one of" in html and "Proved the best" in html
    assert html.count("wp-hub__mark") == 3


def test_what_must_stay_stays_and_what_cannot_be_had_is_not_taken(commissioner: Any) -> None:
    from wholeplace.web.hubs.models import HubChoice

    where = choose(
        commissioner, keep=["south-yard"], barred=["weaver-hall"], heed_room="on", cap_km="4"
    )
    result = HubChoice.objects.get().result
    ids = {each["id"] for each in result["sites"]}
    assert "south-yard" in ids and "weaver-hall" not in ids
    assert result["worst_off_m"] <= 4000
    assert {each["lost"] for each in result["next"]} == {
        each["name"] for each in result["sites"] if not each["is_kept"]
    }
    html = commissioner.get(where).content.decode()
    assert "must stay: South Yard" in html and "cannot be had: Weaver Hall" in html


def test_two_named_services_need_sites_that_host_both(commissioner: Any) -> None:
    from wholeplace.web.gateway.wiring import current_place
    from wholeplace.web.hubs.access import sites_of
    from wholeplace.web.hubs.models import HubChoice

    choose(commissioner, used="charity+jobcentre", areas="nhs-localities")
    result, sites = HubChoice.objects.get().result, sites_of(current_place())
    for row in result["rows"]:
        assert {"charity", "jobcentre"} <= set(sites.site(row["hub"]).hosts)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"count": "0"}, "between 1 and 12"),
        ({"count": "x"}, "whole number"),
        ({"keep": ["weaver-hall"], "barred": ["weaver-hall"]}, "cannot be one that cannot be had"),
        ({"count": "1", "keep": ["weaver-hall", "south-yard"]}, "2 sites must stay"),
        ({"cap_km": "0.01"}, "No hubs were chosen"),
        ({"used": "nobody+else"}, "valid choice"),
        ({"keep": ["nowhere"]}, "valid choice"),
    ],
)
def test_what_cannot_be_is_refused_and_says_why(commissioner: Any, given: Any, said: str) -> None:
    answer = commissioner.post("/hubs/plan/new/", {**ASKED, **given})
    assert answer.status_code == 422 and said in answer.content.decode()


@pytest.mark.parametrize(
    "persona", ["leanne-harlow", "alex-stone", "joan-obi", "priya-nair", "grace-holt"]
)
def test_nobody_plans_whom_no_clause_names_for_all_that_was_counted(
    sign_in: Any, persona: str
) -> None:
    client = sign_in(persona)
    for address in ("/hubs/plan/", "/hubs/plan/new/"):
        answer = client.get(address)
        assert answer.status_code == 403
        assert b"<table" not in answer.content


def test_a_suspension_hides_saved_choices_at_once(commissioner: Any, signed_town: Any) -> None:
    where = choose(commissioner)
    now = dt.datetime.now(dt.UTC)
    signed_town.sign_offs.suspend(Suspension("service-planning", "jobcentre", "u1", now))
    for address in (where, "/hubs/plan/", "/hubs/plan/compare/"):
        answer = commissioner.get(address)
        assert (
            answer.status_code == 403
            and b"govuk-summary-list" not in answer.content
            and b"<table" not in answer.content
        )


def test_the_second_to_rename_is_told_what_it_is_called_now(commissioner: Any) -> None:
    from wholeplace.web.hubs.models import HubChoice

    where = choose(commissioner)
    commissioner.post(f"{where}title/", {"version": "1", "title": "First"})
    second = commissioner.post(f"{where}title/", {"version": "1", "title": "Second"}, follow=True)
    assert "It is now called “First”" in second.content.decode()
    assert HubChoice.objects.get().title == "First"


def test_what_was_put_away_can_be_brought_back(commissioner: Any) -> None:
    where = choose(commissioner, title="Away")
    gone = commissioner.post(f"{where}remove/", follow=True).content.decode()
    assert "Compare Away" not in gone and "Bring back" in gone
    assert "Compare Away" in commissioner.post(f"{where}restore/", follow=True).content.decode()


def test_choices_stand_side_by_side(commissioner: Any) -> None:
    first, second = (choose(commissioner, title=each) for each in ("One", "Two"))
    ids = [each.strip("/").split("/")[-1] for each in (first, second)]
    html = commissioner.get("/hubs/plan/compare/", {"choice": ids}).content.decode()
    assert "One" in html and "Two" in html and html.count('<th scope="row"') >= 12
    assert commissioner.get("/hubs/plan/compare/", {"choice": ids[0]}).status_code == 302
    assert commissioner.get("/hubs/plan/compare/", {"choice": ["none", *ids]}).status_code == 404


def test_nothing_is_worked_out_that_is_not_recorded(
    commissioner: Any, unwritable_trail: Any
) -> None:
    from wholeplace.web.hubs.models import HubChoice

    with unwritable_trail():
        answer = commissioner.post("/hubs/plan/new/", ASKED)
    assert answer.status_code in (422, 503) and not HubChoice.objects.exists()


def test_the_trail_holds_what_was_asked_and_no_count(commissioner: Any) -> None:
    from wholeplace.web.chain.models import Entry

    choose(commissioner)
    event = Entry.objects.filter(event__kind="hubs.chosen").get().event
    assert event["purpose"] == "service-planning" and event["clauses"]
    assert not re.search(r'"people"|"residents"', str(event))
