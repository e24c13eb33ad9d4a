"""Assessments, powers, copies and forms: pages about agreements that hold no personal data."""

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from wholeplace.agreements import agreement_hash, agreement_text
from wholeplace.agreements.drafting.sharing_request import DECISION_ITEMS, REQUEST_ITEMS
from wholeplace.agreements.law import load_law
from wholeplace.agreements.texts.odrl import import_odrl
from wholeplace.foundation.errors import CheckFailedError, UnsafeActionError, WholeplaceError

pytestmark = pytest.mark.django_db


def body(reader: Any, address: str) -> str:
    response = reader.get(address)
    assert response.status_code == 200, address
    return str(response.content.decode())


def test_the_list_of_assessments_says_where_each_stands(reader: Any, signed: Any) -> None:
    page = body(reader, "/agreements/dpias/")
    for agreement in signed.agreements:
        assert f'href="/agreements/dpias/{agreement.dpia}/"' in page
        assert agreement.title in page
    assert page.count("Signed off") == 7
    assert "which is not here" not in page


def test_an_assessment_is_read_in_seven_steps(reader: Any, signed: Any) -> None:
    page = body(reader, "/agreements/dpias/DPIA-LB-003/")
    for step in ("1. Why it is needed", "4. Necessity", "5 and 6. Risks", "7. Sign-off"):
        assert step in page
    assert "The address of a refuge" in page
    assert "may not be signed yet" not in page
    assert reader.get("/agreements/dpias/DPIA-LB-099/").status_code == 404


def test_an_agreement_leads_to_its_assessment(reader: Any, signed: Any) -> None:
    assert 'href="/agreements/safeguarding/dpia/"' in body(reader, "/agreements/safeguarding/")
    answer = reader.get("/agreements/safeguarding/dpia/")
    assert (answer.status_code, answer.url) == (302, "/agreements/dpias/DPIA-LB-003/")
    assert reader.get("/agreements/no-such/dpia/").status_code == 404


def test_a_place_without_assessments_says_so(reader: Any, signed: Any) -> None:
    shutil.rmtree(signed.folder / "dpias")
    assert "There are no impact assessments" in body(reader, "/agreements/dpias/")
    page = body(reader, "/agreements/safeguarding/dpia/")
    assert "There is no impact assessment here yet" in page
    assert "dpias/DPIA-LB-003.yaml" in page


def test_an_assessment_that_is_not_signed_off_says_what_is_missing(
    reader: Any, signed: Any
) -> None:
    file: Path = signed.folder / "dpias" / "DPIA-LB-003.yaml"
    lines = file.read_text("utf-8").splitlines()
    kept = [each for each in lines if "residual_risk_approved_by" not in each]
    file.write_text("\n".join(kept).replace("approved: true", "approved: false", 1), "utf-8")
    page = body(reader, "/agreements/dpias/DPIA-LB-003/")
    assert "may not be signed yet" in page
    assert "nobody has approved the risk that is left" in page
    assert "is not approved" in page


def test_every_power_is_shown_with_its_source_and_who_relies_on_it(
    reader: Any, signed: Any
) -> None:
    page = " ".join(body(reader, "/agreements/law/").split())
    for each in load_law().gateways.values():
        assert f'id="{each.id}"' in page
        assert each.citation.replace("'", "&#x27;") in page
    assert page.count("Switched off") == 1
    section = page.split('id="housing-act-1996-s213b"')[1].split('id="')[0]
    assert "Only with the person’s consent." in section
    assert "Larkbridge Jobcentre" in section
    for factor in load_law().factors:
        assert factor.label in page


def test_the_copy_for_other_systems_gives_the_agreement_back(reader: Any, signed: Any) -> None:
    for agreement in signed.agreements:
        response = reader.get(f"/agreements/{agreement.id}/odrl/")
        assert response["Content-Type"].startswith("application/ld+json")
        assert f'filename="{agreement.id}.jsonld"' in response["Content-Disposition"]
        assert import_odrl(json.loads(response.content)) == agreement


def test_the_text_is_the_one_that_is_signed(reader: Any, signed: Any) -> None:
    agreement = signed.agreements[0]
    response = reader.get(f"/agreements/{agreement.id}/text-file/")
    assert response.content.decode() == agreement_text(agreement, signed.terms)


def test_a_clause_has_its_forms_to_print(reader: Any, signed: Any) -> None:
    chosen = body(reader, "/agreements/whole-family-support/annex-b/")
    assert "?clause=lead-work" in chosen
    assert "?clause=own-police" not in chosen
    page = body(reader, "/agreements/whole-family-support/annex-b/?clause=lead-work")
    labels = [*REQUEST_ITEMS, *DECISION_ITEMS]
    found = re.findall(r'<dt class="govuk-summary-list__key">(.*?)</dt>', page)
    assert [each.replace("&#x27;", "'") for each in found] == [each.label for each in labels]
    assert "Digital Economy Act 2017 s35" in page
    wrong = reader.get("/agreements/whole-family-support/annex-b/?clause=none")
    assert wrong.status_code == 404


def test_nobody_reads_them_without_signing_in(client: Any, signed: Any) -> None:
    for path in ("dpias/", "dpias/DPIA-LB-001/", "law/", "safeguarding/odrl/"):
        response = client.get(f"/agreements/{path}")
        assert response.status_code in (302, 403, 404), path


def run(place: Any, *arguments: str) -> str:
    from wholeplace.cli.agreements import agreements

    result = CliRunner().invoke(
        agreements, [*arguments, "--place", str(place.folder)], catch_exceptions=False
    )
    assert result.exit_code == 0, result.output
    return result.output


def test_export_and_import_on_the_command_line(signed: Any, tmp_path: Path) -> None:
    file = tmp_path / "safeguarding.jsonld"
    file.write_text(run(signed, "export", "safeguarding"), "utf-8")
    before = next(each for each in signed.agreements if each.id == "safeguarding")
    with pytest.raises(UnsafeActionError, match="not written"):
        run(signed, "import", str(file))
    (signed.folder / "agreements" / "safeguarding.yaml").unlink()
    assert agreement_hash(before) in run(signed, "import", str(file))
    after = next(each for each in signed.agreements if each.id == "safeguarding")
    assert after == before
    assert run(signed, "export", "safeguarding", "--format", "text").startswith(before.title)
    assert "Data sharing request" in run(signed, "export", "safeguarding", "--format", "annex-b")


def test_what_the_place_does_not_know_is_not_imported(signed: Any, tmp_path: Path) -> None:
    from wholeplace.agreements.texts.odrl import export_odrl

    made = signed.agreements[0].model_copy(update={"id": "new", "purposes": ("something-else",)})
    file = tmp_path / "new.jsonld"
    file.write_text(json.dumps(export_odrl(made)), "utf-8")
    with pytest.raises(CheckFailedError, match="something-else"):
        run(signed, "import", str(file))
    assert not (signed.folder / "agreements" / "new.yaml").exists()
    file.write_text("no json", "utf-8")
    with pytest.raises(WholeplaceError, match="not JSON"):
        run(signed, "import", str(file))


def test_explain_says_what_factors_would_give(signed: Any) -> None:
    ask = ("--viewer", "council-children/lead-practitioner", "--purpose", "whole-family-support")
    words = (*ask, "--field", "work.unemployment-claim", "--source", "jobcentre")
    few = run(signed, "explain", *words, "--factors", "1")
    assert "Were 2 or more of the thirteen disadvantages known" in few
    assert ": nothing" in few
    assert ": detail" in run(signed, "explain", *words, "--factors", "2")
