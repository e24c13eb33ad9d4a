"""The rota: shifts of a day, swaps, and the calendar."""

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from wholeplace.places.hubs.rota.calendar import write_calendar
from wholeplace.places.hubs.rota.shifts import (
    COLLEAGUE,
    OWNER,
    SWAP_LIFE,
    Change,
    Series,
    shifts_between,
    shifts_on,
)

MONDAY = dt.date(2026, 11, 23)
NINE, ONE = dt.time(9), dt.time(13)
HERS = Series("s1", "hall", "7", 0, NINE, ONE, "Debt advice", MONDAY)
USERS = st.sampled_from("123")


@st.composite
def rotas(draw):
    series = [
        Series(
            f"s{number}", draw(st.sampled_from(["hall", "library"])), draw(USERS),
            draw(st.integers(0, 6)), NINE, ONE, "Work", MONDAY + dt.timedelta(draw(st.integers(-9, 9))),
            draw(st.none() | st.integers(0, 20).map(lambda n: MONDAY + dt.timedelta(n))),
        )
        for number in range(draw(st.integers(0, 5)))
    ]  # fmt: skip
    changes = [
        Change(
            each.id, MONDAY + dt.timedelta(draw(st.integers(0, 20))), draw(st.sampled_from(["off", "swap"])),
            draw(st.sampled_from(list(SWAP_LIFE.states))), draw(USERS),
        )
        for each in series
    ]  # fmt: skip
    return series, changes


@given(rotas())
def test_each_shift_is_of_its_day_and_of_one_person(rota):
    series, changes = rota
    by_id = {each.id: each for each in series}
    found = shifts_between(MONDAY, MONDAY + dt.timedelta(20), series, changes)
    assert len({(each.series, each.on) for each in found}) == len(found)
    for each in found:
        own = by_id[each.series]
        assert own.is_on(each.on) and each.on.weekday() == own.weekday
        change = next((c for c in changes if c.series == own.id and c.on == each.on), None)
        if each.is_cover:
            assert change is not None and change.state == "agreed" and each.user_id == change.cover
        else:
            assert each.user_id == own.user_id
            assert change is None or (change.kind == "swap" and change.state != "agreed")


@given(rotas(), st.randoms())
def test_the_order_in_which_it_is_kept_changes_nothing(rota, shuffle):
    series, changes = rota
    before = shifts_between(MONDAY, MONDAY + dt.timedelta(14), series, changes)
    shuffle.shuffle(series)
    shuffle.shuffle(changes)
    assert shifts_between(MONDAY, MONDAY + dt.timedelta(14), series, changes) == before


def test_until_a_colleague_agrees_the_shift_stays_whose_it_was():
    for state, who in (("asked", "7"), ("agreed", "9"), ("declined", "7"), ("withdrawn", "7")):
        (shift,) = shifts_on(MONDAY, [HERS], [Change("s1", MONDAY, "swap", state, "9")])
        assert shift.user_id == who and shift.is_cover == (state == "agreed")
    assert shifts_on(MONDAY, [HERS], [Change("s1", MONDAY, "off")]) == ()
    assert shifts_on(MONDAY + dt.timedelta(7), [HERS], [Change("s1", MONDAY, "off")])


def test_only_the_colleague_agrees_and_only_the_owner_takes_back():
    assert {each.event for each in SWAP_LIFE.steps_from("asked", {COLLEAGUE})} == {
        "agree",
        "decline",
    }
    assert {each.event for each in SWAP_LIFE.steps_from("asked", {OWNER})} == {"withdraw"}
    assert {each.event for each in SWAP_LIFE.steps_from("agreed", {COLLEAGUE})} == set()
    assert SWAP_LIFE.ends == {"declined", "withdrawn"}


def test_a_calendar_is_in_utc_folded_and_names_nobody():
    summer = dt.date(2026, 6, 1)
    series = [Series("s1", "hall", "7", 0, NINE, ONE, "Debt; advice, " + "é" * 60, summer)]
    shifts = shifts_between(summer, summer + dt.timedelta(6), series, ())
    at = dt.datetime(2026, 5, 1, 12, tzinfo=dt.UTC)
    text = write_calendar(
        shifts, {"hall": ("Weaver Hall", "Weaver Street, Larkbridge")}, "Europe/London", at
    )
    assert b"DTSTART:20260601T080000Z\r\n" in text, "nine in summer is eight in UTC"
    assert b"UID:s1-20260601@wholeplace" in text
    assert b"\r\n " in text and all(len(line) <= 75 for line in text.split(b"\r\n"))
    assert b"Debt\\; advice\\, " in text.replace(b"\r\n ", b"")
    assert text.replace(b"\r\n ", b"").count(b"BEGIN:VEVENT") == 1
    assert (
        b"ATTENDEE" not in text and b"ORGANIZER" not in text and text.endswith(b"END:VCALENDAR\r\n")
    )
