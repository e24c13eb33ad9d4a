"""Steps that tests of an agreement's life share: a draft, its review, its signing."""

import datetime as dt
import re
from typing import Any

from wholeplace.agreements import place_day
from wholeplace.agreements.standing.life import Person

LAW = {
    "lawful_basis": "6(1)(e)",
    "legal_power": "Children Act 2004 s10",
    "gateways": ["children-act-2004-s10"],
}
HEALTH = {"special_condition": "9(2)(h)", "schedule_1": "paragraph 2 (health or social care)"}
ID = "damp-homes"
TODAY = place_day(dt.datetime.now(dt.UTC), "Europe/London")
SIGNATORIES = {
    "council-children": "sign-children",
    "council-housing": "sign-housing",
    "nhs-community": "sign-nhs",
}


def draft_data(**changes: Any) -> dict[str, Any]:
    return {
        "id": ID,
        "version": "1.0",
        "vocabulary": 1,
        "title": "Damp homes",
        "purposes": ["whole-family-support"],
        "why": "So that a child who wheezes gets a dry home.",
        "dpia": "DPIA-LB-002",
        "starts_on": TODAY - dt.timedelta(days=1),
        "ends_on": TODAY + dt.timedelta(days=700),
        "review_on": TODAY + dt.timedelta(days=300),
        "contact": "governance@larkbridge.example",
        "parties": [{"partner": each, **LAW, **HEALTH} for each in SIGNATORIES],
        "clauses": [
            {
                "id": "nurse-arrears",
                "source": "council-housing",
                "recipient": "nhs-community",
                "roles": ["practitioner"],
                "purpose": "whole-family-support",
                "fields": ["housing.rent-arrears"],
                "level": "summary",
                "retention_days": 365,
            }
        ],
    } | changes


def person(persona: str) -> Person:
    from wholeplace.web.accounts.models import User

    user = User.objects.get(persona=persona)
    return Person(str(user.pk), user.organisation, user.roles[0])


def begin(place: Any, **changes: Any) -> Any:
    from wholeplace.web.agreements.drafts import start_draft

    return start_draft(place, person("priya-nair"), draft_data(**changes), "Began")


def review(place: Any, agreement_id: str = ID, version: int = 1) -> None:
    from wholeplace.web.agreements.reviewing import move_draft

    move_draft(place, person("priya-nair"), agreement_id, "send", version)


def fix(place: Any, agreement_id: str = ID, version: int = 1) -> str:
    """Send, let every party say that it is ready, and fix the text; return its hash."""
    from wholeplace.web.agreements.reviewing import fix_draft, say_ready

    review(place, agreement_id, version)
    for persona in SIGNATORIES.values():
        say_ready(place, person(persona), agreement_id, version)
    return fix_draft(place, person("priya-nair"), agreement_id, version)


def sign_all(place: Any, text_hash: str, agreement_id: str = ID) -> None:
    from wholeplace.web.agreements.standing import sign_agreement

    for persona in SIGNATORIES.values():
        sign_agreement(place, person(persona), agreement_id, text_hash)


def confirm(client: Any, answer: Any) -> Any:
    """Prove who one is on the page that an act leads to; return the answer."""
    assert answer.status_code == 302 and "/account/confirm/" in answer["Location"]
    page = client.get(answer["Location"]).content.decode()
    code = re.search(r"The code is <strong>(\d+)</strong>", page)
    return client.post(answer["Location"], {"code": code[1] if code else ""})


def standing_of(place: Any, agreement_id: str = ID) -> Any:
    return place.rules(place.today).standings[agreement_id]
