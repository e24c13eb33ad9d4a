"""A town of known truth: no page that shows counts holds an exact number of residents.

Every page that is marked as showing counts is walked, as everybody who plans, for every need and
every set of boundaries. Whatever number stands in it, in words, titles, descriptions, attributes
or the map, is a rounded one above the threshold, or one of the few that count no people.
"""

import csv
import io
import re
from collections.abc import Sequence
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from wholeplace.web.accounts.routes import route_of

pytestmark = pytest.mark.django_db(transaction=True)

PLANNERS = ("wen-li", "daniel-reyes")
# Where no figure stands: drawing, layout, form values and what scripts and tests hold on to.
DRAWN = {"d", "x", "y", "viewbox", "width", "height", "class", "id", "href", "src", "name",
         "content", "value", "for", "fill", "tabindex", "aria-labelledby", "data-module",
         "action", "nonce", "integrity", "patternunits", "patterntransform", "points", "xmlns",
         "r", "cx", "cy", "stroke-width", "x1", "x2", "y1", "y2", "rel", "sizes"}  # fmt: skip
WALKED = {"places:place", "exports:show", "exports:download"}
# Pages whose figures are held elsewhere, or that have none but others' requests.
HELD_IN = {
    "agreements:draft-preview": "tests/web/agreements/test_sight.py",
    "agreements:preview": "tests/web/agreements/test_sight.py",
    "audit:use": "tests/web/audit/test_use.py",
    "commissioning:outcome": "tests/web/commissioning/test_pages.py",
    "commissioning:show": "tests/web/commissioning/test_pages.py",
    "commissioning:step": "tests/web/commissioning/test_pages.py",
    "culture:pulse": "tests/web/culture/test_pulse.py",
    "culture:run": "tests/web/culture/test_pulse.py",
    "directory:supply": "tests/web/directory/test_keeping.py",
    "exports:ask": "tests/web/exports/test_airlock.py",
    "exports:list": "tests/web/exports/test_airlock.py",
    "exports:step": "tests/web/exports/test_airlock.py",
    "hubs:choice": "tests/web/hubs/test_planning.py",
    "hubs:choices": "tests/web/hubs/test_planning.py",
    "hubs:compare": "tests/web/hubs/test_planning.py",
    "hubs:new": "tests/web/hubs/test_planning.py",
    "hubs:remove": "tests/web/hubs/test_planning.py",
    "hubs:restore": "tests/web/hubs/test_planning.py",
    "hubs:title": "tests/web/hubs/test_planning.py",
    "linkage:draw": "tests/web/linkage/test_reviewing.py",
    "linkage:quality": "tests/web/linkage/test_reviewing.py",
    "money:case": "tests/money/test_counting.py",
    "money:funds": "tests/money/test_counting.py",
    "money:measure": "tests/money/test_counting.py",
    "money:renewal": "tests/money/test_counting.py",
    "money:spending": "tests/money/test_spend.py",
    "outcomes:progress": "tests/web/outcomes/test_pages.py",
    "places:compare": "tests/web/places/test_area_pages.py",
    "places:profile": "tests/web/places/test_area_pages.py",
    "places:profiles": "tests/web/places/test_area_pages.py",
}


class Words(HTMLParser):
    """All that a page says inside `main`: text, and attributes that are read out or sorted by."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self.inside = 0
        self.skipped = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.inside += tag == "main"
        # The numbers of areas, which name them on the map and in the table's first column.
        classes = dict(attrs).get("class") or ""
        self.skipped += tag in {"option", "style", "script"} or classes == "wp-map__number"
        if self.inside:
            self.said += [value or "" for name, value in attrs if name not in DRAWN]

    def handle_endtag(self, tag: str) -> None:
        self.inside -= tag == "main"
        self.skipped -= self.skipped > 0 and tag in {"option", "style", "script", "text"}

    def handle_data(self, data: str) -> None:
        if self.inside and not self.skipped:
            self.said.append(data)


def numbers_on(html: str, names: Sequence[str] = ()) -> list[str]:
    """Return the whole numbers that a page of counts says, but those that count no people."""
    html = re.sub(
        r'(<tr class="govuk-table__row">)<td class="govuk-table__cell">\d+</td>', r"\1", html
    )
    words = Words()
    words.feed(html)
    said = "\n".join(words.said)
    for name in sorted(names, key=len, reverse=True):
        said = re.sub(re.escape(name), "", said, flags=re.IGNORECASE)
    said = re.sub(r"as of\s+\d{1,2} \w+ \d{4}", "", said)
    said = re.sub(r"\d{1,2} [A-Z][a-z]+ \d{4}", "", said)
    for fixed in (
        r"fewer than 8", r"nearest 5 or so", r"counts of 7 or fewer", r"more than \d out",
        r"1,000", r"-1\b", r"not counted \(\d+\)", r"\d+\.\d",
    ):  # fmt: skip
        said = re.sub(fixed, "", said)
    return re.findall(r"(?<![\w.])\d[\d,]*(?![\w.]*\d)", said)


def test_every_page_marked_as_showing_counts_is_walked_here() -> None:
    marked = set()

    def look(patterns: Any, space: str) -> None:
        for each in patterns:
            if isinstance(each, URLResolver):
                look(each.url_patterns, f"{each.namespace}:" if each.namespace else space)
            elif isinstance(each, URLPattern):
                route = route_of(each.callback)
                if route is not None and route.shows == "counts":
                    marked.add(f"{space}{each.name}")

    look(get_resolver().url_patterns, "")
    assert marked == WALKED | HELD_IN.keys()
    assert all(Path(each).is_file() for each in HELD_IN.values())


@pytest.mark.parametrize("persona", PLANNERS)
def test_no_exact_number_of_residents_stands_on_any_page(
    sign_in: Any, signed_town: Any, persona: str
) -> None:
    client = sign_in(persona)
    seen = 0
    # What needs, boundaries and areas are called may hold a number.
    names = [
        need.label
        for framework in signed_town.place.frameworks
        for headline in framework.headlines
        for need in headline.needs
    ]
    names += [each.title for each in signed_town.place.area_sets.values()]
    names += [row["name"] for row in signed_town.snapshot_reader.rows("SELECT name FROM areas")]
    for framework in signed_town.place.frameworks:
        needs = [need for headline in framework.headlines for need in headline.needs]
        for number, need in enumerate(needs):
            areas = list(signed_town.place.area_sets)[number % 3]
            asked = {"need": f"{framework.id}/{need.id}", "areas": areas}
            html = client.get(reverse("places:place"), asked).content.decode()
            if "Per 1,000" not in html:
                continue
            seen += 1
            for found in numbers_on(html, names):
                count = int(found.replace(",", ""))
                assert count > 7 and count % 5 == 0, (asked, found)
    assert seen >= 3


def test_no_exact_number_of_residents_leaves_in_a_file(sign_in: Any, signed_town: Any) -> None:
    need = "supporting-families/persistent-absence"
    areas = next(iter(signed_town.place.area_sets))
    typed = {
        "need": need, "areas": areas, "form": "csv", "for_whom": "The board",
        "why": "To see where help is needed most",
    }  # fmt: skip
    asked = sign_in("wen-li").post("/exports/ask/needs-by-area/", typed)
    assert asked.status_code == 302
    page = sign_in("fiona-clark").get(asked["Location"]).content.decode()
    version = re.findall(r'name="version" value="(\d+)"', page)[0]
    approved = {"event": "approve", "version": version}
    sign_in("fiona-clark").post(f"{asked['Location']}step/", approved)
    file = sign_in("wen-li").post(f"{asked['Location']}file/").content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(file)))
    head = next(number for number, row in enumerate(rows) if row[:2] == ["Code", "Area"])
    figures = [cell for row in rows[head + 1 :] for cell in row[2:4] if cell.isdigit()]
    assert len(figures) > 3
    assert all(int(each) > 7 and int(each) % 5 == 0 for each in figures)
    shown = re.findall(r'__cell--numeric">(\d+)</td>', page)
    assert shown and all(int(each) > 7 and int(each) % 5 == 0 for each in shown)


def test_what_the_walk_looks_for_it_finds() -> None:
    page = '<main><p title="3 residents">12 people</p><svg><desc>1,234</desc></svg></main>'
    assert numbers_on(page) == ["3", "12", "1,234"]


def test_a_figure_is_the_same_from_another_process_and_stands_in_the_ledger(
    sign_in: Any, signed_town: Any
) -> None:
    from wholeplace.foundation.disclosure import ReleaseLedger
    from wholeplace.web.places import counts

    client = sign_in("wen-li")
    first = client.get("/places/").content.decode()
    ledgers = [path for path in (signed_town.data.ledger / "releases").iterdir() if path.is_dir()]
    edition = signed_town.snapshot_reader.snapshot.id
    published = [record for path in ledgers for record in ReleaseLedger(path).list()]
    # The demonstration's own examples were released from the snapshot before an erasure.
    assert edition in {record.population.edition for record in published}
    counts._read_needs.cache_clear()
    again = client.get("/places/").content.decode()
    rows = r'<tr class="govuk-table__row"><td.*?</tr>'
    assert re.findall(rows, first) == re.findall(rows, again) != []
