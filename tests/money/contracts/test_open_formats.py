"""Contracts and grants in open formats are valid by the published schemas."""

import datetime as dt
import json
from pathlib import Path
from typing import Any

from jsonschema import Draft4Validator, Draft202012Validator, FormatChecker
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT4, DRAFT202012
from tests.money.contracts.contracts import TERMS

from wholeplace.money.contracts.open_formats import (
    PaidPart,
    Published,
    grants_package,
    release_package,
)
from wholeplace.money.contracts.payments import split_payment
from wholeplace.money.contracts.terms import Cohort, hash_terms

SCHEMAS = Path(__file__).parent / "schemas"
OCDS_AT = "https://standard.open-contracting.org/schema/1__1__5/release-schema.json"
GRANT_AT = "https://raw.githubusercontent.com/ThreeSixtyGiving/standard/1.4.2/schema/360-giving-schema.json"
ON = dt.date(2026, 11, 25)


def read(name: str) -> Any:
    return json.loads((SCHEMAS / name).read_text("utf-8"))


def is_instant(value: object) -> bool:
    """A day is no instant: the schema asks for one or the other, not both."""
    return not isinstance(value, str) or ("T" in value and bool(dt.datetime.fromisoformat(value)))


def published(**changed: Any) -> Published:
    terms = TERMS.model_copy(update=changed)
    parts = tuple(
        PaidPart("K-0001-1", org_id, pence, ON, "Workers in place")
        for org_id, pence in split_payment(terms, 1_500_001).items()
    )
    return Published("K-0001", terms, "GB-X-1", "A council", ON, hash_terms(terms), parts)


def test_contracts_are_valid_open_contracting_data() -> None:
    package = release_package(
        [published()], uri="https://place.example/ocds", publisher="A place", on=ON
    )
    registry: Any = Registry().with_resource(
        OCDS_AT, Resource(read("ocds-release-1.1.5.json"), specification=DRAFT4)
    )
    validator = Draft4Validator(read("ocds-release-package-1.1.5.json"), registry=registry)
    assert not [each.message for each in validator.iter_errors(json.loads(json.dumps(package)))]
    package["releases"][0].pop("ocid")
    assert list(validator.iter_errors(package)), "the control: the schema finds what is missing"


def test_grants_are_valid_360giving_data() -> None:
    found = grants_package([published(form="grant"), published()])
    assert len(found["grants"]) == len(TERMS.providers), "a contract is no grant"
    registry: Any = Registry().with_resource(
        GRANT_AT, Resource(read("360-giving-schema.json"), specification=DRAFT202012)
    )
    instants = FormatChecker(formats=())
    instants.checks("date-time", ValueError)(is_instant)
    validator = Draft202012Validator(
        read("360-giving-package-schema.json"), registry=registry, format_checker=instants
    )
    assert not [each.message for each in validator.iter_errors(json.loads(json.dumps(found)))]
    found["grants"][0].pop("recipientOrganization")
    assert list(validator.iter_errors(found))


def test_grants_make_the_whole_of_what_was_awarded() -> None:
    found = grants_package([published(form="grant")])["grants"]
    assert sum(round(each["amountAwarded"] * 100) for each in found) == TERMS.most_pence


def test_no_export_tells_how_few_people_a_contract_is_for() -> None:
    few = published(cohort=Cohort(rule="People with the need.", size=5, members_hash="x" * 64))
    package = json.dumps(release_package([few], uri="https://place.example/", publisher="A", on=ON))
    assert "a small group" in package and "5 people" not in package
