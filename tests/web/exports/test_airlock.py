"""The airlock on screen: asked for, decided on by somebody else, downloaded, recorded."""

import csv
import datetime as dt
import hashlib
import io
from typing import Any

import pytest

from wholeplace.web.chain.models import Entry
from wholeplace.web.exports.models import ExportRequest, ExportStep

pytestmark = pytest.mark.django_db(transaction=True)
WHY = "To show the board where help is needed"


@pytest.fixture
def counted(sign_in: Any, signed_town: Any) -> dict[str, str]:
    """The first need and boundaries of which an analyst may have a table."""
    from wholeplace.agreements.subjects.request import Viewer
    from wholeplace.web.accounts.models import User
    from wholeplace.web.gateway.reports import find_report

    report = find_report("needs-by-area")
    user = User.objects.get(persona="wen-li")
    assert report is not None
    choices = report.choices(Viewer(str(user.pk), user.organisation, "analyst"))
    return {each.name: each.options[0][0] for each in choices}


def ask(client: Any, counted: dict[str, str], **given: str) -> ExportRequest:
    typed = {**counted, "why": WHY, "for_whom": "The partnership board", "form": "csv", **given}
    answer = client.post("/exports/ask/needs-by-area/", typed)
    assert answer.status_code == 302, answer.content.decode()
    return ExportRequest.objects.get()


def decide(client: Any, asked: ExportRequest, event: str, words: str = "", version: int = 0) -> Any:
    held = ExportRequest.objects.get(pk=asked.pk)
    typed = {"event": event, "version": version or held.version, "words": words}
    return client.post(f"/exports/{asked.pk}/step/", typed)


def kinds() -> list[str]:
    return [
        e.event["kind"] for e in Entry.objects.order_by("position") if "export" in e.event["kind"]
    ]


def test_a_file_is_asked_for_decided_on_and_downloaded(sign_in: Any, counted: Any) -> None:
    asked = ask(sign_in("wen-li"), counted)
    assert sign_in("wen-li").post(f"/exports/{asked.pk}/file/").status_code == 403
    page = sign_in("fiona-clark").get("/exports/").content.decode()
    assert asked.pk in page and "Waiting for you" in page
    assert WHY in sign_in("fiona-clark").get(f"/exports/{asked.pk}/").content.decode()
    assert decide(sign_in("fiona-clark"), asked, "approve").status_code == 302
    answer = sign_in("wen-li").post(f"/exports/{asked.pk}/file/")
    assert answer.status_code == 200
    assert hashlib.sha256(answer.content).hexdigest() == asked.content_hash
    assert asked.pk in answer["Content-Disposition"]
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert asked.pk in rows[1][0] and "The partnership board" in rows[2][0] and WHY in rows[3][0]
    assert kinds() == ["export.asked", "export.approve", "export.downloaded"]


def test_the_file_holds_what_the_place_page_shows(sign_in: Any, counted: Any) -> None:
    asked = ask(sign_in("wen-li"), counted)
    page = sign_in("wen-li").get("/places/", counted).content.decode()
    assert asked.rows
    for row in asked.rows[:-1]:
        assert f'data-sort-value="{row[1]}"' in page.replace("&#x27;", "'")
        shown = f"{row[2]:,}" if isinstance(row[2], int) else row[2]
        assert f">{shown}</td>" in page


def test_nobody_decides_on_their_own(sign_in: Any, counted: Any) -> None:
    asked = ask(sign_in("wen-li"), counted)
    assert decide(sign_in("wen-li"), asked, "approve").status_code == 422
    asked.refresh_from_db()
    assert asked.state == "asked"


@pytest.mark.parametrize(
    "persona", ["priya-nair", "dean-walsh", "amira-khan", "alex-stone", "leanne-harlow"]
)
def test_nobody_decides_who_may_not_see_the_figures(
    sign_in: Any, counted: Any, persona: str
) -> None:
    asked = ask(sign_in("wen-li"), counted)
    client = sign_in(persona)
    assert decide(client, asked, "approve").status_code in (403, 404)
    assert client.get(f"/exports/{asked.pk}/").status_code in (403, 404)
    assert client.post(f"/exports/{asked.pk}/file/").status_code in (403, 404)
    asked.refresh_from_db()
    assert asked.state == "asked"


def test_the_officer_reads_the_register_without_the_figures(sign_in: Any, counted: Any) -> None:
    asked = ask(sign_in("wen-li"), counted)
    page = sign_in("priya-nair").get("/exports/register/").content.decode()
    assert asked.pk in page and WHY in page and "Wen Li" in page
    assert f"/exports/{asked.pk}/" not in page


def test_an_approval_is_worth_nothing_once_the_agreement_is_suspended(
    sign_in: Any, counted: Any, signed_town: Any
) -> None:
    from wholeplace.agreements.standing.records import Suspension

    asked = ask(sign_in("wen-li"), counted)
    decide(sign_in("fiona-clark"), asked, "approve")
    now = dt.datetime.now(dt.UTC)
    signed_town.sign_offs.suspend(Suspension("service-planning", "police", "x", now))
    answer = sign_in("wen-li").post(f"/exports/{asked.pk}/file/")
    assert answer.status_code == 403
    assert "not given out" in answer.content.decode()
    assert decide(sign_in("fiona-clark"), asked, "revoke", "It is suspended now").status_code == 422


def test_a_second_decision_from_an_old_page_is_refused(sign_in: Any, counted: Any) -> None:
    asked = ask(sign_in("wen-li"), counted)
    version = asked.version
    words = "The board has asked for another table"
    decide(sign_in("fiona-clark"), asked, "return", words, version)
    decide(sign_in("wen-li"), asked, "answer", "It is the same table, for the same board")
    answer = decide(sign_in("daniel-reyes"), asked, "approve", "", version)
    assert answer.status_code == 409
    assert "Somebody else changed it" in answer.content.decode()
    asked.refresh_from_db()
    assert asked.state == "asked"


def test_a_refusal_without_words_is_not_kept(sign_in: Any, counted: Any) -> None:
    asked = ask(sign_in("wen-li"), counted)
    answer = decide(sign_in("fiona-clark"), asked, "refuse", "no")
    assert answer.status_code == 422 and "Say why" in answer.content.decode()
    assert kinds() == ["export.asked"]


def test_a_file_that_was_changed_is_not_given_out(sign_in: Any, counted: Any) -> None:
    asked = ask(sign_in("wen-li"), counted)
    decide(sign_in("fiona-clark"), asked, "approve")
    ExportRequest.objects.filter(pk=asked.pk).update(content=b"other figures")
    answer = sign_in("wen-li").post(f"/exports/{asked.pk}/file/")
    assert (
        answer.status_code == 403 and "not the one that was decided on" in answer.content.decode()
    )


def test_a_file_is_not_given_out_after_its_time(sign_in: Any, counted: Any) -> None:
    asked = ask(sign_in("wen-li"), counted)
    decide(sign_in("fiona-clark"), asked, "approve")
    past = dt.datetime.now(dt.UTC) - dt.timedelta(days=14)
    ExportRequest.objects.filter(pk=asked.pk).update(decided_at=past)
    answer = sign_in("wen-li").post(f"/exports/{asked.pk}/file/")
    assert answer.status_code == 403 and "time to download it is up" in answer.content.decode()


def test_nothing_is_given_out_that_cannot_be_recorded(
    sign_in: Any, counted: Any, unwritable_trail: Any
) -> None:
    asked = ask(sign_in("wen-li"), counted)
    decide(sign_in("fiona-clark"), asked, "approve")
    with unwritable_trail():
        answer = sign_in("wen-li").post(f"/exports/{asked.pk}/file/")
        assert answer.status_code == 503
        assert decide(sign_in("wen-li"), asked, "withdraw").status_code == 503
    asked.refresh_from_db()
    assert asked.state == "approved"
    assert not ExportStep.objects.filter(event="download").exists()


def test_no_column_can_be_set_from_a_form(sign_in: Any, counted: Any) -> None:
    columns = {field.name for field in ExportRequest._meta.concrete_fields} - {"why", "for_whom"}
    given = dict.fromkeys(columns, "planted") | {
        "state": "approved", "version": "9", "decided_by": "1", "organisation": "police",
    }  # fmt: skip
    asked = ask(sign_in("wen-li"), counted, **given)
    assert (asked.state, asked.version, asked.decided_by) == ("asked", 1, "")
    assert asked.organisation == "council-children"
    assert not [name for name in columns if "planted" in str(getattr(asked, name))]


def test_a_report_that_would_tell_of_somebody_is_stopped(
    sign_in: Any, counted: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A report with a fault: the last look trusts nobody, not even our own reports."""
    from wholeplace.foundation.sheet import Sheet
    from wholeplace.web.places.reports import NeedsByAreaReport

    real = NeedsByAreaReport.make

    def leaky(self: Any, viewer: Any, chosen: Any) -> Any:
        from dataclasses import replace

        made = real(self, viewer, chosen)
        sheet: Sheet = replace(made.sheet, rows=(*made.sheet.rows, ("", "Priory", 3, 40, None)))
        return replace(made, sheet=sheet)

    monkeypatch.setattr(NeedsByAreaReport, "make", leaky)
    typed = {**counted, "why": WHY, "for_whom": "The board", "form": "csv"}
    answer = sign_in("wen-li").post("/exports/ask/needs-by-area/", typed)
    assert answer.status_code == 200 and "Somebody could be found in it" in answer.content.decode()
    assert not ExportRequest.objects.exists()
    assert kinds() == ["export.stopped"]


def test_the_example_is_made_once(signed_town: Any) -> None:
    from wholeplace.web.exports.demonstration import make_examples

    make_examples(signed_town)
    make_examples(signed_town)
    assert ExportRequest.objects.count() == 1
