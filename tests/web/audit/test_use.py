"""How clauses are used: folded once, however it is asked for; shown to those who sign and guard."""

import datetime as dt
import json
import threading
from typing import Any

import pytest
from click.testing import CliRunner
from django.db import connections

from wholeplace.agreements.account.clause_use import RefusalKey, UseKey, fold_event
from wholeplace.web.audit.folding import fold_trail, read_report
from wholeplace.web.audit.models import ClauseUseDay, FoldedTo, RefusalDay
from wholeplace.web.chain.models import Entry
from wholeplace.web.chain.trail import record

pytestmark = pytest.mark.django_db(transaction=True)

ZONE = "Europe/London"


def sight(field: str = "identity.name", clause: str = "safeguarding/police-children", actor: str = "1") -> None:  # fmt: skip
    record(
        "sight", actor=actor, organisation="police", role="practitioner", page="person",
        purpose="safeguarding", reason=None,
        subjects=[
            {"subject": "a" * 64,
             "seen": {"council-children": {field: {"detail": {"items": 1, "clauses": [clause]}}}},
             "refused": {"schools-trust": {"contact.phone": {"items": 1, "blocks": []}}}}
        ],
    )  # fmt: skip


def counted() -> tuple[dict[Any, int], dict[Any, int]]:
    used = {
        tuple(row[:-1]): row[-1]
        for row in ClauseUseDay.objects.values_list(*UseKey._fields, "sights")
    }
    refused = {
        tuple(row[:-1]): row[-1]
        for row in RefusalDay.objects.values_list(*RefusalKey._fields, "requests")
    }
    return used, refused


def expected() -> tuple[dict[Any, int], dict[Any, int]]:
    from collections import Counter

    used: Any = Counter()
    refused: Any = Counter()
    for entry in Entry.objects.all():
        more, fewer = fold_event(entry.event, ZONE)
        used.update(more)
        refused.update(fewer)
    return dict(used), dict(refused)


def test_folding_in_pieces_counts_what_folding_at_once_does() -> None:
    for number in range(7):
        sight(actor=str(number % 2))
        if number % 3 == 0:
            fold_trail(ZONE, batch=2)
    record("account.left", actor="1")
    fold_trail(ZONE, batch=3)
    assert counted() == expected()
    assert fold_trail(ZONE) == 0, "an entry is read once"
    assert counted() == expected()


def test_two_who_fold_at_once_count_once() -> None:
    for _ in range(12):
        sight()
    gate = threading.Barrier(3)

    def fold() -> None:
        gate.wait()
        fold_trail(ZONE, batch=2)
        connections.close_all()

    threads = [threading.Thread(target=fold) for _ in range(3)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert counted() == expected()


def test_another_trail_is_counted_from_its_beginning() -> None:
    sight()
    fold_trail(ZONE)
    FoldedTo.objects.update(seal="f" * 64)
    sight()
    fold_trail(ZONE)
    assert counted() == expected()


def test_a_fold_that_fails_adds_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    fold_trail(ZONE)
    sight()

    def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError("killed")

    monkeypatch.setattr(FoldedTo, "save", fail)
    with pytest.raises(RuntimeError):
        fold_trail(ZONE)
    monkeypatch.undo()
    assert counted() == ({}, {})
    fold_trail(ZONE)
    assert counted() == expected()


def test_the_page_and_the_command_say_the_same(signed_town: Any, sign_in: Any) -> None:
    from wholeplace.cli.agreements import agreements

    for actor in ("1", "2", "3", "3"):
        sight(actor=actor)
    page = sign_in("priya-nair").get("/audit/use/").content.decode()
    assert "Refused again and again" in page and "Three Rivers" in page
    assert "fewer than 10" in page
    assert Entry.objects.filter(event__kind="audit.use-viewed").exists()
    result = CliRunner().invoke(agreements, ["use", "--place", str(signed_town.folder), "--json"])
    assert result.exit_code == 0, result.output
    report = json.loads(result.output)
    assert {each["clause"] for each in report["used"]} == {"safeguarding/police-children"}
    assert "safeguarding/police-children" not in report["unused"]
    assert "whole-family-support" in json.dumps(report["unused"])
    (refused,) = report["refused"]
    assert (refused["field"], refused["requests"]) == ("contact.phone", "fewer than 10")
    assert refused["practitioners"] == "3"


def test_a_signatory_reads_of_their_own_partner(signed_town: Any, sign_in: Any) -> None:
    sight()
    own = sign_in("sign-police").get("/audit/use/").content.decode()
    assert "as far as Lark Valley Police gives or is given" in own
    assert "safeguarding/police-children" in own
    other = sign_in("sign-charity").get("/audit/use/").content.decode()
    assert "safeguarding/police-children" not in other


def test_nobody_looked_is_said(signed_town: Any, sign_in: Any) -> None:
    page = sign_in("fiona-clark").get("/audit/use/?days=nonsense").content.decode()
    assert "Nobody looked at anybody in this time" in page


def test_others_may_not(sign_in: Any) -> None:
    for persona in ("dean-walsh", "leanne-harlow", "alex-stone"):
        assert sign_in(persona).get("/audit/use/").status_code == 403


def test_a_period_ends_where_it_says(signed_town: Any) -> None:
    sight()
    rules, today = signed_town.rules(signed_town.today), signed_town.today
    assert not read_report(rules, today, today).is_empty
    assert read_report(rules, today - dt.timedelta(days=9), today - dt.timedelta(days=1)).is_empty


def test_every_kind_of_near_miss_has_its_words() -> None:
    from typing import get_args

    from wholeplace.agreements.deciding.decision import NearMissKind
    from wholeplace.web.audit.use import _BUT_FOR

    assert set(_BUT_FOR) == set(get_args(NearMissKind))
