"""The pulse on screen: counted once, traced to nobody, shown after it has closed alone."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection

from wholeplace.agreements import Viewer
from wholeplace.foundation.errors import NotFoundError, UnsafeActionError
from wholeplace.teams.pulse import statements
from wholeplace.web.chain.models import Entry
from wholeplace.web.culture import rounds
from wholeplace.web.culture.models import PulseCount, PulseMark, PulseRound

pytestmark = pytest.mark.django_db(transaction=True)
TODAY = dt.datetime.now(dt.UTC).date()
LATER = TODAY + dt.timedelta(days=10)
LEAD = Viewer("900", "council-children", "programme-lead")


def answers(word: str = "agree") -> dict[str, str]:
    return {each.id: word for each in statements()}


def everything() -> str:
    """Return all that the app's tables hold."""
    text = []
    with connection.cursor() as cursor:
        for table in ("culture_pulseround", "culture_pulsecount", "culture_pulsemark"):
            cursor.execute(f"SELECT t::text FROM {table} t")
            text += [row[0] for row in cursor.fetchall()]
    return "\n".join(text)


def test_an_answer_leaves_nothing_of_whoever_gave_it(db: None) -> None:
    held = rounds.open_round(LEAD, "Spring", LATER, TODAY)
    entries = Entry.objects.count()
    viewer = Viewer("4711", "police", "practitioner")
    rounds.answer_pulse(viewer, held.pk, answers(), TODAY)
    added = [each.event for each in Entry.objects.order_by("position")[entries:]]
    assert [each["kind"] for each in added] == ["pulse.counted"]
    assert not {"4711", "police", "practitioner"} & set(map(str, added[0].values()))
    assert "4711" not in everything()
    assert rounds.has_answered(held, "4711") and not rounds.has_answered(held, "4712")
    with pytest.raises(UnsafeActionError):
        rounds.answer_pulse(viewer, held.pk, answers("disagree"), TODAY)
    assert sum(PulseCount.objects.values_list("number", flat=True)) == len(statements())


def test_closing_destroys_the_key_and_the_marks_and_writes_the_counters_anew(db: None) -> None:
    held = rounds.open_round(LEAD, "Spring", LATER, TODAY)
    for user, organisation in (("1", "police"), ("2", "charity"), ("3", "police")):
        rounds.answer_pulse(Viewer(user, organisation, "practitioner"), held.pk, answers(), TODAY)
    rounds.close_round(LEAD, held.pk, TODAY)
    assert PulseRound.objects.get(pk=held.pk).key == "" and not PulseMark.objects.exists()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(DISTINCT xmin::text) FROM culture_pulsecount")
        assert cursor.fetchone()[0] == 1, "the engine keeps no order of answers either"
    kept = list(PulseCount.objects.order_by("pk").values_list("organisation", "statement"))
    assert kept == sorted(kept)
    with pytest.raises(NotFoundError):
        rounds.answer_pulse(Viewer("5", "police", "practitioner"), held.pk, answers(), TODAY)


def test_a_round_is_not_shown_while_it_is_open_and_small_groups_never(sign_in: Any) -> None:
    from wholeplace.web.culture.demonstration import make_examples
    from wholeplace.web.gateway.wiring import current_place

    make_examples(current_place())
    client = sign_in("helen-marsh")
    page = client.get("/culture/pulse/").content.decode()
    assert page.count("closed ") == 2 and "is open until" in page
    assert "in 100" in page
    small = client.get("/culture/pulse/?of=organisation:charity").content.decode()
    assert "in 100</td>" not in small and "not shown" in small
    assert "wp-bar" not in small
    assert sign_in("leanne-harlow").get("/culture/pulse/").status_code == 403


def test_answering_on_the_page_and_running_a_round(sign_in: Any) -> None:
    lead = sign_in("fiona-clark")
    typed = {"event": "open", "name": "Spring", "closes_on_0": LATER.day, "closes_on_1": LATER.month,
             "closes_on_2": LATER.year, "closes_on_day": LATER.day, "closes_on_month": LATER.month,
             "closes_on_year": LATER.year}  # fmt: skip
    assert lead.post("/culture/pulse/run/", typed).status_code == 302
    client = sign_in("dean-walsh")
    missing = client.post("/culture/pulse/answer/", {statements()[0].id: "agree"})
    assert missing.status_code == 200 and "Answer “" in missing.content.decode()
    assert client.post("/culture/pulse/answer/", answers()).status_code == 302
    assert "You have answered this round" in client.get("/culture/pulse/answer/").content.decode()
    assert client.post("/culture/pulse/run/", typed).status_code == 403
    assert "Child in need" in client.get("/culture/words/").content.decode()
