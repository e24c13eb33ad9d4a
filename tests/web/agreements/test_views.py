import datetime as dt
import re
from html.parser import HTMLParser
from typing import Any

import pytest

from wholeplace.agreements import Level, Suspension, agreement_hash, sharing_matrix

pytestmark = pytest.mark.django_db


class Tables(HTMLParser):
    """The tables of a page: rows of cells, each the words in it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tables: list[list[list[str]]] = []
        self._in_cell = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        if tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in ("td", "th"):
            self.tables[-1][-1].append("")
            self._in_cell = True
        elif self._in_cell:
            self.tables[-1][-1][-1] += " "

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th"):
            self._in_cell = False

    def handle_data(self, data: str) -> None:
        if self._in_cell:
            self.tables[-1][-1][-1] += data


def page(reader: Any, address: str) -> str:
    response = reader.get(address)
    assert response.status_code == 200
    return str(response.content.decode())


def test_a_stranger_is_asked_to_sign_in(signed: Any, client: Any) -> None:
    for address in ("/agreements/", "/agreements/matrix/", "/agreements/safeguarding/"):
        response = client.get(address)
        assert response.status_code == 302
        assert "sign-in" in response["Location"]


def test_the_list_says_where_each_agreement_stands(reader: Any, signed: Any) -> None:
    html = page(reader, "/agreements/")
    assert len(re.findall("In force</strong>", html)) == len(signed.agreements) == 6
    assert "Whole-family support in Larkbridge" in html
    at = dt.datetime.now(dt.UTC)
    signed.sign_offs.suspend(Suspension("safeguarding", "police", "1", at, "a breach"))
    html = page(reader, "/agreements/")
    assert len(re.findall("In force</strong>", html)) == 5
    assert "Lark Valley Police has suspended it." in html


def test_one_agreement_shows_its_text_hash_and_signatures(reader: Any, signed: Any) -> None:
    html = page(reader, "/agreements/safeguarding/")
    agreement = next(each for each in signed.agreements if each.id == "safeguarding")
    assert agreement_hash(agreement) in html
    parties, clauses = Tables(html).tables
    assert len(parties) == len(agreement.parties) + 1
    assert all("10 January 2025, Sam Signatory" in row[2] for row in parties[1:])
    assert [row[0] for row in clauses[1:]] == [each.id for each in agreement.clauses]
    assert "Signed as:" in html


def test_an_unknown_agreement_is_not_found(reader: Any) -> None:
    assert reader.get("/agreements/nothing-here/").status_code == 404


@pytest.mark.parametrize("purpose", ["", "safeguarding"])
@pytest.mark.parametrize("role", ["", "practitioner"])
def test_every_cell_of_the_matrix_says_in_words_what_the_rules_say(
    reader: Any, signed: Any, purpose: str, role: str
) -> None:
    html = page(reader, f"/agreements/matrix/?source=police&purpose={purpose}&role={role}")
    groups, pairs = Tables(html).tables
    rules = signed.rules(signed.today)
    cells = sharing_matrix(rules, purpose or None, role or None)
    words = {Level.EXISTENCE: "Known to", Level.SUMMARY: "Summary", Level.DETAIL: "Detail"}
    partners = list(rules.terms.partners)
    labels = {label: group for group, label in rules.terms.groups.items()}
    (_, *shown), *rows = groups
    assert len(shown) > 2
    for recipient, (_, *row) in zip(partners, rows, strict=True):
        for label, said in zip(shown, row, strict=True):
            cell = cells.get(("police", recipient, labels[label.strip()]))
            expected = words[cell.level] if cell else ("Its own", "Nothing")
            assert said.strip().startswith(expected)
            assert ("with consent" in said) == bool(cell and cell.needs_consent)
            assert ("some of it" in said) == bool(cell and cell.is_partial)
            titles = {rules.clauses[ref].agreement.title for ref in cell.clauses} if cell else ()
            assert all(f"by {title}, " in said for title in titles)
    for source, (_, *row) in zip(partners, pairs[1:], strict=True):
        for recipient, said in zip(partners, row, strict=True):
            found = [c for (s, r, _), c in cells.items() if (s, r) == (source, recipient)]
            expected = words[max(c.level for c in found)] if found else ("Its own", "Nothing")
            assert said.strip().startswith(expected)


def test_the_matrix_begins_with_the_viewers_own_organisation(reader: Any) -> None:
    assert "What Lark Valley Police holds" in page(reader, "/agreements/matrix/")
    assert "What Lark Valley Police holds" in page(reader, "/agreements/matrix/?source=nobody")


def test_before_anybody_signs_nothing_is_shared(
    larkbridge: Any, signatory: Any, client: Any
) -> None:
    client.force_login(signatory, "django.contrib.auth.backends.ModelBackend")
    assert len(re.findall("Not signed by all</strong>", page(client, "/agreements/"))) == 6
    html = page(client, "/agreements/matrix/?source=police")
    assert "govuk-tag--green" not in html.partition("</dl>")[2]
