"""Warnings of a person's page: told where a known partner stated it, never of a sealed person."""

import datetime as dt
from itertools import product
from typing import Any

import pytest

from wholeplace.agreements import Request
from wholeplace.agreements.subjects.request import Flag, Reason, ReasonKind, Subject, Viewer
from wholeplace.web.people.warnings import warnings_of

pytestmark = pytest.mark.django_db

AT = dt.datetime.now(dt.UTC)
PURPOSE = "whole-family-support"
KNOWN = ("council-children", "nhs-community")
VIEWER = Viewer("1", "council-children", "lead-practitioner")


def warned(
    town: Any, *flags: Flag, known_to: tuple[str, ...] = KNOWN, kind: ReasonKind = "duty"
) -> list[str]:
    reason = Reason("r", kind, "t", frozenset({"p1"}), AT, None, "1")
    asked = Request(VIEWER, PURPOSE, reason, AT, Subject("p1", "x", flags))
    return warnings_of(town.rules(town.today), asked, known_to, [PURPOSE, "safeguarding"])


def test_nothing_to_warn_of(signed_town: Any) -> None:
    assert warned(signed_town) == []
    assert warned(signed_town, Flag("consent", "yes", PURPOSE, "council-children")) == []


def test_a_restriction_names_who_restricted_only_where_that_partner_is_known(
    signed_town: Any,
) -> None:
    flag = Flag("restricted", "yes", "", "nhs-community")
    (named,) = warned(signed_town, flag)
    assert "Lark Valley Community NHS Trust" in named and "only which partners know them" in named
    (unnamed,) = warned(signed_town, flag, known_to=("council-children",))
    assert "NHS" not in unnamed and "or it is not known whether it is" in unnamed


def test_a_refusal_of_consent_and_an_objection_are_told(signed_town: Any) -> None:
    (refused,) = warned(signed_town, Flag("consent", "no", PURPOSE, "council-children"))
    assert "refused consent to whole-family support" in refused
    refusal = Flag("consent", "no", PURPOSE, "council-children")
    (broken,) = warned(signed_town, refusal, kind="break-glass")
    assert "only because you broke the glass" in broken
    (objects,) = warned(signed_town, Flag("objection", "yes", "safeguarding", "nhs-community"))
    assert "object to their information being used for safeguarding" in objects
    # Stated by a partner of which the viewer may not know that it knows the person.
    hidden = Flag("objection", "yes", "safeguarding", "police")
    assert warned(signed_town, hidden) == []


def test_of_a_sealed_person_nothing_is_ever_said(signed_town: Any) -> None:
    kinds = ("restricted", "objection", "consent")
    for value, partner in product(("yes", "unknown"), ("council-children", "police")):
        seal = Flag("sealed", value, "", partner)  # type: ignore[arg-type]
        for kind, stated in product(kinds, ("yes", "no", "unknown")):
            other = Flag(kind, stated, PURPOSE, "council-children")  # type: ignore[arg-type]
            assert warned(signed_town, seal, other) == []


def test_a_restricted_person_opens_with_the_warning(signed_town: Any, sign_in: Any) -> None:
    rows = signed_town.snapshot_reader.rows(
        "SELECT person_id FROM subject_flags GROUP BY person_id HAVING "
        "bool_or(flag = 'restricted' AND value = 'yes') AND NOT bool_or(flag = 'sealed' AND value <> 'no') "
        "AND NOT bool_or(flag = 'objection' AND value <> 'no') ORDER BY person_id"
    )
    assert rows, "the town has somebody restricted"
    client = sign_in("amira-khan")
    for row in rows:
        address = f"/people/{row['person_id']}/"
        given = {"purpose": PURPOSE, "text": "A colleague rang about this person and needs help"}
        if client.post(f"{address}reason/", given).status_code == 302:
            html = client.get(address).content.decode()
            assert "Before you act" in html and "restricted" in html
            return
    pytest.fail("nobody restricted may be known to the viewer")
