"""Families, claims and audits on screen: rule by rule, seen through the gateway, recorded first."""

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest

pytestmark = pytest.mark.django_db(transaction=True)


def family_without_plan() -> Any:
    from wholeplace.web.outcomes.models import Family

    found = Family.objects.filter(planned_on=None, last_failed=["one-plan"]).first()
    assert found is not None, "the examples hold a plan that was never written down"
    return found


def text(answer: Any) -> str:
    return re.sub(r"<[^>]+>|\s+", " ", answer.content.decode())


def test_a_failed_rule_says_what_to_do_and_a_second_editor_is_told(
    used_town: Any, as_persona: Callable[[str], Any]
) -> None:
    from wholeplace.web.outcomes.models import Claim, Family

    lead, family = as_persona("fiona-clark"), family_without_plan()
    page = text(lead.get(f"/outcomes/family/{family.ref}/"))
    assert "Write down the day on which the plan was agreed" in page
    refused = lead.post(f"/outcomes/family/{family.ref}/claim/")
    assert refused.status_code == 409 and "1 of its rules fail" in text(refused)
    planned = family.assessed_on + dt.timedelta(days=4)
    written = {"version": family.version, "lead": family.lead}
    for name in ("joined_on", "assessed_on", "closed_on"):
        day = getattr(family, name)
        written |= {f"{name}_day": day.day, f"{name}_month": day.month, f"{name}_year": day.year}
    mended = written | {
        "planned_on_day": planned.day, "planned_on_month": planned.month, "planned_on_year": planned.year,
    }  # fmt: skip
    address = f"/outcomes/family/{family.ref}/record/"
    assert lead.post(address, mended).status_code == 302
    late = lead.post(address, written)
    assert "Somebody else changed what was written down" in text(late)
    assert Family.objects.get(ref=family.ref).planned_on == planned
    assert lead.post(f"/outcomes/family/{family.ref}/claim/").status_code == 302
    claim = Claim.objects.get(family=family)
    assert (claim.pence, claim.state) == (80_000, "claimed")
    again = lead.post(f"/outcomes/family/{family.ref}/claim/")
    assert again.status_code == 409 and "under way" in text(again)
    kept = lead.post(address, mended | {"version": family.version + 1})
    assert "A claim rests on what was written down" in text(kept)
    step = f"/outcomes/claim/{claim.id}/step/"
    assert lead.post(step, {"event": "approve", "version": 1}).status_code == 409
    finance = as_persona("grace-holt")
    assert finance.post(step, {"event": "approve", "version": 1}).status_code == 302
    stale = finance.post(step, {"event": "pay", "version": 1})
    assert stale.status_code == 409
    auditor = as_persona("uma-desai")
    assert finance.post(step, {"event": "pay", "version": 2}).status_code == 302
    chosen = auditor.post(step, {"event": "find-wrong", "version": 3, "words": "I chose it myself"})
    assert chosen.status_code == 409, "an auditor does not choose"
    auditor.post("/outcomes/audit/", {"seed": "a seed agreed before"})
    assert auditor.post(
        step, {"event": "find-wrong", "version": 3, "words": "The plan is of another family"}
    ).status_code == 302  # fmt: skip
    assert finance.post(step, {"event": "pay-back", "version": 4}).status_code == 302
    assert Claim.objects.get(pk=claim.pk).state == "paid-back"


def test_the_lead_sees_months_and_the_auditor_days_and_each_sight_is_recorded(
    used_town: Any, as_persona: Callable[[str], Any]
) -> None:
    from wholeplace.web.chain.models import Entry

    family = family_without_plan()
    before = Entry.objects.count()
    lead = text(as_persona("fiona-clark").get(f"/outcomes/family/{family.ref}/"))
    recorded = Entry.objects.order_by("-position").first()
    assert Entry.objects.count() > before and recorded is not None
    assert recorded.event["page"] == "family on a programme"
    assert recorded.event["purpose"] == "programme-assurance"
    for member in family.members.all():
        assert member.person_id not in lead and member.person_id not in str(recorded.event)
    auditor = text(as_persona("uma-desai").get(f"/outcomes/family/{family.ref}/"))
    months = re.findall(r"(\d{4}-\d{2})(?!-)[^:]{0,4}:", lead)
    days = re.findall(r"\d{4}-\d{2}-\d{2}:", auditor)
    assert days and not re.findall(r"\d{4}-\d{2}-\d{2}:", lead), (months, days)


def test_a_family_is_judged_by_the_rules_it_joined_under(used_town: Any) -> None:
    from wholeplace.web.outcomes.families import framework_of
    from wholeplace.web.outcomes.models import Family, KeptFramework

    family = Family.objects.first()
    assert family is not None
    kept = framework_of(family)
    now = used_town.place.framework("supporting-families")
    assert kept == now and KeptFramework.objects.count() == 1
    changed = used_town.folder / "outcomes" / "three-headlines.yaml"
    text_before = changed.read_text("utf-8")
    try:
        changed.write_text(text_before.replace("at_least: 3}", "at_least: 5}"))
        later = used_town.place.framework("supporting-families")
        assert later != kept, "the place moved on"
        assert framework_of(Family.objects.get(pk=family.pk)) == kept, "the family did not"
    finally:
        changed.write_text(text_before)


def test_nobody_else_sees_families(as_persona: Callable[[str], Any]) -> None:
    for persona in ("amira-khan", "wen-li", "priya-nair", "alex-stone", "leanne-harlow"):
        assert as_persona(persona).get("/outcomes/").status_code == 403
