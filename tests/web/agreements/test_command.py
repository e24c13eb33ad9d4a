"""`wholeplace agreements`, on Larkbridge's agreements."""

import json
from typing import Any

import pytest
from click.testing import CliRunner

from wholeplace.foundation.errors import NotFoundError

pytestmark = pytest.mark.django_db


def run(place: Any, *arguments: str) -> str:
    from wholeplace.cli.agreements import agreements

    result = CliRunner().invoke(
        agreements, [*arguments, "--place", str(place.folder)], catch_exceptions=False
    )
    assert result.exit_code == 0, result.output
    return result.output


ASK = ("--viewer", "council-housing/practitioner", "--purpose", "homelessness-prevention")


def test_list_says_which_are_in_force(signed: Any) -> None:
    found = json.loads(run(signed, "list", "--json"))
    assert [each["state"] for each in found["agreements"]] == ["in-force"] * 6
    assert "safeguarding  version" in run(signed, "list")
    before = json.loads(run(signed, "list", "--json", "--on", "2000-01-01"))
    assert {each["state"] for each in before["agreements"]} == {"unsigned"}


def test_show_gives_the_text_and_the_signatures(signed: Any) -> None:
    text = run(signed, "show", "safeguarding")
    assert "What may be seen" in text
    assert "for Lark Valley Police on 10 January 2025." in text
    found = json.loads(run(signed, "show", "safeguarding", "--json"))
    assert found["hash"] in found["text"]
    with pytest.raises(NotFoundError):
        run(signed, "show", "nothing")


def explain(place: Any, *arguments: str) -> dict[str, Any]:
    words = (*ASK, "--field", "housing.rent-arrears", "--source", "housing-association")
    (found,) = json.loads(run(place, "explain", *words, "--json", *arguments))
    return dict(found)


def test_explain_follows_consent_reason_and_flags(signed: Any) -> None:
    silent = explain(signed)
    assert (silent["level"], silent["blocks"]) == ("nothing", ["consent"])
    agreed = explain(signed, "--flag", "consent=yes")
    assert (agreed["level"], agreed["clauses"]) == (
        "detail",
        ["homelessness-prevention/housing-arrears"],
    )
    assert explain(signed, "--flag", "consent=yes", "--no-reason")["level"] == "existence"
    assert (
        explain(signed, "--flag", "consent=yes", "--flag", "objection=unknown")["level"]
        == "nothing"
    )


def test_explain_covers_a_group_and_every_source(signed: Any) -> None:
    text = run(signed, "explain", *ASK, "--field", "housing")
    assert "housing-association, housing.rent-arrears: nothing" in text
    assert "council-housing, housing.rent-arrears: detail" in text


@pytest.mark.parametrize(
    "arguments",
    [
        ("--viewer", "nobody/practitioner", "--purpose", "safeguarding", "--field", "crime"),
        ("--viewer", "police/nothing", "--purpose", "safeguarding", "--field", "crime"),
        ("--viewer", "police/practitioner", "--purpose", "curiosity", "--field", "crime"),
        ("--viewer", "police/practitioner", "--purpose", "safeguarding", "--field", "gossip"),
    ],
)
def test_a_word_that_is_not_here_is_named(signed: Any, arguments: tuple[str, ...]) -> None:
    with pytest.raises(NotFoundError, match="There is no"):
        run(signed, "explain", *arguments)


def test_warnings_name_what_ends_or_is_due(signed: Any) -> None:
    on = ("--on", "2027-04-28")
    found = json.loads(run(signed, "warnings", "--json", *on))["warnings"]
    reviews = {each["agreement"]: each for each in found if each["kind"] == "review"}
    assert (reviews["safeguarding"]["days_left"], reviews["safeguarding"]["within_days"]) == (2, 7)
    assert "Its review is due in 2 days, on 30 April 2027." in run(signed, "warnings", *on)
    assert "Nothing ends" in run(signed, "warnings", "--on", "2026-06-01")
