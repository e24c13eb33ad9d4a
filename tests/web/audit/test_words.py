"""What an officer reads of a sight: never what another partner holds and did not show."""

from types import SimpleNamespace
from typing import Any

import pytest

from wholeplace.web.audit.words import tell_entries
from wholeplace.web.gateway.wiring import OpenPlace

pytestmark = pytest.mark.django_db

SIGHT = {
    "kind": "sight",
    "at": "2026-11-22T10:00:00+00:00",
    "page": "reason",
    "actor": "system",
    "organisation": "housing-association",
    "role": "practitioner",
    "purpose": "whole-family-support",
    "reason": None,
    "alerts": [],
    "subjects": [
        {
            "subject": "a",
            "seen": {
                "police": {"domestic-abuse.incident": {"existence": {"items": 1, "clauses": []}}},
                "council-children": {"safeguarding.referral": {"summary": {"items": 1}}},
            },
            "refused": {
                "gp-federation": {"health.long-term-condition": {"items": 1, "blocks": []}},
                "council-children": {"safeguarding.child-in-need": {"items": 1, "blocks": []}},
            },
        }
    ],
}


def told(place: OpenPlace, viewer: str) -> str:
    entry: Any = SimpleNamespace(position=1, event=SIGHT)
    line = tell_entries([entry], place.place, viewer)[0]
    return " | ".join([*line.saw, *line.refused])


def test_an_officer_learns_only_what_was_shown_or_is_their_own(signed_town: OpenPlace) -> None:
    council = told(signed_town, "council-children")
    assert "Referral to children's social care" in council, "it was shown"
    assert "Child in need plan" in council, "it is the council's own"
    for words in ("Domestic abuse", "Long-term condition"):
        assert words not in council, "another partner holds it and did not show it"
    police = told(signed_town, "police")
    assert "Domestic abuse incident" in police
    assert "Child in need plan" not in police and "Long-term condition" not in police


def test_each_persons_own_reason_is_told(signed_town: OpenPlace) -> None:
    people = [
        {"subject": "a", "seen": {}, "refused": {}, "reason": {"id": "1", "kind": "duty"}},
        {"subject": "b", "seen": {}, "refused": {}, "reason": {"id": "2", "kind": "case"}},
    ]
    entry: Any = SimpleNamespace(position=1, event={**SIGHT, "subjects": people})
    both = tell_entries([entry], signed_town.place, "police")[0]
    assert both.reason == "a duty reason, their own caseload"
    one = tell_entries([entry], signed_town.place, "police", "b")[0]
    assert one.reason == "their own caseload"
