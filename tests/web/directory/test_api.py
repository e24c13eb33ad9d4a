"""Open Referral UK at `/o/`: conforming, public, read only."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from wholeplace.directory.publishing import validate_answer
from wholeplace.directory.standard import read_openapi

pytestmark = pytest.mark.django_db(transaction=True)
LISTS = ("services", "service_at_locations", "taxonomies", "taxonomy_terms")


def get(client: Any, address: str, status: int = 200) -> Any:
    answer = client.get(address)
    assert answer.status_code == status, (address, answer.content[:200])
    assert answer["Content-Type"] == "application/json"
    assert answer["Access-Control-Allow-Origin"] == "*"
    return json.loads(answer.content)


def test_every_endpoint_of_the_profile_answers_and_conforms(stocked: Any, client: Any) -> None:
    about = get(client, "/o/")
    assert about["version"] == "HSDS-UK-3.0" and validate_answer("/", about) == []
    for kind in LISTS:
        page = get(client, f"/o/{kind}?per_page=500")
        assert page["total_items"] == page["size"] == len(page["contents"]) > 0
        assert validate_answer(f"/{kind}", page) == []
        for row in page["contents"]:
            one = get(client, f"/o/{kind}/{row['id']}")
            assert one["id"] == row["id"] and validate_answer(f"/{kind}/{{id}}", one) == []
    served = get(client, about["openapi_url"].removeprefix("http://testserver"))
    assert set(served["paths"]) == set(read_openapi()["paths"])


def test_pages_hold_everything_once(stocked: Any, client: Any) -> None:
    whole = [each["id"] for each in get(client, "/o/services?per_page=500")["contents"]]
    seen, number, is_last = list[str](), 0, False
    while not is_last:
        number += 1
        page = get(client, f"/o/services?per_page=7&page={number}")
        assert page["first_page"] is (number == 1) and page["page_number"] == number
        seen += [each["id"] for each in page["contents"]]
        is_last = page["last_page"]
    assert seen == whole and number == page["total_pages"]
    beyond = get(client, "/o/services?page=999")
    assert beyond["empty"] is True and beyond["contents"] == [] and beyond["last_page"] is True


@pytest.mark.parametrize(
    "query",
    [
        "page=0", "page=x", "page=-1", "page=1.5", "page=", "per_page=501", "per_page=0", "minimum_age=old",
        "maximum_age=1e9", "start_time=25:00", "day=Monday", "taxonomy_term_id=1", "page=%00", "page=١",
    ],
)  # fmt: skip
def test_a_wrong_question_is_refused_without_repeating_it(
    stocked: Any, client: Any, query: str
) -> None:
    said = get(client, f"/o/services?{query}", 400)
    assert query.partition("=")[0] in said["error"] and "old" not in said["error"].split()


def test_filters_narrow(stocked: Any, client: Any) -> None:
    def names(query: str, kind: str = "services") -> set[str]:
        return {each["name"] for each in get(client, f"/o/{kind}?{query}")["contents"]}

    assert "Debt advice" in names("search=skint")
    assert names("minimum_age=60") == {"Befriending for older people", "Lunch club"}
    assert names("maximum_age=5") == {"Stay and Play", "Health visiting"}
    assert "Recovery café" in names("day=SA") and "Debt advice" not in names("day=SA")
    assert "Night shelter" in names("start_time=19:00")
    term = next(each for each in get(client, "/o/taxonomy_terms")["contents"] if each["name"] == "Food bank")  # fmt: skip
    assert names(f"taxonomy_term_id={term['id']}") <= {"Food bank at Market Square", "Food Bank (Market Sq.)"}  # fmt: skip
    assert names("postcode=M1%201AA&proximity=500", "service_at_locations") == set()


@pytest.mark.parametrize("address", ["/o/services/nonsense", "/o/services/a/b", "/o/nothing", "/o/taxonomies/x"])  # fmt: skip
def test_what_is_not_there_is_said_in_json(stocked: Any, client: Any, address: str) -> None:
    assert "error" in get(client, address, 404)


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_it_is_read_only(stocked: Any, method: str) -> None:
    from django.test import Client

    answer = getattr(Client(enforce_csrf_checks=True), method)("/o/services")
    assert answer.status_code == 405 and "GET" in answer["Allow"]


def test_a_joined_service_leads_to_its_listing(
    stocked: Any, client: Any, sign_in: Callable[[str], Any]
) -> None:
    from wholeplace.web.directory.models import DuplicatePair

    pair = DuplicatePair.objects.order_by("-score")[0]
    sign_in("sam-okoro").post(
        f"/directory/doubles/{pair.pk}/", {"answer": "same-first", "version": 1}
    )
    client.logout()
    answer = client.get(f"/o/services/{pair.second}")
    assert answer.status_code == 301 and answer["Location"] == f"/o/services/{pair.first}"
    assert pair.second not in {each["id"] for each in get(client, "/o/services")["contents"]}
    assert client.get(f"/help/service/{pair.second}/").status_code == 301


def test_capacity_is_published_beside_the_standards_fields(
    stocked: Any, client: Any, listed: Any
) -> None:
    one = get(client, f"/o/services/{listed('Debt advice').id}")
    assert one["wholeplace_capacity"]["state"] == "limited"
    assert one["organization_id"] == one["organization"]["id"]


@pytest.mark.parametrize(
    "questions", [8, pytest.param(120, marks=pytest.mark.heavy)], ids=["few", "many"]
)
def test_questions_from_its_own_description_find_no_failure(stocked: Any, questions: int) -> None:
    """schemathesis: what the description allows is answered as it says, and the rest is refused."""
    import schemathesis
    from hypothesis import HealthCheck, Phase, given, settings
    from hypothesis import strategies as st
    from schemathesis.generation import GenerationMode

    from wholeplace.web.site.wsgi import application

    schema = schemathesis.openapi.from_wsgi("/o/openapi.json", application)
    asked = {GenerationMode.POSITIVE: 0, GenerationMode.NEGATIVE: 0}
    for found in schema.get_all_operations():
        operation = found.ok()
        has_questions = bool(operation.query or operation.path_parameters)
        modes = list(asked) if has_questions else [GenerationMode.POSITIVE]
        parts = [operation.as_strategy(generation_mode=mode) for mode in modes]

        @settings(
            max_examples=questions,
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=st.one_of(parts))
        def ask(case: Any) -> None:
            asked[case.meta.generation.mode] += 1
            case.call_and_validate()

        ask()
    assert all(count >= questions for count in asked.values()), asked
