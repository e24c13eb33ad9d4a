"""Search, reason and person page over the invented town, through the gateway and the trail."""

import datetime as dt
import re
import time
from typing import Any

import pytest

from wholeplace.web.chain.models import Entry, SubjectKey
from wholeplace.web.chain.trail import subject_pseudonym
from wholeplace.web.people.limits import limits

LEANNE = {
    "name": "Leanne Harlow", "birth_date_day": "14", "birth_date_month": "3", "birth_date_year": "1992",
    "purpose": "whole-family-support",
}  # fmt: skip
TARA = {
    **LEANNE,
    "name": "Tara Moss",
    "birth_date_day": "21",
    "birth_date_month": "7",
    "birth_date_year": "1990",
}
NOBODY = {**LEANNE, "name": "Nobody Known", "birth_date_year": "1901"}
WHY = {
    "purpose": "whole-family-support",
    "text": "The school rang about Jayden; a visit is planned today",
}

pytestmark = pytest.mark.django_db(transaction=True)


def find(client: Any, facts: dict[str, str]) -> str:
    """Return the address of the first person found, or nothing."""
    html = client.post("/people/", facts).content.decode()
    found = re.search(r'href="(/people/[^"/]+/)\?for', html)
    return found[1] if found else ""


def kinds() -> list[str]:
    return [str(entry.event["kind"]) for entry in Entry.objects.order_by("position")]


def test_one_fact_is_not_enough(sign_in: Any) -> None:
    page = sign_in("amira-khan").post(
        "/people/", {"name": "Leanne Harlow", "purpose": "whole-family-support"}
    )
    assert page.status_code == 422
    assert "Give at least two facts" in page.content.decode()
    assert "people.searched" not in kinds()


def test_a_search_is_recorded_without_what_was_typed_and_shows_existence_alone(
    sign_in: Any,
) -> None:
    client = sign_in("amira-khan")
    page = client.post("/people/", LEANNE)
    text = page.content.decode()
    assert "1 person found" in text and "Lark Valley Police" in text
    # Outside the form, which gives back what was typed, nothing of the person stands.
    answer = text.split('id="results"')[1].split("</section>")[0]
    assert "Leanne" not in answer and "1992" not in answer
    events = [str(entry.event) for entry in Entry.objects.all()]
    assert any("people.searched" in event for event in events)
    assert not any("Leanne" in event or "1992" in event for event in events)


def test_a_sealed_person_cannot_be_told_from_nobody(sign_in: Any) -> None:
    client = sign_in("amira-khan")
    answers = []
    for facts in (TARA, NOBODY):
        html = client.post("/people/", facts).content.decode()
        answers.append(html.split('id="results"')[1].split("</section>")[0])
    assert answers[0] == answers[1]
    assert "Nobody found" in answers[0]


def test_no_reason_no_page_then_a_reason_opens_it(sign_in: Any) -> None:
    client = sign_in("helen-marsh")
    address = find(client, LEANNE)
    if not address:
        address = find(
            client,
            {
                **LEANNE,
                "name": "Jayden Harlow",
                "birth_date_day": "9",
                "birth_date_month": "5",
                "birth_date_year": "2012",
            },
        )
    refused = client.get(address)
    assert refused.status_code == 302 and "/reason/" in refused["Location"]
    asked = client.get(refused["Location"])
    assert "Why do you need to see this person?" in asked.content.decode()
    short = client.post(refused["Location"], {**WHY, "text": "because"})
    assert short.status_code == 422
    opened = client.post(refused["Location"], WHY, follow=True)
    assert "What you see is logged" in opened.content.decode()
    assert kinds().index("reason.opened") < len(kinds()) - 1


@pytest.mark.parametrize("person_id", ["p0000000000000000", "nobody", "%00", "a" * 300])
def test_an_unknown_person_is_not_found(sign_in: Any, person_id: str) -> None:
    page = sign_in("amira-khan").get(f"/people/{person_id}/reason/")
    assert page.status_code == 404
    assert "Page not found" in page.content.decode()


def test_a_sealed_person_by_address_is_not_found_either(sign_in: Any, signed_town: Any) -> None:
    reader = signed_town.snapshot_reader
    (row, *_) = reader.rows(
        "SELECT person_id FROM subject_flags WHERE flag = 'sealed' AND value = 'yes'"
    )
    client = sign_in("amira-khan")
    sealed = client.get(f"/people/{row['person_id']}/reason/")
    unknown = client.get("/people/p0000000000000000/reason/")
    assert sealed.status_code == unknown.status_code == 404
    token = re.compile(rb'name="csrfmiddlewaretoken" value="[^"]+"')
    assert token.sub(b"", sealed.content) == token.sub(b"", unknown.content)


@pytest.mark.parametrize("persona", ["wen-li", "alex-stone", "leanne-harlow", "priya-nair"])
def test_roles_that_do_not_work_with_people_have_no_such_page(sign_in: Any, persona: str) -> None:
    assert sign_in(persona).get("/people/").status_code == 403


def test_searching_stops_at_the_limit_and_says_when_it_goes_on(sign_in: Any) -> None:
    client = sign_in("amira-khan")
    for _ in range(limits().searches_per_hour):
        assert client.post("/people/", NOBODY).status_code == 200
    page = client.post("/people/", LEANNE)
    assert page.status_code == 429
    assert "You have searched a lot this hour" in page.content.decode()
    assert "found" not in page.content.decode().split("<main")[1].split("<form")[0]
    assert kinds()[-1] == "people.search-refused"


def test_a_page_without_a_session_leads_to_signing_in(client: Any, signed_town: Any) -> None:
    answer = client.get("/people/p1/")
    assert answer.status_code == 302 and "/sign-in/" in answer["Location"]


def test_one_reason_may_cover_a_household(sign_in: Any) -> None:
    client = sign_in("amira-khan")
    facts = {
        **LEANNE,
        "name": "Jayden Harlow",
        "birth_date_day": "9",
        "birth_date_month": "5",
        "birth_date_year": "2012",
    }
    address = find(client, facts)
    client.post(f"{address}reason/", {**WHY, "household": "on"})
    html = client.get(address).content.decode()
    household = html.split('id="household"')[1].split("</section>")[0]
    assert "They live with" in household and "Leanne" in household


def trail_of(client: Any, address: str) -> tuple[int, list[dict[str, Any]]]:
    """Return the answer's status and what a request added to the trail."""
    before = Entry.objects.count()
    status = client.get(address).status_code
    return status, [entry.event for entry in Entry.objects.order_by("position")[before:]]


def test_trying_ids_leaves_the_same_trail_whether_or_not_somebody_is_hidden(
    sign_in: Any, signed_town: Any
) -> None:
    (row, *_) = signed_town.snapshot_reader.rows(
        "SELECT person_id FROM subject_flags WHERE flag = 'sealed' AND value = 'yes'"
    )
    client = sign_in("amira-khan")
    sealed, unknown, other = (
        trail_of(client, f"/people/{each}/reason/")
        for each in (row["person_id"], "p0000000000000000", "p0000000000000001")
    )
    assert sealed[0] == unknown[0] == other[0] == 404
    for _, events in (sealed, unknown, other):
        assert [(event["kind"], event["page"]) for event in events] == [("sight", "reason")]
        assert len(events[0]["subjects"]) == 1
    # Unknown ids go by one name, so that nobody fills the table of keys by trying some.
    names = [events[0]["subjects"][0]["subject"] for _, events in (sealed, unknown, other)]
    assert names[1] == names[2] != names[0]
    assert not SubjectKey.objects.filter(person_id__startswith="p000000000000000").exists()


@pytest.mark.parametrize("person_id", ["%00", "a%00b", "%0A", "%1B", "a" * 300])
@pytest.mark.parametrize("page", ["", "reason/"])
def test_what_can_be_nobodys_id_is_answered_as_an_unknown_one(
    sign_in: Any, person_id: str, page: str
) -> None:
    answer = sign_in("amira-khan").get(f"/people/{person_id}/{page}", follow=True)
    assert answer.status_code == 404
    assert "Page not found" in answer.content.decode()


def test_a_page_about_several_people_names_the_reason_for_each(
    sign_in: Any, signed_town: Any
) -> None:
    from wholeplace.agreements.subjects.request import Viewer
    from wholeplace.web.accounts.models import User
    from wholeplace.web.gateway.reasons import open_reason

    user, at = User.objects.get(persona="dean-walsh"), dt.datetime.now(dt.UTC)
    viewer = Viewer(str(user.pk), user.organisation, "practitioner")
    rows = signed_town.snapshot_reader.rows(
        "SELECT DISTINCT person_id FROM person_identity WHERE partner = 'police' "
        "ORDER BY person_id LIMIT 2"
    )
    opened = {
        each["person_id"]: open_reason(viewer, each["person_id"], WHY["purpose"], WHY["text"], at)
        for each in rows
    }
    sign_in("dean-walsh").get(f"/people/mine/?for={WHY['purpose']}")
    event = Entry.objects.order_by("-position")[0].event
    stated = {each["subject"]: each["reason"]["id"] for each in event["subjects"]}
    for person_id, reason in opened.items():
        assert stated[subject_pseudonym(person_id)] == reason.id


def test_no_refusal_comes_sooner_than_a_hidden_person_takes(sign_in: Any, signed_town: Any) -> None:
    (row, *_) = signed_town.snapshot_reader.rows(
        "SELECT person_id FROM subject_flags WHERE flag = 'sealed' AND value = 'yes'"
    )
    client, least = sign_in("amira-khan"), limits().refusal_milliseconds / 1000
    for person_id in (row["person_id"], "p0000000000000000"):
        began = time.monotonic()
        assert client.get(f"/people/{person_id}/reason/").status_code == 404
        assert time.monotonic() - began >= least
    for facts in (TARA, NOBODY):
        began = time.monotonic()
        assert "Nobody found" in client.post("/people/", facts).content.decode()
        assert time.monotonic() - began >= least
