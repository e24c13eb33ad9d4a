"""One-time codes: right papers, once, in time, few tries; and whom an account follows afterwards."""

import datetime as dt
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from django.db import connections
from django.test import Client
from tests.web.residents.conftest import LEANNE, person_of, typed, viewer_as, words_of
from tests.web.town import copy_town, open_town

from wholeplace.foundation.errors import UnsafeActionError
from wholeplace.people.facts import Facts
from wholeplace.web.accounts.models import User
from wholeplace.web.chain.models import Entry
from wholeplace.web.residents.binding import bound_person
from wholeplace.web.residents.codes import give_code as make_code
from wholeplace.web.residents.codes import use_code
from wholeplace.web.residents.limits import limits
from wholeplace.web.residents.models import AccessCode, CodeAttempt

pytestmark = pytest.mark.django_db(transaction=True)

BORN = dt.date(1992, 3, 14)
WRONG = dt.date(1992, 3, 15)
NOW = dt.datetime(2026, 6, 1, 9, tzinfo=dt.UTC)


def answer_to(browser: Client, given: dict[str, str]) -> tuple[int, str]:
    answer = browser.post("/my-record/start/", given)
    text = words_of(answer.content.decode())
    return answer.status_code, text


def test_a_code_opens_ones_own_account_once(leanne: str, give_code: Callable[..., str]) -> None:
    code, browser = give_code(leanne), Client()
    assert (
        browser.post("/my-record/start/", typed(code.lower().replace("-", " "))).status_code == 302
    )
    assert browser.get("/my-record/").status_code == 200
    assert answer_to(Client(), typed(code))[0] == 422


def test_whatever_is_wrong_the_answer_is_the_same(
    leanne: str, give_code: Callable[..., str]
) -> None:
    used, fresh = give_code(leanne), None
    Client().post("/my-record/start/", typed(used))
    late = give_code(leanne)
    AccessCode.objects.filter(used_at=None).update(expires_at=dt.datetime.now(dt.UTC))
    answers = {answer_to(Client(), typed(each)) for each in (used, late, "ABCDE-23456", "no code")}
    fresh = give_code(leanne)
    answers.add(answer_to(Client(), typed(fresh, WRONG)))
    assert len(answers) == 1
    assert next(iter(answers))[0] == 422


def test_too_many_wrong_dates_end_a_code(leanne: str, give_code: Callable[..., str]) -> None:
    code = give_code(leanne, at=NOW)
    for _ in range(limits().wrong_birth_dates):
        assert use_code(code, WRONG, NOW) is None
    assert use_code(code, BORN, NOW) is None
    refused = Entry.objects.filter(event__kind="my-record.code-refused")
    assert refused.count() == limits().wrong_birth_dates


def test_a_code_ends_to_the_second(leanne: str, give_code: Callable[..., str]) -> None:
    end = NOW + dt.timedelta(hours=limits().code_hours)
    assert use_code(give_code(leanne, at=NOW), BORN, end) is None
    assert use_code(give_code(leanne, at=NOW), BORN, end - dt.timedelta(seconds=1))


def test_a_new_code_ends_the_one_before(leanne: str, give_code: Callable[..., str]) -> None:
    first, second = give_code(leanne, at=NOW), give_code(leanne, at=NOW)
    assert use_code(first, BORN, NOW) is None
    assert use_code(second, BORN, NOW)


def test_of_two_at_the_same_moment_one_gets_in(leanne: str, give_code: Callable[..., str]) -> None:
    code, found, gate = give_code(leanne, at=NOW), [], threading.Barrier(4)

    def try_it() -> None:
        gate.wait()
        found.append(use_code(code, BORN, NOW))
        connections.close_all()

    threads = [threading.Thread(target=try_it) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sum(each is not None for each in found) == 1


def test_tries_from_one_address_are_limited(leanne: str, give_code: Callable[..., str]) -> None:
    code = give_code(leanne)
    for _ in range(limits().tries_per_quarter_hour):
        assert answer_to(Client(), typed("ABCDE-23456"))[0] == 422
    assert answer_to(Client(), typed(code))[0] == 429
    elsewhere = Client(REMOTE_ADDR="192.0.2.9")
    assert elsewhere.post("/my-record/start/", typed(code)).status_code == 302
    CodeAttempt.objects.update(at=dt.datetime.now(dt.UTC) - dt.timedelta(minutes=16))
    assert answer_to(Client(), typed("ABCDE-23456"))[0] == 422


@pytest.mark.parametrize(
    "facts",
    [
        Facts(name="Leanne Harlow", birth_date=WRONG),
        Facts(name="Zebedee Harlow", birth_date=BORN),
        Facts(name="Jayden Harlow", birth_date=dt.date(2012, 5, 9)),
    ],
)
def test_papers_that_do_not_fit_the_record_give_no_code(
    leanne: str, give_code: Callable[..., str], facts: Facts
) -> None:
    with pytest.raises(UnsafeActionError):
        give_code(leanne, facts)
    assert not AccessCode.objects.exists()


def test_neither_code_nor_date_is_kept(
    leanne: str, give_code: Callable[..., str], cluster: Any
) -> None:
    code = give_code(leanne)
    with cluster.connect("wholeplace_super") as superuser:
        rows = superuser.execute("SELECT t::text FROM residents_accesscode t").fetchall()
        rows += superuser.execute("SELECT event::text FROM chain_entry").fetchall()
    text = " ".join(row[0] for row in rows)
    for words in (code, code.replace("-", ""), "1992-03-14", "Harlow"):
        assert words not in text


def test_a_session_ends_by_itself_and_the_account_is_kept(
    leanne: str, open_account: Callable[..., Client]
) -> None:
    browser = open_account(leanne)
    expires = browser.session.get_expiry_date()
    minutes = (expires - dt.datetime.now(dt.UTC)).total_seconds() / 60
    assert limits().session_minutes - 1 < minutes <= limits().session_minutes
    browser.post("/my-record/ask/", {"kind": "question", "text": "Is this still here?"})
    again = open_account(leanne)
    assert "Is this still here?" in again.get("/my-record/ask/").content.decode()
    assert User.objects.filter(roles=["resident"], persona="").count() == 1


def test_a_practitioner_gives_a_code_through_the_pages(
    sign_in: Any, leanne: str, client: Client
) -> None:
    from wholeplace.web.gateway.reasons import open_reason

    viewer = viewer_as("amira-khan")
    open_reason(viewer, leanne, "whole-family-support", "She is here and asks who looked", dt.datetime.now(dt.UTC))  # fmt: skip
    sign_in("amira-khan")
    facts = {"name": "Leanne Harlow", "born_on_day": "14", "born_on_month": "3", "born_on_year": "1992", "how": "photo"}  # fmt: skip
    wrong = client.post(f"/my-record/codes/{leanne}/", {**facts, "born_on_day": "15"})
    assert wrong.status_code == 422 and "do not fit this record" in wrong.content.decode()
    html = client.post(f"/my-record/codes/{leanne}/", facts).content.decode()
    code = html.partition("<strong>")[2].partition("</strong>")[0]
    assert use_code(code, BORN, dt.datetime.now(dt.UTC))


@pytest.fixture
def own_town(db: None, town: Any, tmp_path: Path) -> Any:
    """The town in a copy whose links a test may change."""
    return open_town(copy_town(town, tmp_path / "copy"))


def relink(place: Any, moved: dict[str, str], kind: str, old: str, new: str) -> None:
    """Publish the snapshot with records moved to another id, and the event that says so."""
    from wholeplace.foundation.snapshots import Snapshots

    folder = Snapshots(place.data.snapshots).current().table("person_records").parent
    people = pq.read_table(folder / "person_records.parquet", partitioning=None)
    ids = [moved.get(r, p) for r, p in zip(people["record_id"].to_pylist(), people["person_id"].to_pylist(), strict=True)]  # fmt: skip
    column = people.column_names.index("person_id")
    people = people.set_column(column, people.schema.field("person_id"), pa.array(ids))
    events = pq.read_table(folder / "identity_events.parquet", partitioning=None)
    row = {
        "happened_on": place.today,
        "kind": kind,
        "old_id": old,
        "new_id": new,
        "records": len(moved),
    }
    events = pa.concat_tables([events, pa.Table.from_pylist([row], schema=events.schema)])
    for name, table in (("person_records", people), ("identity_events", events)):
        path = folder / f"{name}.parquet"
        path.unlink()  # hard links of other snapshots keep what they had
        pq.write_table(table, path)
    place.snapshot_reader.close()
    place.snapshot_reader.__dict__["_kept"] = ("", {})


def records_of(place: Any, person_id: str) -> list[str]:
    rows = place.snapshot_reader.rows(
        "SELECT record_id FROM person_records WHERE person_id = $p ORDER BY dataset, source_id, record_id",
        {"p": person_id},
    )
    return [row["record_id"] for row in rows]


def test_a_merge_keeps_the_account_and_brings_the_looks_along(own_town: Any) -> None:
    from wholeplace.web.chain.trail import record, subject_pseudonym

    leanne = person_of(own_town, "leanne")
    code, _ = make_code(viewer_as("amira-khan"), leanne, LEANNE, "photo", NOW)
    browser = Client()
    AccessCode.objects.update(expires_at=dt.datetime.now(dt.UTC) + dt.timedelta(hours=1))
    assert browser.post("/my-record/start/", typed(code)).status_code == 302
    record("sight", actor="1", organisation="charity", role="practitioner", page="person", purpose="whole-family-support", reason=None, subjects=[{"subject": subject_pseudonym(leanne), "seen": {}, "refused": {}}])  # fmt: skip
    relink(
        own_town, dict.fromkeys(records_of(own_town, leanne), "pnewer"), "merged", leanne, "pnewer"
    )
    page = words_of(browser.get("/my-record/").content.decode())
    assert "Larkbridge Advice and Food looked 1 time" in page


def test_a_split_closes_the_account_until_somebody_checks(own_town: Any) -> None:
    leanne = person_of(own_town, "leanne")
    code, _ = make_code(viewer_as("amira-khan"), leanne, LEANNE, "photo", dt.datetime.now(dt.UTC))
    browser = Client()
    assert browser.post("/my-record/start/", typed(code)).status_code == 302
    used = AccessCode.objects.get()
    assert bound_person(used.user_id).state == "open"
    mine = records_of(own_town, leanne)
    by_source = pc.unique(pa.array(mine)).to_pylist()
    relink(own_town, {by_source[0]: "pother"}, "split", leanne, "pother")
    assert bound_person(used.user_id).state == "doubtful"
    for address in ("/my-record/", "/my-record/shared/", "/my-record/print/", "/my-record/ask/"):
        page = words_of(browser.get(address).content.decode())
        assert "Your record is not open" in page and "looked" not in page
    assert browser.post("/my-record/file/")["Content-Type"].startswith("text/html")
