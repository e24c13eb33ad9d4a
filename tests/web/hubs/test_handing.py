"""The warm handover: both are there, the person agrees, and it is a referral."""

from typing import Any

import pytest
from django.utils import timezone

pytestmark = pytest.mark.django_db(transaction=True)

WHY = "Leanne is behind with the rent and wants to sort her benefits out today."
PURPOSE = "whole-family-support"


@pytest.fixture
def leanne(signed_town: Any) -> str:
    rows = signed_town.snapshot_reader.rows(
        "SELECT person_id FROM person_identity WHERE field = 'identity.name' AND "
        "value LIKE '%Leanne%' AND value LIKE '%Harlow%' GROUP BY ALL ORDER BY count(*) DESC LIMIT 1"
    )
    return str(rows[0]["person_id"])


@pytest.fixture
def both(as_one: Any, leanne: str) -> Any:
    """Amira with a reason, and Jo; both at Weaver Hall."""
    from wholeplace.agreements.subjects.request import Viewer
    from wholeplace.web.gateway.reasons import open_reason

    amira, jo = as_one("amira-khan"), as_one("jo-adeyemi")
    viewer = Viewer(str(amira.user.pk), amira.user.organisation, "lead-practitioner")
    open_reason(viewer, leanne, PURPOSE, "She is with me at the hub today", timezone.now())
    for each in (amira, jo):
        each.post("/hubs/here/weaver-hall/")
    return amira, jo


def hand(client: Any, colleague: Any, whom: str, **given: Any) -> Any:
    typed = {"person_id": whom, "why": WHY, "family_says": "", "agreed": "on", **given}
    return client.post(f"/hubs/hand-over/to/{colleague.user.pk}/?for={PURPOSE}", typed)


def test_it_is_a_referral_and_the_colleague_takes_it_on(both: Any, leanne: str) -> None:
    from wholeplace.web.gateway.models import Notice
    from wholeplace.web.hubs.models import Handover
    from wholeplace.web.teams.models import Referral

    amira, jo = both
    answer = hand(amira, jo, leanne)
    made, referral = Handover.objects.get(), Referral.objects.get()
    assert answer["Location"] == f"/hubs/handed/{made.pk}/"
    assert (referral.pk, referral.state, referral.receiver) == (made.referral_id, "sent", "charity")
    assert referral.agreed == "yes" and referral.why == WHY and referral.person_id == leanne
    assert Notice.objects.filter(user_id=str(jo.user.pk), kind="handover", about=made.pk).exists()
    assert "Leanne" in amira.get(answer["Location"]).content.decode()
    before = jo.get(answer["Location"]).content.decode()
    assert "Leanne" not in before and WHY not in before and "Take it on" in before
    jo.post(f"{answer['Location']}take-on/", {"version": str(referral.version)})
    referral.refresh_from_db()
    assert referral.state == "acknowledged"
    assert "Leanne" in jo.get(answer["Location"]).content.decode()
    again = jo.post(f"{answer['Location']}take-on/", {"version": "2"}, follow=True)
    assert again.status_code == 200, "a second time is refused kindly"


def test_no_word_of_what_is_needed_stands_in_the_trail_or_the_handover(
    both: Any, leanne: str
) -> None:
    from wholeplace.web.chain.models import Entry
    from wholeplace.web.hubs.models import Handover

    hand(*both, leanne)
    trail = "".join(str(each.event) for each in Entry.objects.all())
    assert "hubs.handed-over" in trail and leanne not in trail and "rent" not in trail
    kept = {each.name for each in Handover._meta.get_fields()}
    assert not kept & {"why", "words", "family_says"} and "person_id" in kept


@pytest.mark.parametrize(
    "wrong", [{"agreed": ""}, {"why": "short"}, {"person_id": "somebody-else"}]
)
def test_without_agreement_or_words_or_a_reason_nothing_is_handed_over(
    both: Any, leanne: str, wrong: Any
) -> None:
    from wholeplace.web.hubs.models import Handover
    from wholeplace.web.teams.models import Referral

    answer = hand(*both, leanne, **wrong)
    assert answer.status_code == 422
    assert not Handover.objects.exists() and not Referral.objects.exists()


def test_both_must_be_there(both: Any, leanne: str) -> None:
    from wholeplace.web.teams.models import Referral

    amira, jo = both
    amira.post("/hubs/here/weaver-hall/", {"left": "1"})
    assert "same hub" in hand(amira, jo, leanne).content.decode()
    amira.post("/hubs/here/weaver-hall/")
    jo.post("/hubs/here/weaver-hall/", {"left": "1"})
    assert hand(amira, jo, leanne).status_code == 404
    assert not Referral.objects.exists()


def test_a_colleague_of_ones_own_organisation_is_not_handed_over_to(
    both: Any,
    as_one: Any,
    leanne: str,
) -> None:
    amira, _ = both
    tom = as_one("tom-ellis")
    tom.post("/hubs/here/weaver-hall/")
    assert hand(amira, tom, leanne).status_code == 404


def test_others_learn_nothing_of_a_handover(both: Any, as_one: Any, leanne: str) -> None:
    amira, jo = both
    where = hand(amira, jo, leanne)["Location"]
    marcus = as_one("marcus-bell")
    assert marcus.get(where).status_code == marcus.get("/hubs/handed/none/").status_code == 404
    assert marcus.post(f"{where}take-on/", {"version": "2"}).status_code == 404
    assert amira.post(f"{where}take-on/", {"version": "2"}).status_code == 404, "not by the giver"


def test_what_cannot_be_recorded_is_not_handed_over(
    both: Any, leanne: str, unwritable_trail: Any
) -> None:
    from wholeplace.web.hubs.models import Handover
    from wholeplace.web.teams.models import Referral

    with unwritable_trail():
        assert hand(*both, leanne).status_code in (422, 503)
    assert not Handover.objects.exists() and not Referral.objects.exists()
