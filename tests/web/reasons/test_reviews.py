"""The review queue: whose it is, what a reviewer sees, and that no review can be left out."""

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone
from tests.web.reasons.conftest import WHY

from wholeplace.foundation.errors import UnsafeActionError
from wholeplace.web.chain.models import Entry
from wholeplace.web.gateway.models import Notice, OpenReason
from wholeplace.web.gateway.reasons import close_reason, open_reason
from wholeplace.web.reasons.breaking import break_glass
from wholeplace.web.reasons.counting import count_reasons
from wholeplace.web.reasons.models import ReviewStep
from wholeplace.web.reasons.reviews import move, queue_of, tell_of_late

pytestmark = pytest.mark.django_db(transaction=True)
PURPOSE = "safeguarding"
NOTE = "The call is on record, and the visit was made."


def now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


@pytest.fixture
def duty(viewer_of: Any, person_named: Any) -> OpenReason:
    """A duty reason of Amira Khan's."""
    made = open_reason(
        viewer_of("amira-khan"), person_named("Jayden", "Harlow"), PURPOSE, WHY, now()
    )
    return OpenReason.objects.get(pk=made.id)


def late(reason: OpenReason, days: int) -> None:
    OpenReason.objects.filter(pk=reason.pk).update(
        review_due_on=timezone.localdate() - dt.timedelta(days=days)
    )


def test_a_reason_stands_in_the_queue_of_others_never_in_ones_own(
    duty: OpenReason, sign_in: Any
) -> None:
    for persona, is_shown in (("amira-khan", False), ("priya-nair", True), ("sign-children", True)):
        client = sign_in(persona)
        page = client.get("/reasons/review/").content.decode()
        assert (duty.pk in page) is is_shown
        assert client.get(f"/reasons/review/{duty.pk}/").status_code == (200 if is_shown else 404)
    for persona in ("sign-police", "sign-nhs"):
        client = sign_in(persona)
        assert duty.pk not in client.get("/reasons/review/").content.decode()
        assert client.get(f"/reasons/review/{duty.pk}/").status_code == 404
    assert sign_in("fiona-clark").get("/reasons/review/").status_code == 403


def test_a_reviewer_sees_fields_and_levels_and_neither_values_nor_who(
    sign_in: Any, signed_town: Any, viewer_of: Any, person_named: Any
) -> None:
    jayden = person_named("Jayden", "Harlow")
    made = break_glass(signed_town, viewer_of("dean-walsh"), jayden, PURPOSE, WHY, now())
    page = sign_in("dean-walsh").get(f"/people/{jayden}/?for={PURPOSE}")
    assert page.status_code == 200 and "Jayden" in page.content.decode()
    shown = sign_in("sign-police").get(f"/reasons/review/{made.id}/").content.decode()  # type: ignore[union-attr]
    assert "Dean Walsh" in shown and "crying alone" in shown and "detail: " in shown
    assert "Name" in shown
    assert "Jayden" not in shown and "Harlow" not in shown and jayden not in shown


def test_ask_answer_and_decide(duty: OpenReason, sign_in: Any) -> None:
    priya = sign_in("priya-nair")
    address = f"/reasons/review/{duty.pk}/"
    short = priya.post(address, {"step": "find-fault", "note": NOTE, "done": "", "version": 1})
    assert short.status_code == 422 and "Say what is done about it" in short.content.decode()
    assert (
        priya.post(
            address, {"step": "ask", "note": "Who rang you, please?", "version": 1}
        ).status_code
        == 302
    )
    amira = sign_in("amira-khan")
    told = amira.get("/reasons/").content.decode()
    assert "A reviewer asks you about a reason that you gave" in told
    own = f"/reasons/given/{duty.pk}/"
    assert "Who rang you, please?" in amira.get(own).content.decode()
    assert (
        amira.post(own, {"note": "The neighbour at number 4 rang.", "version": 2}).status_code
        == 302
    )
    priya = sign_in("priya-nair")
    assert "The neighbour at number 4 rang." in priya.get(address).content.decode()
    done = {
        "step": "find-fault",
        "note": "It could have waited.",
        "done": "Spoken to.",
        "version": 3,
    }
    assert priya.post(address, done).status_code == 302
    duty.refresh_from_db()
    assert duty.review_state == "not-justified"
    assert [each.move for each in ReviewStep.objects.all()] == ["ask", "tell", "find-fault"]
    steps = [
        e
        for e in Entry.objects.values_list("event", flat=True)
        if e["kind"] == "reason.review-moved"
    ]
    assert [each["state"] for each in steps] == ["asked", "waiting", "not-justified"]
    assert "could have waited" not in str(steps)
    assert "Spoken to." in sign_in("amira-khan").get(own).content.decode()


def test_the_second_reviewer_is_told_that_it_moved_on(
    duty: OpenReason, sign_in: Any, user_of: Any
) -> None:
    move(user_of("sign-children"), duty.pk, "ask", "Who rang you, please?", now(), version=1)
    answer = sign_in("priya-nair").post(
        f"/reasons/review/{duty.pk}/", {"step": "justify", "note": NOTE, "version": 1}
    )
    words = answer.content.decode()
    assert answer.status_code == 422 and "Somebody moved it on" in words
    assert "Who rang you, please?" in words


def test_self_review_is_refused_by_every_way(duty: OpenReason, user_of: Any) -> None:
    for step in ("ask", "justify", "find-fault"):
        with pytest.raises(UnsafeActionError, match="Nobody reviews a reason of their own"):
            move(user_of("amira-khan"), duty.pk, step, NOTE, now(), version=1, done="x")  # type: ignore[arg-type]
    duty.refresh_from_db()
    assert duty.review_state == "waiting"


def test_a_review_cannot_be_skipped_by_ending_or_outliving_the_reason(
    duty: OpenReason, viewer_of: Any, user_of: Any
) -> None:
    assert close_reason(viewer_of("amira-khan"), duty.pk, now())
    priya = user_of("priya-nair")
    today = timezone.localdate()
    for day in (today, today + dt.timedelta(days=400)):
        rows = queue_of(priya, "data-protection-officer", day)
        assert [each.reason.pk for each in rows] == [duty.pk]
    assert rows[0].is_late


def test_overdue_stands_first_and_goes_up(
    duty: OpenReason, signed_town: Any, user_of: Any, viewer_of: Any, person_named: Any
) -> None:
    dean, today = viewer_of("dean-walsh"), timezone.localdate()
    made = break_glass(signed_town, dean, person_named("Leanne", "Harlow"), PURPOSE, WHY, now())
    glass = OpenReason.objects.get(pk=made.id)  # type: ignore[union-attr]
    priya, owen = user_of("priya-nair"), user_of("sign-police")
    role = "data-protection-officer"
    assert [e.reason.pk for e in queue_of(owen, "signatory", today)] == [glass.pk]
    assert glass.pk not in [e.reason.pk for e in queue_of(priya, role, today)]
    late(glass, 1)
    assert tell_of_late(today, now()) == 1
    assert Notice.objects.filter(kind="review-late", user_id=str(priya.pk)).count() == 1
    late(glass, 9)
    assert [e.reason.pk for e in queue_of(priya, role, today)] == [glass.pk, duty.pk]
    assert tell_of_late(today, now()) == 0, "each is told once"


def test_where_nobody_else_can_review_the_hosts_officer_does(
    duty: OpenReason, signed_town: Any, user_of: Any, viewer_of: Any, person_named: Any
) -> None:
    user_of("sign-police").__class__.objects.filter(persona="sign-police").update(is_active=False)
    dean = viewer_of("dean-walsh")
    made = break_glass(signed_town, dean, person_named("Leanne", "Harlow"), PURPOSE, WHY, now())
    rows = queue_of(user_of("priya-nair"), "data-protection-officer", timezone.localdate())
    assert made.id in [each.reason.pk for each in rows]  # type: ignore[union-attr]


def test_counts_add_up_and_are_the_organisations_own(duty: OpenReason, sign_in: Any, signed_town: Any, viewer_of: Any, person_named: Any) -> None:  # fmt: skip
    break_glass(
        signed_town, viewer_of("dean-walsh"), person_named("Leanne", "Harlow"), PURPOSE, WHY, now()
    )
    late(duty, 1)
    rows = count_reasons(signed_town.place.partners, timezone.localdate(), 12)
    found = {row.organisation: row for row in rows}
    assert (found["council-children"].duty, found["council-children"].late) == (1, 1)
    assert (found["police"].broken, found["police"].broken_per_100) == (1, 100.0)
    assert sum(row.duty + row.broken for row in rows) == OpenReason.objects.count()
    page = sign_in("priya-nair").get("/reasons/counts/").content.decode()
    assert "Lark Valley Police" in page and "Dean Walsh" not in page
    assert sign_in("fiona-clark").get("/reasons/counts/").status_code == 200
    assert sign_in("amira-khan").get("/reasons/counts/").status_code == 403


def test_empty_pages_say_what_will_stand_there(sign_in: Any) -> None:
    priya = sign_in("priya-nair")
    for address, words in (
        ("/reasons/", "Nothing new."),
        ("/reasons/review/", "Nothing waits for your review."),
        ("/reasons/counts/", "Nobody has given a reason yet."),
        ("/reasons/requests/log/", "No request fits."),
        ("/reasons/confirm/", "Nothing waits for you."),
    ):
        assert words in priya.get(address).content.decode()
    amira = sign_in("amira-khan")
    assert "You have asked nothing yet." in amira.get("/reasons/requests/").content.decode()
    assert "Nothing waits for an answer." in amira.get("/reasons/requests/inbox/").content.decode()
