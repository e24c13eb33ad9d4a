"""Who is responsible: what ships is whole, and a place's own files decide who and where."""

import datetime as dt

import pytest

from wholeplace.foundation.errors import NotFoundError
from wholeplace.larkbridge.definitions import place_source
from wholeplace.partnership.draft import PlaceDraft
from wholeplace.partnership.frameworks import load_framework
from wholeplace.places.bodies.definitions import PARTS, LocalBodies, england
from wholeplace.places.bodies.finding import find_responsible, topics_of_need
from wholeplace.places.bodies.local import check_bodies, read_local_bodies

DAY = dt.date(2026, 11, 25)
HOME = {
    "wards": ("LBW03", "Eastfield"),
    "police-beats": ("LVB01", "Southmoor"),
    "nhs-localities": ("LVL01", "Central"),
}


def test_every_duty_names_a_law_and_one_body_or_role():
    law = england()
    assert set(law.duties) == {each.id for each in law.topics}
    for duty in (each for listed in law.duties.values() for each in listed):
        assert duty.law in law.laws
        assert (duty.role is None) != (duty.body is None)
        assert duty.role is None or duty.role in law.roles
    used = {duty.law for listed in law.duties.values() for duty in listed}
    assert set(law.laws) == used, "a law that nothing rests on says nothing"
    for each in law.laws.values():
        assert each.source and each.source_on <= law.reviewed_on
        assert ("not checked" in each.source) == (each.confidence == "unverified")


def test_every_need_that_ships_has_somebody_to_ask_in_larkbridge():
    local = read_local_bodies(place_source())
    framework = load_framework("supporting-families", "2022")
    for headline in framework.headlines:
        for need in headline.needs:
            topics = topics_of_need(england().topics, need.id, headline.id)
            assert topics, f"{need.id} belongs to no topic"
            for topic in topics:
                found = find_responsible(england(), local, topic.id, HOME, age=None, on=DAY)
                for part in PARTS:
                    is_known_gap = part == "regulates" and topic.id == "domestic-abuse"
                    assert bool(found.parts[part]) != is_known_gap, (topic.id, part)
                for each in (body for part in PARTS for body in found.parts[part]):
                    assert each.law and each.source and each.source_on


def ask(topic, *, age=None, where=HOME, local=None, on=DAY):
    held = read_local_bodies(place_source()) if local is None else local
    return find_responsible(england(), held, topic, where, age=age, on=on)


def test_a_place_without_some_kind_of_area_has_gaps_and_no_fault():
    """A place that names nobody, and knows of the home only in which ward it lies."""
    for topic in england().topics:
        found = find_responsible(england(), (), topic.id, {}, age=None, on=DAY)
        assert set(found.parts) == set(PARTS)


def test_the_area_decides():
    inside = ask("debt")
    assert [each.body for each in inside.parts["delivers"]] == ["Larkbridge Advice and Food"]
    assert inside.parts["delivers"][0].area == "Central" and not inside.gaps
    outside = ask("debt", where=HOME | {"nhs-localities": ("LVL04", "Northside")})
    assert outside.parts["delivers"] == ()
    assert outside.gaps == {"delivers": "Nobody is named here as the advice agency."}


def test_the_age_decides():
    young = {each.body for each in ask("crime", age=15).parts["delivers"]}
    grown = {each.body for each in ask("crime", age=30).parts["delivers"]}
    assert "Larkbridge Borough Council" in young and "The Probation Service" not in young
    assert "The Probation Service" in grown and "Larkbridge Borough Council" not in grown
    unknown = {each.body for each in ask("crime").parts["delivers"]}
    assert unknown == young | grown
    assert not ask("early-years", age=40).is_for_age and ask("early-years", age=3).is_for_age


def test_the_day_decides():
    before = ask("debt", on=dt.date(2024, 3, 31))
    assert before.gaps.keys() == {"delivers"}
    assert not ask("debt", on=dt.date(2024, 4, 1)).gaps


def test_double_cover_is_told_only_where_nobody_arranged_it():
    assert ask("family-relationships").doubles == ("delivers",)
    elsewhere = HOME | {"nhs-localities": ("LVL03", "Westmoor")}
    assert ask("family-relationships", where=elsewhere).doubles == ()
    # Council and police act together on a child who may be harmed: the law says so.
    assert ask("child-harm").doubles == () and ask("domestic-abuse").doubles == ()


def test_a_place_known_by_lookups_alone_names_bodies_by_their_areas():
    where = {
        "lad": ("E08000009", "Trafford"), "pfa": ("E23000005", "Greater Manchester"),
        "icb": ("E54000057", "NHS Greater Manchester Integrated Care Board"),
    }  # fmt: skip
    crime = ask("crime", where=where, local=(), age=15)
    assert {each.body for each in crime.parts["delivers"]} == {
        "Police force for Greater Manchester", "Council for Trafford",
    }  # fmt: skip
    health = ask("mental-and-physical-health", where=where, local=())
    assert health.parts["commissions"][0].body == "NHS Greater Manchester Integrated Care Board"
    assert "delivers" in health.gaps, "nobody is guessed"


def test_an_unknown_topic_is_named():
    with pytest.raises(NotFoundError, match="no such topic"):
        ask("weather")


def test_faults_of_a_places_bodies_are_named_with_their_line(tmp_path):
    (tmp_path / "bodies").mkdir()
    (tmp_path / "bodies" / "b.yaml").write_text(
        "holders:\n"
        "  - {role: counsil, body: B, partner: nobody, covers: {areas: beats}, topics: [debt, x],\n"
        "     valid_from: 2020-01-02, valid_to: 2020-01-01, source: s, source_on: 2026-01-01}\n"
    )
    said = " ".join(map(str, check_bodies(PlaceDraft(tmp_path))))
    for word in ("counsil", "did you mean `council`", "nobody", "beats", "`x`", "before"):
        assert word in said
    assert read_local_bodies(tmp_path)[0].holders[0].role == "counsil"
    assert LocalBodies() and read_local_bodies(tmp_path / "none") == ()
