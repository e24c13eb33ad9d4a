"""The ledger in PostgreSQL: nothing is lost, nothing changes, and the database holds it."""

import datetime as dt
import threading
from typing import Any

import pytest
from django.db import IntegrityError, InternalError, connection, transaction
from django.db.utils import DatabaseError
from tests.money.larkbridge import larkbridge_money

from wholeplace.agreements.subjects.request import Viewer
from wholeplace.foundation.errors import NotFoundError, UnsafeActionError
from wholeplace.money.pools import balances_of, replay

pytestmark = pytest.mark.django_db(transaction=True)
POOL = larkbridge_money().pools["family-pool"]
VIEWER = Viewer("1", "council-children", "finance-lead")
DAY = dt.date(2026, 5, 1)


def post(kind: str, account: str, pence: int, token: str) -> Any:
    from wholeplace.web.money.entering import post_entry

    now = dt.datetime.now(dt.UTC)
    return post_entry(POOL, VIEWER, kind, account, pence, DAY, "A move in a test", token, now)


def test_a_hundred_at_once_lose_nothing() -> None:
    from wholeplace.web.money.entering import balances_now, entries_of
    from wholeplace.web.money.models import PoolEntry

    failed: list[Exception] = []

    def work(worker: int) -> None:
        try:
            for turn in range(10):
                post("contribution", "partner:police", 101 + turn, f"at-once-{worker}-{turn}")
        except Exception as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(each,)) for each in range(10)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert not failed
    entries = entries_of(POOL)
    assert [each.number for each in entries] == list(range(1, 101)), "no gap and no double"
    expected = 10 * sum(101 + turn for turn in range(10))
    assert balances_now(POOL)["cash"] == expected == -balances_now(POOL)["partner:police"]
    assert replay(POOL, entries) == balances_now(POOL)
    assert PoolEntry.objects.count() == 100


def test_two_who_spend_the_last_pound_at_once_spend_it_once() -> None:
    from wholeplace.web.money.entering import balances_now

    post("contribution", "partner:police", 100, "the-pound")
    answers: list[bool] = []

    def spend(number: int) -> None:
        try:
            post("spend", "scheme:keyworkers", 100, f"spend-{number}")
            answers.append(True)
        except UnsafeActionError:
            answers.append(False)
        finally:
            connection.close()

    threads = [threading.Thread(target=spend, args=(each,)) for each in range(6)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(answers) == [False] * 5 + [True]
    assert balances_now(POOL)["cash"] == 0


def test_pressing_twice_enters_once() -> None:
    first, again = (post("contribution", "partner:police", 500, "one-form") for _ in range(2))
    assert first.pk == again.pk


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE money_poolline SET pence = pence * 2",
        "DELETE FROM money_poolline",
        "UPDATE money_poolentry SET words = 'Something else'",
        "DELETE FROM money_poolentry",
    ],
)
def test_the_database_refuses_to_change_what_was_entered(statement: str) -> None:
    post("contribution", "partner:police", 500, "stays")
    with (
        pytest.raises((InternalError, DatabaseError), match="never changed"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


@pytest.mark.parametrize("lines", [[], [("cash", 100)], [("cash", 100), ("risk-pool", -99)]])
def test_the_database_refuses_an_entry_that_does_not_balance(lines: list[tuple[str, int]]) -> None:
    from wholeplace.web.money.models import PoolEntry, PoolLine

    with pytest.raises(IntegrityError, match="balance"), transaction.atomic():
        entry = PoolEntry.objects.create(
            pool=POOL.id, number=1, kind="contribution", on=DAY, words="By hand", by="1",
            at=dt.datetime.now(dt.UTC), token="by-hand",
        )  # fmt: skip
        for account, pence in lines:
            PoolLine.objects.create(entry=entry, account=account, pence=pence)
    assert not PoolEntry.objects.exists()


def test_the_database_refuses_a_gap_in_the_numbers() -> None:
    from wholeplace.web.money.models import PoolEntry

    with pytest.raises(IntegrityError, match="newest"), transaction.atomic():
        PoolEntry.objects.create(
            pool=POOL.id, number=7, kind="contribution", on=DAY, words="By hand", by="1",
            at=dt.datetime.now(dt.UTC), token="gap",
        )  # fmt: skip


def test_a_mistake_is_taken_back_once_by_another_entry() -> None:
    from wholeplace.web.money.entering import balances_now, entries_of, reverse_entry

    made = post("contribution", "partner:police", 500, "mistake")
    now = dt.datetime.now(dt.UTC)
    back = reverse_entry(POOL, VIEWER, made.number, "Typed twice by mistake", "back", now)
    assert back.reverses == made.number
    assert set(balances_now(POOL).values()) == {0}
    assert len(entries_of(POOL)) == 2 and set(balances_of(entries_of(POOL)).values()) == {0}
    for number in (made.number, back.number):
        with pytest.raises(UnsafeActionError, match="taken back"):
            reverse_entry(POOL, VIEWER, number, "Typed twice by mistake", f"b{number}", now)
    with pytest.raises(NotFoundError):
        reverse_entry(POOL, VIEWER, 99, "Typed twice by mistake", "c", now)


def test_nothing_is_entered_that_cannot_be_recorded(unwritable_trail: Any) -> None:
    from wholeplace.agreements.standing.records import AuditUnavailableError
    from wholeplace.web.money.models import PoolEntry

    with unwritable_trail(), pytest.raises(AuditUnavailableError):
        post("contribution", "partner:police", 500, "untold")
    assert not PoolEntry.objects.exists()


def test_what_was_entered_stands_in_the_trail_first() -> None:
    from wholeplace.web.chain.models import Entry

    post("contribution", "partner:police", 500, "told")
    event = Entry.objects.get(event__kind="money.entered").event
    assert (event["pool"], event["number"], event["pence"]) == (POOL.id, 1, 500)


@pytest.mark.parametrize(
    ("kind", "account"),
    [("contribution", "scheme:keyworkers"), ("spend", "partner:police"), ("reversal", "cash"),
     ("set-aside", "partner:police"), ("nothing", "partner:police")],
)  # fmt: skip
def test_kinds_go_with_their_accounts_alone(kind: str, account: str) -> None:
    with pytest.raises(UnsafeActionError):
        post(kind, account, 100, "wrong")
