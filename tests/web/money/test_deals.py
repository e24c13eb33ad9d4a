"""Investment agreements: drafted from a case, signed by every partner on one text."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError
from tests.web.money.test_pages import kinds, text_of

from wholeplace.agreements.subjects.request import Viewer
from wholeplace.foundation.errors import UnsafeActionError
from wholeplace.foundation.lifecycle import ChangedMeanwhileError

pytestmark = pytest.mark.django_db(transaction=True)
NOW = dt.datetime(2026, 11, 25, 12, tzinfo=dt.UTC)
PARTNERS = ("council-children", "nhs-community", "police", "housing-association")


def viewer(persona: str) -> Viewer:
    from wholeplace.web.accounts.models import User

    user = User.objects.get(persona=persona)
    return Viewer(str(user.pk), user.organisation, user.roles[0])


def signatory(partner: str) -> Viewer:
    from wholeplace.web.accounts.models import User

    user = next(
        each for each in User.objects.filter(organisation=partner) if "signatory" in each.roles
    )
    return Viewer(str(user.pk), partner, "signatory")


@pytest.fixture
def deal(signed_town: Any) -> Any:
    """The demonstration's agreement, waiting for signatures."""
    from wholeplace.web.money.demonstration import make_examples
    from wholeplace.web.money.models import InvestmentDeal

    make_examples(signed_town)
    return InvestmentDeal.objects.get()


def test_the_examples_are_made_once(deal: Any, signed_town: Any) -> None:
    from wholeplace.web.money.demonstration import make_examples
    from wholeplace.web.money.models import BudgetReturn, BusinessCase, PoolEntry

    before = (BusinessCase.objects.count(), PoolEntry.objects.count(), BudgetReturn.objects.count())
    make_examples(signed_town)
    assert before == (
        BusinessCase.objects.count(), PoolEntry.objects.count(), BudgetReturn.objects.count(),
    )  # fmt: skip
    assert before == (2, 6, 10)


def test_it_is_in_force_when_every_partner_has_signed_one_text(deal: Any) -> None:
    from wholeplace.web.money.deals import hash_of, sign_deal

    assert set(deal.partners) == set(PARTNERS)
    ends = [sign_deal(signatory(each), deal.pk, hash_of(deal), NOW) for each in PARTNERS]
    assert ends == [False, False, False, True]
    deal.refresh_from_db()
    assert deal.state == "in-force"
    assert kinds().count("money.deal-signed") == 4 and "money.deal-in-force" in kinds()


def test_nobody_signs_twice_or_for_a_stranger_or_another_text(deal: Any) -> None:
    from wholeplace.web.money.deals import hash_of, sign_deal

    sign_deal(signatory("police"), deal.pk, hash_of(deal), NOW)
    for who, text_hash in (
        (signatory("police"), hash_of(deal)),
        (signatory("charity"), hash_of(deal)),
        (viewer("grace-holt"), hash_of(deal)),
        (signatory("nhs-community"), "0" * 64),
    ):
        with pytest.raises(UnsafeActionError):
            sign_deal(who, deal.pk, text_hash, NOW)


def test_a_changed_text_is_signed_anew(deal: Any) -> None:
    from wholeplace.web.money.deals import (
        change_deal,
        hash_of,
        sign_deal,
        signed_partners,
        take_deal_step,
    )

    sign_deal(signatory("police"), deal.pk, hash_of(deal), NOW)
    deal.refresh_from_db()
    writer = viewer("daniel-reyes")
    with pytest.raises(UnsafeActionError):
        change_deal(writer, deal.pk, deal.version, {"milestones": "Others"}, NOW)
    deal = take_deal_step(writer, deal.pk, "recall", deal.version, "The dates are wrong", NOW)
    deal = change_deal(writer, deal.pk, deal.version, {"milestones": "Other dates"}, NOW)
    take_deal_step(writer, deal.pk, "offer", deal.version, "", NOW)
    deal.refresh_from_db()
    assert signed_partners(deal) == {}, "the signature was under another text"


def test_an_agreement_with_an_empty_field_is_not_offered(deal: Any) -> None:
    from wholeplace.web.money.deals import change_deal, take_deal_step

    writer = viewer("daniel-reyes")
    deal = take_deal_step(writer, deal.pk, "recall", deal.version, "A field is missing", NOW)
    deal = change_deal(writer, deal.pk, deal.version, {"reinvestment": " "}, NOW)
    with pytest.raises(UnsafeActionError, match="what becomes of savings"):
        take_deal_step(writer, deal.pk, "offer", deal.version, "", NOW)


def test_the_second_editor_is_told(deal: Any) -> None:
    from wholeplace.web.money.deals import change_deal, take_deal_step

    writer = viewer("daniel-reyes")
    deal = take_deal_step(writer, deal.pk, "recall", deal.version, "The dates are wrong", NOW)
    version = deal.version
    change_deal(writer, deal.pk, version, {"milestones": "Other dates"}, NOW)
    with pytest.raises(ChangedMeanwhileError, match=r"Daniel Reyes changed it.*Milestones"):
        change_deal(viewer("grace-holt"), deal.pk, version, {"leads": "Others"}, NOW)


@pytest.mark.parametrize(
    "verb", ["UPDATE money_signeddeal SET partner = 'x'", "DELETE FROM money_signeddeal"]
)
def test_the_database_refuses_to_change_a_signature(deal: Any, verb: str) -> None:
    from wholeplace.web.money.deals import hash_of, sign_deal

    sign_deal(signatory("police"), deal.pk, hash_of(deal), NOW)
    with (
        pytest.raises(DatabaseError, match="never changed"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(verb)


def test_signing_on_screen_asks_for_proof_first(sign_in: Any, deal: Any) -> None:
    from wholeplace.web.money.deals import hash_of, signed_partners

    client = sign_in("sign-police")
    page = client.get(f"/money/agreements/{deal.pk}/sign/")
    assert hash_of(deal) in page.content.decode() and "prove again who you are" in text_of(page)
    answer = client.post(f"/money/agreements/{deal.pk}/sign/", {"hash": hash_of(deal)})
    assert answer.status_code == 302 and "confirm" in answer["Location"]
    assert signed_partners(deal) == {}
    assert client.get(f"/money/agreements/{deal.pk}/").status_code == 200
    assert client.get("/money/agreements/").status_code == 200
    assert client.get(f"/money/cases/{deal.case_id}/").status_code == 403


def test_the_case_must_be_agreed_before_an_agreement_is_drafted(deal: Any, sign_in: Any) -> None:
    from wholeplace.web.money.models import BusinessCase, InvestmentDeal

    draft = BusinessCase.objects.get(state="draft")
    answer = sign_in("daniel-reyes").post(f"/money/cases/{draft.pk}/agreement/", follow=True)
    assert "The case is not agreed yet" in text_of(answer)
    assert InvestmentDeal.objects.count() == 1


def test_an_agreement_in_force_is_ended_by_a_signatory_with_words(deal: Any) -> None:
    from wholeplace.web.money.deals import hash_of, sign_deal, take_deal_step

    for each in PARTNERS:
        sign_deal(signatory(each), deal.pk, hash_of(deal), NOW)
    deal.refresh_from_db()
    with pytest.raises(UnsafeActionError, match="Say why"):
        take_deal_step(signatory("police"), deal.pk, "end", deal.version, "", NOW)
    with pytest.raises(UnsafeActionError):
        take_deal_step(viewer("grace-holt"), deal.pk, "end", deal.version, "It is over now", NOW)
    ended = take_deal_step(
        signatory("police"), deal.pk, "end", deal.version, "The force leaves the pool", NOW
    )
    assert ended.state == "ended"
