"""Rota and presence on screen: one's own times, swaps between two people, who is here."""

import datetime as dt
from typing import Any

import pytest

pytestmark = pytest.mark.django_db(transaction=True)


def add(client: Any, day: dt.date, **given: Any) -> Any:
    return client.post(
        "/hubs/rota/add/",
        {
            "site_id": "weaver-hall", "weekday": str(day.weekday()), "starts": "9:30", "ends": "13.00",
            "what": "Family help", "from_on_day": str(day.day), "from_on_month": str(day.month),
            "from_on_year": str(day.year), "until_on_day": "", "until_on_month": "", "until_on_year": "", **given,
        },
    )  # fmt: skip


def series_of(client: Any) -> Any:
    from wholeplace.web.hubs.models import RotaSeries

    return RotaSeries.objects.get(user_id=str(client.user.pk))


def test_a_time_is_added_shown_and_taken_off(as_one: Any, signed_town: Any) -> None:
    amira, jo, today = as_one("amira-khan"), as_one("jo-adeyemi"), signed_town.today
    assert add(amira, today).status_code == 302
    assert "Amira Khan" in jo.get("/hubs/").content.decode()
    assert "Amira Khan" in jo.get("/hubs/week/weaver-hall/").content.decode()
    assert add(amira, today, starts="12:00", ends="14:00").status_code == 422, "it overlaps"
    assert add(amira, today, starts="13:00", ends="14:00").status_code == 302
    calendar = amira.get("/hubs/rota/calendar/")
    assert calendar["Content-Type"].startswith("text/calendar")
    assert b"Family help" in calendar.content and b"Amira" not in calendar.content
    from wholeplace.web.hubs.models import RotaSeries

    for each in RotaSeries.objects.all():
        amira.post(f"/hubs/rota/{each.pk}/end/", {"version": "1"})
    assert not RotaSeries.objects.exists(), "one that began today never was"
    assert "Amira Khan" not in jo.get("/hubs/").content.decode()


@pytest.mark.parametrize(
    "wrong",
    [
        {"ends": "9:00"},
        {"starts": "soon"},
        {"site_id": "market-house"},
        {"what": ""},
        {"from_on_day": "32"},
    ],
)
def test_what_cannot_be_on_a_rota_is_refused(as_one: Any, signed_town: Any, wrong: Any) -> None:
    assert add(as_one("amira-khan"), signed_town.today, **wrong).status_code == 422


def test_a_swap_counts_once_the_colleague_agrees(as_one: Any, signed_town: Any) -> None:
    from wholeplace.web.hubs.models import RotaChange

    amira, tom, day = as_one("amira-khan"), as_one("tom-ellis"), signed_town.today
    add(amira, day)
    page = f"/hubs/rota/{series_of(amira).pk}/"
    asked = amira.post(page, {"on": day.isoformat(), "who": str(tom.user.pk)})
    assert asked.status_code == 302
    change = RotaChange.objects.get()
    assert "Amira Khan" in tom.get("/hubs/").content.decode()
    assert (
        amira.post(f"/hubs/rota/swap/{change.pk}/", {"event": "agree", "version": "1"}).status_code
        == 302
    )
    change.refresh_from_db()
    assert change.state == "asked", "nobody agrees for a colleague"
    tom.post(f"/hubs/rota/swap/{change.pk}/", {"event": "agree", "version": "1"})
    change.refresh_from_db()
    assert change.state == "agreed"
    html = tom.get("/hubs/").content.decode()
    assert "Tom Ellis" in html and "for a colleague" in html
    late = amira.post(
        f"/hubs/rota/swap/{change.pk}/", {"event": "withdraw", "version": "1"}, follow=True
    )
    assert "Somebody answered meanwhile" in late.content.decode()
    change.refresh_from_db()
    assert change.state == "agreed"


def test_a_day_off_and_back(as_one: Any, signed_town: Any) -> None:
    from wholeplace.web.hubs.models import RotaChange

    amira, jo, day = as_one("amira-khan"), as_one("jo-adeyemi"), signed_town.today
    add(amira, day)
    page = f"/hubs/rota/{series_of(amira).pk}/"
    assert amira.post(page, {"on": day.isoformat(), "who": ""}).status_code == 302
    assert "Amira Khan" not in jo.get("/hubs/").content.decode()
    assert amira.post(page, {"on": day.isoformat(), "who": ""}).status_code == 422, (
        "changed already"
    )
    amira.post(f"/hubs/rota/day/{RotaChange.objects.get().pk}/")
    assert "Amira Khan" in jo.get("/hubs/").content.decode()


def test_nobody_changes_somebody_elses_times(as_one: Any, signed_town: Any) -> None:
    amira, jo = as_one("amira-khan"), as_one("jo-adeyemi")
    add(amira, signed_town.today)
    found = series_of(amira)
    assert jo.get(f"/hubs/rota/{found.pk}/").status_code == 404
    assert jo.post(f"/hubs/rota/{found.pk}/end/", {"version": "1"}).status_code == 404
    assert jo.post("/hubs/rota/swap/999/", {"event": "agree", "version": "1"}).status_code == 404
    assert series_of(amira).until_on is None


def test_one_is_at_one_hub_at_a_time(as_one: Any) -> None:
    from wholeplace.web.hubs.models import HubPresence

    amira = as_one("amira-khan")
    amira.post("/hubs/here/weaver-hall/")
    amira.post("/hubs/here/canal-library/")
    assert [each.site_id for each in HubPresence.objects.filter(left_at=None)] == ["canal-library"]
    amira.post("/hubs/here/canal-library/", {"left": "1"})
    assert not HubPresence.objects.filter(left_at=None).exists()
    assert amira.post("/hubs/here/market-house/").status_code == 404, "no hub yet"


def test_who_has_left_is_on_no_rota(as_one: Any, signed_town: Any) -> None:
    from django.utils import timezone

    from wholeplace.web.hubs.rota.changes import end_series_of

    amira, jo, day = as_one("amira-khan"), as_one("jo-adeyemi"), signed_town.today
    add(amira, day)
    assert end_series_of(str(amira.user.pk), timezone.now()) == 1
    amira.user.is_active = False
    amira.user.save()
    assert "Amira Khan" not in jo.get("/hubs/").content.decode()


def test_a_resident_and_an_administrator_have_no_business_there(as_one: Any) -> None:
    for persona in ("leanne-harlow", "alex-stone", "daniel-reyes"):
        assert as_one(persona).get("/hubs/").status_code == 403


@pytest.mark.parametrize("typed", ["x", "2026-13-01", "9999-12-31", "0001-01-01"])
def test_a_week_that_is_none_is_not_found(as_one: Any, typed: str) -> None:
    assert as_one("amira-khan").get(f"/hubs/week/weaver-hall/?from={typed}").status_code in (
        200,
        404,
    )
