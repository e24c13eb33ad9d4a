"""The pages of money: what stands on them, two people at once, and who may do what."""

import datetime as dt
import io
import re
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

pytestmark = pytest.mark.django_db(transaction=True)
WHY = "The second year showed that fewer take it up"


def kinds() -> list[str]:
    from wholeplace.web.chain.models import Entry

    found = (each.event["kind"] for each in Entry.objects.order_by("position"))
    return [each for each in found if each.startswith("money.")]


def text_of(answer: Any) -> str:
    body = re.sub(r"<[^>]+>", " ", answer.content.decode())
    return re.sub(r"\s+", " ", body)


@pytest.fixture
def case(sign_in: Any) -> Any:
    """A case that the finance lead began."""
    from wholeplace.web.money.models import BusinessCase

    answer = sign_in("grace-holt").post(
        "/money/cases/new/", {"intervention": "larkbridge-together", "title": "Three more years"}
    )
    assert answer.status_code == 302
    return BusinessCase.objects.get()


def step(client: Any, case: Any, event: str, words: str = "", version: int = 0) -> Any:
    case.refresh_from_db()
    given = {"event": event, "version": version or case.version, "words": words}
    return client.post(f"/money/cases/{case.pk}/step/", given)


def change(client: Any, case: Any, version: int, **given: str) -> Any:
    page = client.get(f"/money/cases/{case.pk}/figures/")
    fields = {
        name: field.initial for name, field in page.context["form"].fields.items() if field.initial
    }
    return client.post(
        f"/money/cases/{case.pk}/figures/", {**fields, "version": version, "why": WHY, **given}
    )


def test_a_case_shows_who_pays_who_gains_and_the_source_of_every_line(
    sign_in: Any, case: Any
) -> None:
    answer = sign_in("grace-holt").get(f"/money/cases/{case.pk}/")
    text, body = text_of(answer), answer.content.decode()
    assert "£1.90 for each £1" in text and "Paid back in 2029/30" in text
    assert "Courts, prisons and probation £0 £292,627 £292,627" in text
    assert "invented for the demonstration" in text
    assert body.count("<details") >= 7, "each line opens its sources"
    assert "/money/unit-costs/cr2-0-3/" in body
    assert "<svg" in body and "style=" not in body


def test_fiscal_and_public_value_stand_apart(sign_in: Any, case: Any) -> None:
    totals = sign_in("grace-holt").get(f"/money/cases/{case.pk}/").context["totals"]
    with pytest.raises(TypeError):
        totals.fiscal + totals.public


def test_a_changed_figure_works_the_case_out_again_and_keeps_its_reason(
    sign_in: Any, case: Any
) -> None:
    client = sign_in("grace-holt")
    before = client.get(f"/money/cases/{case.pk}/").context["totals"].fiscal.pence
    assert change(client, case, case.version, take_up="20").status_code == 302
    answer = client.get(f"/money/cases/{case.pk}/")
    assert answer.context["totals"].fiscal.pence < before
    assert f"20%, where the place states 30%. {WHY}." in text_of(answer)
    case.refresh_from_db()
    assert Decimal(case.values["take_up"]) == Decimal("0.2") and len(case.values) == 1


def test_the_second_editor_is_told_what_changed(sign_in: Any, case: Any) -> None:
    version = case.version
    assert change(sign_in("grace-holt"), case, version, take_up="20").status_code == 302
    answer = change(sign_in("daniel-reyes"), case, version, take_up="40")
    assert answer.status_code == 409
    assert "Grace Holt changed it" in text_of(answer) and "20%" in text_of(answer)
    case.refresh_from_db()
    assert Decimal(case.values["take_up"]) == Decimal("0.2")


@pytest.mark.parametrize(
    ("given", "said"),
    [({"take_up": "120"}, "between 0 and 100"), ({"population": "many"}, "Type a number"),
     ({"take_up": "20", "why": "no"}, "Say why"), ({}, "Every figure is as it was")],
)  # fmt: skip
def test_impossible_changes_are_explained(
    sign_in: Any, case: Any, given: dict[str, str], said: str
) -> None:
    answer = change(sign_in("grace-holt"), case, case.version, **given)
    assert answer.status_code in (200, 422) and said in text_of(answer)
    case.refresh_from_db()
    assert not case.values


def test_nobody_agrees_their_own_case(sign_in: Any, case: Any) -> None:
    step(sign_in("grace-holt"), case, "offer")
    assert step(sign_in("grace-holt"), case, "agree").status_code == 422
    assert step(sign_in("daniel-reyes"), case, "agree").status_code == 302
    case.refresh_from_db()
    assert case.state == "agreed"
    assert kinds() == ["money.case-started", "money.case-offer", "money.case-agree"]


def test_an_agreed_case_is_changed_only_after_it_is_taken_up_again(sign_in: Any, case: Any) -> None:
    step(sign_in("grace-holt"), case, "offer")
    step(sign_in("daniel-reyes"), case, "agree")
    case.refresh_from_db()
    answer = change(sign_in("grace-holt"), case, case.version, take_up="20")
    assert answer.status_code == 422 and "while a case is a draft" in text_of(answer)
    assert step(sign_in("grace-holt"), case, "reopen", "no").status_code == 422
    assert step(sign_in("grace-holt"), case, "reopen", WHY).status_code == 302


def test_a_case_is_withdrawn_and_restored(sign_in: Any, case: Any) -> None:
    step(sign_in("grace-holt"), case, "withdraw", WHY)
    step(sign_in("grace-holt"), case, "restore")
    case.refresh_from_db()
    assert case.state == "draft"


def test_figures_are_measured_through_disclosure_or_it_is_said_why_not(
    sign_in: Any, case: Any
) -> None:
    client = sign_in("grace-holt")
    given = {"event": "measure", "version": case.version}
    answer = client.post(f"/money/cases/{case.pk}/measure/", given)
    assert answer.status_code == 302
    case.refresh_from_db()
    assert int(case.values["population"]) % 5 == 0, "a rounded count, never an exact one"
    assert case.reasons["population"].startswith("Measured from linked records as of")
    assert "money.counted" in kinds() and "money.case-measured" in kinds()
    sheet = client.get(f"/money/cases/{case.pk}/sheet/")
    assert sheet.status_code == 422 and "counts of residents" in text_of(sheet)


def test_a_case_with_counts_is_hidden_when_the_agreement_is_suspended(
    sign_in: Any, case: Any, signed_town: Any
) -> None:
    from wholeplace.agreements.standing.records import Suspension

    client = sign_in("grace-holt")
    client.post(f"/money/cases/{case.pk}/measure/", {"event": "measure", "version": case.version})
    assert client.get(f"/money/cases/{case.pk}/").status_code == 200
    now = dt.datetime.now(dt.UTC)
    signed_town.sign_offs.suspend(Suspension("service-planning", "police", "x", now))
    assert client.get(f"/money/cases/{case.pk}/").status_code == 403
    again = client.post(
        f"/money/cases/{case.pk}/measure/", {"event": "measure", "version": case.version + 1}
    )
    assert again.status_code in (403, 422)


def test_every_amount_leaves_as_a_file_for_a_spreadsheet(sign_in: Any, case: Any) -> None:
    import csv

    client = sign_in("grace-holt")
    answer = client.get(f"/money/cases/{case.pk}/sheet/")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    total = sum(int(row["discounted_pence"]) for row in rows if row["side"] == "benefit")
    page = client.get(f"/money/cases/{case.pk}/")
    assert total == page.context["totals"].fiscal.pence


def test_the_funds_page_shows_each_cliff_with_protected_families(sign_in: Any) -> None:
    answer = sign_in("daniel-reyes").get("/money/")
    text = text_of(answer)
    assert "March 2027: £143,000 a year ends" in text and "3 keyworkers" in text
    assert re.search(r"(fewer than 8|about [\d,]+) families open", text)
    assert "money.counted" in kinds()


def test_without_an_agreement_families_are_not_counted_and_it_says_so(
    sign_in: Any, signed_town: Any
) -> None:
    from wholeplace.agreements.standing.records import Suspension

    now = dt.datetime.now(dt.UTC)
    signed_town.sign_offs.suspend(Suspension("service-planning", "police", "x", now))
    text = text_of(sign_in("daniel-reyes").get("/money/"))
    assert "families open" not in text and "Families are not counted here" in text
    assert "March 2027: £143,000 a year ends" in text


def test_one_count_is_shown_to_every_role(sign_in: Any) -> None:
    said = set()
    for persona in ("grace-holt", "daniel-reyes", "fiona-clark", "beth-moor", "wen-li"):
        counts = sign_in(persona).get("/money/").context["counts"]
        said.add(str(sorted((key, str(value)) for key, value in counts.families.items())))
    assert len(said) == 1


def test_the_renewal_case_is_drafted_from_live_figures(sign_in: Any) -> None:
    text = text_of(sign_in("daniel-reyes").get("/money/funds/keyworker-grant/"))
    assert "A decision is needed by 1 December 2026" in text and "£1.90 for each £1" in text
    assert sign_in("daniel-reyes").get("/money/funds/no-such/").status_code == 404


def upload(client: Any, text: str, body: str = "police", year: str = "2026/27") -> Any:
    file = SimpleUploadedFile("budget.csv", text.encode(), "text/csv")
    return client.post("/money/spending/import/", {"body": body, "year": year, "file": file})


HEAD = "line,service,theme,pounds,need,area\n"


def test_a_budget_is_imported_added_up_and_replaced(sign_in: Any) -> None:
    from wholeplace.web.money.models import BudgetReturn

    client = sign_in("grace-holt")
    assert "No budget has been imported yet" in text_of(client.get("/money/spending/"))
    assert upload(client, f"{HEAD}P1,Response,crime,100000,,\n").status_code == 302
    assert upload(client, f"{HEAD}P1,Response,crime,250000,,\n").status_code == 302
    assert upload(client, f"{HEAD}P1,Response,crime,250000,,\n").status_code == 302
    assert BudgetReturn.objects.count() == 2, "the same file twice changes nothing"
    text = text_of(client.get("/money/spending/"))
    assert "1 body spends £250,000" in text and "Without a budget here yet" in text
    assert client.get("/money/spending/?year=1999/00").status_code == 404


def test_a_budget_with_a_fault_is_not_taken_and_every_fault_is_named(sign_in: Any) -> None:
    from wholeplace.web.money.models import BudgetReturn

    answer = upload(sign_in("grace-holt"), f"{HEAD}P1,Response,crimes,x,,\nP2,,crime,5,,\n")
    text = text_of(answer)
    assert answer.status_code == 422 and "Nothing was taken: 3 faults" in text
    assert "Row 2, pounds" in text and "Row 2, theme" in text and "Row 3, service" in text
    assert not BudgetReturn.objects.exists()


@pytest.mark.parametrize("year", ["2026/28", "26/27", "soon"])
def test_a_year_that_is_none_is_refused(sign_in: Any, year: str) -> None:
    answer = upload(sign_in("grace-holt"), f"{HEAD}P1,R,crime,5,,\n", year=year)
    assert "Type a financial year" in text_of(answer)


def test_a_pool_takes_entries_and_settles(sign_in: Any) -> None:
    client = sign_in("grace-holt")
    page = client.get("/money/pools/family-pool/")
    token = page.context["form"]["token"].initial
    given = {
        "kind": "contribution", "account": "partner:police", "pounds": "1,250.50", "on_day": "1",
        "on_month": "5", "on_year": "2026", "words": "First contribution", "token": token,
    }  # fmt: skip
    for _ in range(2):
        assert client.post("/money/pools/family-pool/enter/", given).status_code == 302
    text = text_of(client.get("/money/pools/family-pool/"))
    assert "Cash held by the host £1,250.50" in text and "Together, always nothing £0" in text
    assert "it comes to the same balances" in text
    refused = client.post(
        "/money/pools/family-pool/enter/",
        {**given, "kind": "spend", "account": "scheme:keyworkers", "pounds": "2000", "token": "x"},
    )
    assert refused.status_code == 422 and "more than the pool’s cash" in text_of(refused)
    back = client.post("/money/pools/family-pool/take-back/1/", {"words": "Typed by mistake"})
    assert back.status_code == 302
    assert "Cash held by the host £0" in text_of(client.get("/money/pools/family-pool/"))


@pytest.mark.parametrize("persona", ["daniel-reyes", "beth-moor", "wen-li"])
def test_only_a_finance_lead_enters_and_imports(sign_in: Any, persona: str) -> None:
    client = sign_in(persona)
    assert client.post("/money/pools/family-pool/enter/", {}).status_code == 403
    assert client.post("/money/pools/family-pool/take-back/1/", {}).status_code == 403
    assert client.get("/money/spending/import/").status_code == 403
    assert client.get("/money/pools/family-pool/").status_code == 200


@pytest.mark.parametrize("persona", ["amira-khan", "dean-walsh", "alex-stone", "leanne-harlow"])
def test_nobody_else_opens_the_pages_of_money(sign_in: Any, persona: str) -> None:
    for path in ("", "cases/", "pools/", "spending/", "unit-costs/", "agreements/", "published/"):
        assert sign_in(persona).get(f"/money/{path}").status_code == 403


def test_every_unit_cost_opens_and_says_its_source(sign_in: Any) -> None:
    from wholeplace.money.unit_costs import load_unit_costs

    client = sign_in("grace-holt")
    for cost in load_unit_costs():
        text = text_of(client.get(f"/money/unit-costs/{cost}/"))
        assert "Unit Cost Database v1.4" in text and "GDP deflators" in text
    assert client.get("/money/unit-costs/none/").status_code == 404
    assert client.get("/money/unit-costs/").status_code == 200


def test_published_figures_show_their_conflicts(sign_in: Any) -> None:
    text = text_of(sign_in("grace-holt").get("/money/published/"))
    assert "both are kept, and neither is called right" in text
    assert "which rounding may explain" in text
    assert "Not paid: less than 10" in text


def test_a_fault_in_the_folder_is_told_and_nothing_is_guessed(
    sign_in: Any, signed_town: Any
) -> None:
    path = signed_town.folder / "money" / "funds.yaml"
    text = path.read_text("utf-8")
    try:
        path.write_text(text.replace("pence: 21450000", "pounds: 5"), "utf-8")
        answer = sign_in("grace-holt").get("/money/")
        assert answer.status_code >= 400 and "£143,000" not in text_of(answer)
    finally:
        path.write_text(text, "utf-8")
    assert sign_in("grace-holt").get("/money/").status_code == 200
