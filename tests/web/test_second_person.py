"""Nobody decides on their own: one table of what needs a second person, across all apps."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from tests.web.belongings import WHY, sealed_person, user_of, viewer_of
from tests.web.doors import doors

from wholeplace.agreements import Viewer
from wholeplace.agreements.account.withholding import Mark
from wholeplace.foundation.errors import WholeplaceError
from wholeplace.web.accounts.models import User

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(900)]

Act = Callable[[Any, str], object]


def now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def give_every_role(persona: str) -> None:
    """Let somebody hold every role there is: what stops them is that it is their own, not a role."""
    held = ["data-protection-officer", "signatory", "programme-lead", "lead-practitioner", "analyst", "administrator"]  # fmt: skip
    User.objects.filter(persona=persona).update(roles=held)


def export(place: Any, decider: str) -> object:
    from wholeplace.web.exports.models import ExportRequest
    from wholeplace.web.exports.requests import take_step

    user = user_of(decider)
    viewer = Viewer(str(user.pk), user.organisation, "analyst")
    return take_step(viewer, ExportRequest.objects.get().pk, "approve", 1, WHY, now())


def erasure(place: Any, decider: str) -> object:
    from wholeplace.web.retention.models import ErasureRequest
    from wholeplace.web.retention.requests import answer, approve, ask_person

    asker = user_of("priya-nair")
    rows = place.snapshot_reader.rows("SELECT min(person_id) AS id FROM person_records")
    made = ask_person(place, rows[0]["id"], "request", "", str(asker.pk), asker.organisation)
    for partner in sorted({each[0] for each in made.anchors}):
        made = ErasureRequest.objects.get(pk=made.pk)
        answer(made.pk, partner, "erase", "", str(asker.pk), asker.organisation, made.version)
    made = ErasureRequest.objects.get(pk=made.pk)
    user = user_of(decider)
    return approve(made.pk, str(user.pk), user.organisation, made.version)


def broken_glass(place: Any, decider: str) -> object:
    from wholeplace.web.reasons.breaking import answer_ask, break_glass

    asker, person_id = viewer_of("amira-khan"), sealed_person(place)
    ask = break_glass(place, asker, person_id, "safeguarding", WHY, now())
    return answer_ask(place, user_of(decider), ask.pk, now(), is_confirmed=True)  # type: ignore[union-attr]


def review(place: Any, decider: str) -> object:
    from wholeplace.web.gateway.reasons import open_reason
    from wholeplace.web.reasons.reviews import move

    given = open_reason(viewer_of("amira-khan"), sealed_person(place), "safeguarding", WHY, now())
    return move(user_of(decider), given.id, "justify", WHY, now(), version=1)


def seal(place: Any, decider: str) -> object:
    from wholeplace.people.read import read_subjects
    from wholeplace.web.flags import ending
    from wholeplace.web.flags.access import Opened
    from wholeplace.web.gateway.models import FlagStatement
    from wholeplace.web.gateway.statements import Saying, state_flag

    asker, guardian = viewer_of("priya-nair"), user_of("tom-ellis")
    rows = place.snapshot_reader.rows("SELECT min(person_id) AS id FROM person_records")
    person_id = str(rows[0]["id"])
    sealed = Saying("sealed", "yes", "set", why=WHY, guardians=(str(guardian.pk),))

    def opened_by(persona: str) -> Opened:
        subject = read_subjects(place.snapshot_reader, [person_id])[person_id]
        viewer = Viewer(str(user_of(persona).pk), asker.organisation, "data-protection-officer")
        rules = place.rules(place.today)
        return Opened(viewer, rules, now(), subject, "", frozenset({viewer.organisation}), "")

    made = state_flag(asker, person_id, sealed, now())
    ending._state(opened_by("priya-nair"), made, "ask-lift", {"why": WHY})
    asked = FlagStatement.objects.order_by("-id")[0]
    return ending._state(opened_by(decider), asked, "lift", {"why": WHY})  # type: ignore[func-returns-value]


def left_out(place: Any, decider: str) -> object:
    from wholeplace.web.residents.marks import propose_mark, step_mark

    asker, person_id = viewer_of("priya-nair"), sealed_person(place)
    until = place.today + dt.timedelta(days=30)
    mark = propose_mark(asker, person_id, Mark("everything", ""), WHY, until, now())
    return step_mark(viewer_of(decider), mark, "agree", mark.version, now())


def business_case(place: Any, decider: str) -> object:
    from wholeplace.web.money.cases import start_case, take_case_step
    from wholeplace.web.money.place_money import place_money

    grace = user_of("grace-holt")
    asker = Viewer(str(grace.pk), grace.organisation, "finance-lead")
    intervention = next(iter(place_money(place).interventions))
    case = start_case(place, asker, intervention, "Three more years", now())
    case = take_case_step(asker, case.id, "offer", case.version, "", now())
    user = user_of(decider)
    viewer = Viewer(str(user.pk), user.organisation, "commissioner")
    return take_case_step(viewer, case.id, "agree", case.version, "", now())


# What is decided; whose it is, who may not decide for that alone; and somebody who may.
OWN: dict[str, tuple[Act, str, str]] = {
    "export": (export, "wen-li", "fiona-clark"),
    "erasure": (erasure, "priya-nair", "sign-children"),
    "broken glass": (broken_glass, "amira-khan", "priya-nair"),
    "lifting a seal": (seal, "priya-nair", "fiona-clark"),
    "review": (review, "amira-khan", "priya-nair"),
    "business case": (business_case, "grace-holt", "daniel-reyes"),
    "what is left out": (left_out, "priya-nair", "sign-children"),
}


@pytest.mark.parametrize("what", OWN)
def test_nobody_decides_on_their_own(signed_town: Any, what: str) -> None:
    act, own, other = OWN[what]
    if what == "export":
        from wholeplace.web.exports.demonstration import make_examples

        make_examples(signed_town)
    for persona in (own, other):
        give_every_role(persona)
    with pytest.raises(WholeplaceError) as refused:
        act(signed_town, own)
    assert refused.value.do_next
    # The control: the same act by somebody else is done.
    act(signed_town, other)


def test_whoever_runs_the_system_reads_of_nobody_and_counts_nobody() -> None:
    shut = [each for each in doors() if each.mark.shows in ("personal", "counts")]
    assert len(shut) > 30
    assert [each.name for each in shut if each.mark.admits("administrator")] == []


def test_only_who_may_read_of_people_is_offered_as_a_guardian(signed_town: Any) -> None:
    from wholeplace.web.flags.forms import SealForm

    offered = {
        int(key) for key, _ in SealForm(organisation="council-children").fields["guardians"].choices
    }
    names = set(User.objects.filter(pk__in=offered).values_list("persona", flat=True))
    assert {"amira-khan", "tom-ellis", "priya-nair", "sign-children"} <= names
    assert not names & {"alex-stone", "leanne-harlow", "wen-li", "kit-lowe"}


def test_partners_answer_and_close_for_themselves_alone(signed_town: Any, client: Any) -> None:
    """An officer of another partner neither answers for it, nor closes, nor lets anybody back."""
    from tests.web.belongings import make_others

    from wholeplace.web.retention.models import ErasureRequest, PartnerAnswer
    from wholeplace.web.retention.requests import ask_person

    make_others()
    rows = signed_town.snapshot_reader.rows(
        "SELECT person_id FROM person_records WHERE person_id NOT IN (SELECT person_id FROM "
        "subject_flags WHERE value <> 'no') GROUP BY 1 HAVING bool_or(partner = 'nhs-community') AND "
        "count(DISTINCT partner) > 1 ORDER BY 1 LIMIT 1"
    )
    officer = user_of("priya-nair")
    made = ask_person(
        signed_town, str(rows[0]["person_id"]), "request", "", str(officer.pk), officer.organisation
    )
    another = next(each[0] for each in made.anchors if each[0] != "nhs-community")
    client.force_login(user_of("walk-nhs-officer"), "django.contrib.auth.backends.ModelBackend")
    address = f"/retention/erasure/{made.pk}/"
    assert client.get(address).status_code == 200
    given = {"what": "answer", "answer": "erase", "exemption": "", "version": "1"}
    client.post(f"{address}decide/", given | {"partner": another})
    client.post(f"{address}decide/", {"what": "withdrawn", "version": "1"})
    assert not PartnerAnswer.objects.exists()
    assert ErasureRequest.objects.get().state == "asked"
    client.post(f"{address}decide/", given | {"partner": "nhs-community"})
    assert PartnerAnswer.objects.get().partner == "nhs-community"
    offered = client.get("/retention/erasure/let-back/").content.decode()
    sent = {each.partner: name for name, each in signed_town.place.datasets.items()}
    assert (
        f'value="{sent["nhs-community"]}"' in offered and f'value="{sent[another]}"' not in offered
    )
    client.force_login(user_of("walk-charity-officer"), "django.contrib.auth.backends.ModelBackend")
    is_held = any(each[0] == "charity" for each in made.anchors)
    assert client.get(address).status_code == (200 if is_held else 404)


def test_an_erasure_of_somebody_sealed_a_second_ago_is_anothers(
    signed_town: Any, client: Any
) -> None:
    """The seal stated on screen counts at once: whoever holds nothing of them sees no request."""
    from wholeplace.web.gateway.statements import Saying, state_flag
    from wholeplace.web.retention.requests import ask_person

    rows = signed_town.snapshot_reader.rows(
        "SELECT person_id FROM person_records WHERE person_id NOT IN (SELECT person_id FROM "
        "subject_flags WHERE value <> 'no') GROUP BY 1 HAVING bool_or(partner = 'police') AND "
        "NOT bool_or(partner = 'council-children') ORDER BY 1 LIMIT 1"
    )
    person_id = str(rows[0]["person_id"])
    made = ask_person(signed_town, person_id, "request", "", "1", "police")
    client.force_login(user_of("priya-nair"), "django.contrib.auth.backends.ModelBackend")
    address = f"/retention/erasure/{made.pk}/"
    assert client.get(address).status_code == 200
    officer = Viewer("99", "police", "data-protection-officer")
    guardian = (str(user_of("dean-walsh").pk),)
    state_flag(
        officer, person_id, Saying("sealed", "yes", "set", why=WHY, guardians=guardian), now()
    )
    assert client.get(address).status_code == 404
    assert made.pk not in client.get("/retention/erasure/").content.decode()
