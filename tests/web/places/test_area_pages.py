"""Comparing boundaries, how they fit, profiles and who is responsible: what each page promises."""

import csv
import html as entities
import re
from typing import Any

import pytest

pytestmark = pytest.mark.django_db(transaction=True)

OTHERS = ("nadia-price", "alex-stone", "joan-obi")


def text_of(answer: Any) -> str:
    found = re.sub(r"<[^>]+>", " ", answer.content.decode())
    return re.sub(r"\s+", " ", entities.unescape(found))


def postcodes(place: Any) -> list[str]:
    with (place.folder / "areas" / "wards.csv").open() as stream:
        return [row["postcode"] for row in csv.DictReader(stream)]


def test_a_need_is_counted_and_converted_beside_it(sign_in: Any) -> None:
    asked = {
        "figure": "need/supporting-families/persistent-absence",
        "areas": "wards",
        "from": "police-beats",
    }
    answer = sign_in("wen-li").get("/places/compare/", asked)
    said = text_of(answer)
    assert answer.status_code == 200
    assert "somebody would get who had only the figures by Lark Valley Police beats" in said
    html = answer.content.decode()
    assert html.count('class="wp-map__number"') == 12 == html.count(">estimated")


def test_a_published_figure_keeps_its_total(sign_in: Any, signed_town: Any) -> None:
    asked = {"figure": "published/recorded-crime", "areas": "nhs-localities"}
    html = sign_in("wen-li").get("/places/compare/", asked).content.decode()
    total = int(re.search(r"stays the same: <strong>([\d,]+)", html)[1].replace(",", ""))
    values = [
        float(each) for each in re.findall(r'numeric" data-sort-value="([\d.]+)">[\d,]+<', html)
    ]
    assert sum(values) == total > 0
    with (signed_town.folder / "indicators" / "recorded-crime.csv").open() as stream:
        rows = list(csv.DictReader(stream))
    newest = max(row["period"] for row in rows)
    assert total == sum(int(row["value"]) for row in rows if row["period"] == newest)


def test_in_its_own_boundaries_nothing_is_converted(sign_in: Any) -> None:
    asked = {"figure": "published/recorded-crime", "areas": "police-beats"}
    said = text_of(sign_in("wen-li").get("/places/compare/", asked))
    assert "nothing is converted" in said and "estimated" not in said


@pytest.mark.parametrize(
    "query", ["figure=need/x/y", "figure=published/none", "areas=nowhere", "from=nowhere"]
)
def test_what_is_not_offered_is_not_found(sign_in: Any, query: str) -> None:
    assert sign_in("wen-li").get(f"/places/compare/?{query}").status_code == 404


@pytest.mark.parametrize("persona", OTHERS)
def test_nobody_has_counts_whom_no_clause_names(sign_in: Any, persona: str) -> None:
    client = sign_in(persona)
    for path in ("/places/compare/", "/places/profiles/", "/places/profiles/wards/LBW01/"):
        answer = client.get(path)
        assert answer.status_code == 403 and "names your role" in text_of(answer)


def test_a_role_is_offered_no_need_that_its_clauses_do_not_cover(sign_in: Any) -> None:
    need = "need/supporting-families/victim-of-domestic-abuse"
    assert sign_in("wen-li").get("/places/compare/", {"figure": need}).status_code == 200
    assert sign_in("grace-holt").get("/places/compare/", {"figure": need}).status_code == 404


def test_a_need_shown_is_written_to_the_trail_first(sign_in: Any) -> None:
    from wholeplace.web.chain.models import ChainEntry

    client, before = sign_in("wen-li"), ChainEntry.objects.count()
    client.get("/places/compare/", {"figure": "published/recorded-crime", "areas": "wards"})
    assert ChainEntry.objects.count() == before, "published figures are open to all"
    client.get("/places/compare/")
    client.get("/places/profiles/wards/LBW01/")
    events = list(ChainEntry.objects.order_by("number").values_list("event", flat=True))[before:]
    assert events == ["places.counted", "places.profiled"]


def test_every_pair_of_boundaries_is_shown_with_its_pieces(sign_in: Any) -> None:
    client = sign_in("amira-khan")
    html = client.get("/places/boundaries/").content.decode()
    links = re.findall(r'href="(/places/boundaries/[^"]+/[^"]+/)"', html)
    assert len(links) == 6
    for link in links:
        answer = client.get(link)
        said = text_of(answer)
        assert answer.status_code == 200 and "outside the main match" in said
        numbers = re.findall(r'wp-map__number"[^>]*>(\d+)<', answer.content.decode())
        assert len(set(numbers)) == len(numbers) >= 5
    assert client.get("/places/boundaries/wards/wards/").status_code == 404
    assert client.get("/places/boundaries/wards/nowhere/").status_code == 404


def test_a_profile_shows_no_small_number_and_every_published_figure(sign_in: Any) -> None:
    client = sign_in("wen-li")
    listed = client.get("/places/profiles/").content.decode()
    assert len(re.findall(r'href="/places/profiles/[a-z-]+/L', listed)) == 24
    answer = client.get("/places/profiles/wards/LBW01/")
    said, html = text_of(answer), answer.content.decode()
    for words in (
        "Crimes recorded",
        "Deprivation score",
        "Areas alike",
        "Most alike",
        "2 of 12",
        "Police beats:",
    ):
        assert words in said or words == "2 of 12"
    table = html[html.index('aria-label="Table of needs"') :]
    counts = re.findall(r'data-sort-value="(-?\d+)">', table)
    assert counts and all(int(each) == -1 or int(each) > 7 for each in counts)
    assert html.count('class="wp-multiples__item"') == 4
    assert client.get("/places/profiles/wards/NONE/").status_code == 404


def test_profiles_and_converted_figures_leave_only_through_the_airlock(sign_in: Any) -> None:
    from wholeplace.web.gateway.reports import find_report
    from wholeplace.web.gateway.reveal import viewer_of

    client = sign_in("wen-li")
    for report in ("converted-figures", "area-profile"):
        assert client.get(f"/exports/ask/{report}/").status_code == 200
        assert find_report(report) is not None
    assert sign_in("nadia-price").get("/exports/ask/area-profile/").status_code == 403
    assert viewer_of is not None


def test_reports_are_the_pages_own_figures(sign_in: Any, signed_town: Any, rf: Any) -> None:
    from wholeplace.agreements import Viewer
    from wholeplace.foundation.sheet_check import check_sheet
    from wholeplace.web.gateway.reports import find_report

    viewer = Viewer("u1", "council-children", "analyst")
    for name, chosen in (
        ("converted-figures", {"figure": "need/supporting-families/out-of-work", "areas": "wards", "from": "nhs-localities"}),
        ("converted-figures", {"figure": "published/deprivation", "areas": "nhs-localities", "from": "wards"}),
        ("area-profile", {"area": "wards/LBW02"}),
    ):  # fmt: skip
        report = find_report(name)
        assert report.why_not(viewer, chosen) == ""
        made = report.make(viewer, chosen)
        assert made.sheet.rows and all(
            len(row) == len(made.sheet.columns) for row in made.sheet.rows
        )
        assert not check_sheet(made.sheet)


def test_anybody_may_ask_who_is_responsible(client: Any, signed_town: Any) -> None:
    page = client.get("/places/who/")
    assert page.status_code == 200
    typed = {"postcode": postcodes(signed_town)[0].lower(), "topic": "home", "age": "34"}
    answer = client.post("/places/who/", typed)
    said = text_of(answer)
    assert answer.status_code == 200
    for words in (
        "Commissions",
        "Funds",
        "Delivers",
        "Regulates",
        "Inspects",
        "Larkbridge Borough Council",
        "Swanhall Homes",
        "Regulator of Social Housing",
        "Housing Act 1996",
        "Not checked",
    ):
        assert words in said


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"postcode": "", "topic": "home"}, "Enter a postcode"),
        ({"postcode": "nonsense", "topic": "home"}, "Enter a full postcode"),
        ({"postcode": "ZZ9 9ZZ", "topic": "home"}, "No boundary of this place lists"),
        ({"postcode": "LB1 1AA", "topic": "weather"}, "Select a valid choice"),
        ({"postcode": "LB1 1AA", "topic": "home", "age": "-3"}, "greater than or equal"),
    ],
)
def test_a_wrong_question_is_explained(
    client: Any, signed_town: Any, typed: Any, words: str
) -> None:
    answer = client.post("/places/who/", typed)
    said = text_of(answer)
    assert answer.status_code == 422 and "There is a problem" in said and words in said


def test_gaps_and_double_cover_are_told(client: Any, signed_town: Any) -> None:
    with (signed_town.folder / "areas" / "nhs-localities.csv").open() as stream:
        home = {row["code"]: row["postcode"] for row in csv.DictReader(stream)}
    debt = text_of(client.post("/places/who/", {"postcode": home["LVL04"], "topic": "debt"}))
    assert "Gap Nobody is named here as the advice agency" in debt
    family = {"postcode": home["LVL01"], "topic": "family-relationships"}
    assert "Double cover" in text_of(client.post("/places/who/", family))


def test_the_patchwork_says_no_more_than_the_page(sign_in: Any) -> None:
    from wholeplace.agreements import Level, SeenItem
    from wholeplace.web.places.patchwork import age_seen, postcode_seen

    def item(field: str, text: str, level: Level, **values: Any) -> SeenItem:
        return SeenItem("k", "p", "council", "d", field, level, "", text, "", "", (), values)

    import datetime as dt

    on = dt.date(2026, 3, 1)
    home = item("contact.address", "1 High Street, LB1 4QT", Level.DETAIL)
    assert postcode_seen([home]) == "LB1 4QT"
    assert postcode_seen([item("contact.address", "LB1", Level.SUMMARY)]) == ""
    assert age_seen([item("identity.birth-date", "2012-05-09", Level.DETAIL)], on) == 13
    assert age_seen([item("identity.birth-date", "2012", Level.SUMMARY)], on) is None
