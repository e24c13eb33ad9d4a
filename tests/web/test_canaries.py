"""Nobody sees what no agreement in force allows: canaries in every field, every route, everyone.

The levels are worked out here from the agreements' text alone, by the plain reference that the
laws of decisions use, and never by asking the code that is being tested.
"""

import datetime as dt
import json
import logging
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver, get_resolver
from tests.agreements.reference import clause_covers
from tests.web.canary import Canaries, Secret, plant

from wholeplace.agreements import Agreement, Flag, Level, Reason, Request, Subject, Viewer
from wholeplace.agreements.figures import figures
from wholeplace.agreements.texts.reading import read_agreement

pytestmark = pytest.mark.django_db(transaction=True)

PRACTITIONERS = {"practitioner", "lead-practitioner", "coordinator"}
PEOPLE_LOOKED_AT = 5


@dataclass(frozen=True)
class Aviary:
    """A town full of canaries, opened in this process."""

    place: Any
    canaries: Canaries
    people: tuple[str, ...]
    agreements: tuple[Agreement, ...]


@pytest.fixture(scope="module")
def planted(town: Any, tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, Canaries]:
    from tests.web.town import Town, copy_deletions_key

    copy = Town(tmp_path_factory.mktemp("aviary"))
    shutil.copytree(town.place, copy.place)
    skipped = shutil.ignore_patterns("database", "keys")
    shutil.copytree(town.data, copy.data, symlinks=True, ignore=skipped)
    copy_deletions_key(town, copy)
    return copy, plant(copy.data / "snapshots" / "current")


@pytest.fixture
def aviary(db: None, planted: tuple[Any, Canaries], settings: Any) -> Iterator[Aviary]:
    from tests.web.town import open_town

    from wholeplace.web.site.demonstration import make_examples

    copy, canaries = planted
    place = open_town(copy)
    make_examples(place)
    reader = place.snapshot_reader
    known = reader.rows(
        "SELECT person_id FROM timeline GROUP BY person_id "
        "ORDER BY count(DISTINCT partner) DESC, person_id"
    )
    flagged = reader.rows(
        "SELECT DISTINCT person_id FROM subject_flags "
        "WHERE flag IN ('sealed', 'restricted') AND value = 'yes' ORDER BY person_id LIMIT 6"
    )
    everybody = [row["person_id"] for row in [*flagged, *known]]
    texts = place.place.agreement_texts
    yield Aviary(
        place,
        canaries,
        tuple(dict.fromkeys(everybody))[: PEOPLE_LOOKED_AT + len(flagged)],
        tuple(read_agreement(each.mapping, each.file) for each in texts),
    )


def level_of(aviary: Aviary, viewer: Viewer, purpose: str, subject: Subject, secret: Secret,
             at: dt.datetime, has_reason: bool, reason: Reason | None = None) -> Level:  # fmt: skip
    """Return what the agreements' text lets a viewer see of a field, by the prose alone."""
    stated = [flag for flag in subject.flags if flag.value != "no"]
    if any(flag.flag == "sealed" for flag in stated):
        return Level.NOTHING
    if any(flag.flag == "objection" and flag.purpose in ("", purpose) for flag in stated):
        return Level.NOTHING
    request = Request(viewer, purpose, reason, at, subject)
    level = Level.NOTHING
    for agreement in aviary.agreements:
        if not agreement.starts_on <= at.date() <= agreement.ends_on:
            continue
        for clause in agreement.clauses:
            if clause_covers(agreement, clause, request, secret.partner, secret.field):
                level = max(level, clause.level)
    if viewer.organisation == secret.partner and purpose in figures().own_data.get(viewer.role, ()):
        level = Level.DETAIL
    if not has_reason or any(flag.flag == "restricted" for flag in stated):
        level = min(level, Level.EXISTENCE)
    return level


def subject_of(aviary: Aviary, person_id: str) -> Subject:
    rows = aviary.place.snapshot_reader.rows(
        "SELECT flag, purpose, value, partner FROM subject_flags WHERE person_id = $person_id",
        {"person_id": person_id},
    )
    flags = (Flag(row["flag"], row["value"], row["purpose"], row["partner"]) for row in rows)
    counted = aviary.place.snapshot_reader.rows(
        "SELECT factors FROM person_factors WHERE person_id = $person_id", {"person_id": person_id}
    )
    factors = counted[0]["factors"] if counted else None
    return Subject(person_id, "", tuple(flags), factors=factors)


def routes() -> Iterator[tuple[str, URLPattern]]:
    """Every route of the site, with an address to try it at."""

    def walk(resolver: URLResolver, prefix: str) -> Iterator[tuple[str, URLPattern]]:
        for each in resolver.url_patterns:
            path = prefix + str(each.pattern)
            if isinstance(each, URLResolver):
                yield from walk(each, path)
            else:
                yield "/" + path, each

    yield from walk(get_resolver(), "")


def fill(aviary: Aviary, path: str, person_id: str) -> str:
    for pattern, value in examples_of(aviary, person_id).items():
        path = path.replace(pattern, value)
    return path


def examples_of(aviary: Aviary, person_id: str) -> dict[str, str]:
    """Return what stands for each argument of an address, such as `<slug:case_id>`."""
    dataset, mark = faulty_file(aviary)
    return {
        "<str:person_id>": person_id,
        "<slug:agreement_id>": "whole-family-support",
        "<slug:dpia_ref>": "DPIA-LB-002",
        "<slug:draft_id>": "damp-homes-and-asthma",
        "<int:place>": "0",
        "<str:confirmation>": "no-such-confirmation",
        "<slug:dataset>": dataset,
        "<slug:organisation>": "police",
        "<str:mark>": mark,
        "<str:secret>": "no-such-secret",
        "<slug:ref>": "no-such-statement",
        "<int:user_id>": "1",
        "<slug:report_id>": "needs-by-area",
        "<slug:source>": "police-beats",
        "<slug:target>": "wards",
        "<slug:areas>": "wards",
        "<str:code>": "LBW01",
        "<slug:export_id>": "no-such-export",
        "<int:notice_id>": "1",
        "<str:reason_id>": "no-such-reason",
        "<str:ask_id>": "no-such-ask",
        "<str:request_id>": "no-such-request",
        "<int:request_id>": "1",
        "<int:mark_id>": "1",
        "<slug:provider>": "no-such-provider",
        "<str:erasure_id>": "no-such-request",
        "<str:service_id>": "no-such-service",
        "<path:thing_id>": "no-such-thing",
        "<path:rest>": "nothing",
        "<slug:topic_id>": "housing",
        "<int:pair_id>": "1",
        "<slug:site_id>": "weaver-hall",
        "<slug:rota_id>": "no-such-series",
        "<int:change_id>": "1",
        "<slug:handover_id>": "no-such-handover",
        "<slug:choice_id>": "no-such-choice",
        "<str:pair>": "no-such-pair",
        "<slug:fund_id>": "keyworker-grant",
        "<slug:pool_id>": "family-pool",
        "<slug:cost_id>": "cr2-0",
        "<slug:business_case_id>": made_of("case"),
        "<slug:deal_id>": made_of("deal"),
        "<int:entry_number>": "1",
        "<slug:renewal_fund>": "larkbridge-renewal",
        "<slug:board_id>": "swanhall",
        "<slug:place_ask>": "no-such-ask",
        "<slug:public_ask>": "no-such-ask",
        "<slug:family_ref>": "no-such-family",
        "<slug:claim_id>": "no-such-claim",
        "<slug:return_id>": "no-such-return",
        "<slug:contract_id>": "no-such-contract",
        **work_of(),
    }


def made_of(kind: str) -> str:
    """Return the case or the agreement that the examples made."""
    from wholeplace.web.money.models import BusinessCase, InvestmentDeal

    model = BusinessCase if kind == "case" else InvestmentDeal
    return str(model.objects.order_by("made_at").values_list("pk", flat=True)[0])


def work_of() -> dict[str, str]:
    """Return ids of a referral, a case and an action of the examples, for their addresses."""
    from wholeplace.web.teams.models import (
        Action,
        AgendaItem,
        Case,
        FamilyWord,
        Goal,
        Meeting,
        MeetingSeries,
        Referral,
        ReferralPerson,
    )

    def one(model: Any) -> str:
        return str(model.objects.order_by("pk").values_list("pk", flat=True).first() or 1)

    return {
        "<slug:referral_id>": one(Referral),
        "<slug:case_id>": one(Case),
        "<slug:action_id>": one(Action),
        "<slug:word>": f"{one(Case)}-{one(FamilyWord)}",
        "<int:goal_id>": one(Goal),
        "<int:word_id>": one(FamilyWord),
        "<int:row>": one(ReferralPerson),
        "<int:joining_id>": "1",
        "<int:link_id>": "1",
        "<slug:meeting_id>": one(Meeting),
        "<slug:series_id>": one(MeetingSeries),
        "<int:item_id>": one(AgendaItem),
    }


def faulty_file(aviary: Aviary) -> tuple[str, str]:
    """Return the dataset and the mark of a file with rows in quarantine."""
    from wholeplace.intake.report import read_report

    faulty = [each for each in read_report(aviary.place.data).files if each.rejected]
    file = max(faulty, key=lambda each: (each.rejected, each.file))
    return file.dataset, file.quarantine.removesuffix(".parquet")


def everyone() -> list[Any]:
    from wholeplace.web.accounts.models import User

    people = list(User.objects.exclude(persona="").order_by("persona"))
    # Every signatory sees alike; one of them stands for all.
    signing = [user for user in people if user.roles == ["signatory"]]
    return [user for user in people if user not in signing[1:]]


def one_for_each_set_of_roles() -> list[Any]:
    """One of those who hold the same roles: what they see alike is seen once."""
    return list({tuple(user.roles): user for user in reversed(everyone())}.values())


# Every route: some thousands of pages, more with every app. The ordinary run walks every door with
# canaries in `test_canary_flows.py`, as three personas.
@pytest.mark.timeout(1_200)
@pytest.mark.parametrize(
    "people",
    [
        pytest.param(one_for_each_set_of_roles, marks=pytest.mark.heavy),
        pytest.param(everyone, marks=pytest.mark.heavy),
    ],
    ids=["each-role", "everyone"],
)
def test_no_route_shows_a_canary_without_a_reason(
    aviary: Aviary,
    client: Any,
    caplog: pytest.LogCaptureFixture,
    people: Callable[[], list[Any]],
) -> None:
    caplog.set_level(logging.DEBUG)
    tried, has_opened_quarantine = 0, False
    for user in [None, *people()]:
        if user:
            client.force_login(user, "django.contrib.auth.backends.ModelBackend")
        for path, _ in routes():
            for person_id in (aviary.people[0], aviary.people[-1], "no-such-person"):
                response = client.get(fill(aviary, path, person_id))
                has_opened_quarantine |= "<str:mark>" in path and response.status_code == 200
                body = response.content.decode("utf-8", "replace") + str(response.headers)
                assert not aviary.canaries.found_in(body), f"{user} at {path}"
                tried += 1
                if "<str:person_id>" not in path:
                    break
    assert tried > 300
    assert has_opened_quarantine
    assert not aviary.canaries.found_in(caplog.text)


def test_a_person_page_shows_no_canary_above_the_level_decided(
    aviary: Aviary, client: Any, caplog: pytest.LogCaptureFixture
) -> None:
    from wholeplace.web.chain.models import Entry
    from wholeplace.web.chain.trail import subject_pseudonym
    from wholeplace.web.gateway.reasons import open_reason
    from wholeplace.web.people.access import purposes_for

    caplog.set_level(logging.DEBUG)
    shown = hidden_pages = 0
    for user in everyone():
        role = next((role for role in user.roles if role in PRACTITIONERS), None)
        client.force_login(user, "django.contrib.auth.backends.ModelBackend")
        if role is None:
            answer = client.get(f"/people/{aviary.people[0]}/")
            assert answer.status_code in (403, 404)
            continue
        client.post("/account/role/", {"role": role})
        viewer = Viewer(str(user.pk), user.organisation, role)
        rules = aviary.place.rules(aviary.place.today)
        offered = [purpose for purpose, _ in purposes_for(rules, viewer)]
        for person_id in aviary.people:
            for purpose in offered:
                at = dt.datetime.now(dt.UTC)
                open_reason(viewer, person_id, purpose, "A duty call that a test makes", at)
                response = client.get(f"/people/{person_id}/?for={purpose}", follow=True)
                body = response.content.decode()
                found = aviary.canaries.found_in(body)
                hidden_pages += not found
                shown += len(found)
                check_each(aviary, viewer, purpose, person_id, found, at)
                if found:
                    seen = Entry.objects.order_by("-position")[0].event
                    check_audited(aviary, seen, found, subject_pseudonym)
    assert shown > 1000, "canaries are seen where agreements allow, or this test proves nothing"
    assert hidden_pages > 0
    assert not aviary.canaries.found_in(caplog.text)
    trail = "".join(str(entry.event) for entry in Entry.objects.all())
    assert not aviary.canaries.found_in(trail)


def check_each(aviary: Aviary, viewer: Viewer, purpose: str, person_id: str,
               found: set[str], at: dt.datetime) -> None:  # fmt: skip
    """Every canary seen may be seen at detail by this viewer, for this purpose and reason."""
    about = subject_of(aviary, person_id)
    for text in found:
        levels = []
        for secret in aviary.canaries.secrets[text]:
            own = subject_of(aviary, secret.person_id)
            has_reason = secret.person_id == person_id or has_opened(
                viewer, secret.person_id, purpose, at
            )
            level = level_of(aviary, viewer, purpose, own, secret, at, has_reason)
            if secret.person_id != person_id:
                # Where a housemate lives tells where this person lives.
                level = min(level, Level.DETAIL)
                if secret.field == "contact.address":
                    level = min(level, level_of(aviary, viewer, purpose, about, secret, at, True))
            levels.append((secret.field, level))
        assert any(level == Level.DETAIL for _, level in levels), (
            f"{viewer.organisation}/{viewer.role} for {purpose} sees {levels}"
        )


def has_opened(viewer: Viewer, person_id: str, purpose: str, at: dt.datetime) -> bool:
    from wholeplace.web.gateway.reasons import live_reason_for

    reason: Reason | None = live_reason_for(viewer, person_id, at, purpose)
    return reason is not None and person_id in reason.person_ids


def check_audited(aviary: Aviary, event: dict[str, Any], found: set[str], name: Any) -> None:
    """Every field shown at detail stands in the page's audit event at detail."""
    assert event["kind"] == "sight" and event["page"] == "person"
    written = {each["subject"]: each["seen"] for each in event["subjects"]}
    for text in found:
        assert any(
            "detail"
            in written.get(name(secret.person_id), {}).get(secret.partner, {}).get(secret.field, {})
            for secret in aviary.canaries.secrets[text]
        )


def test_no_search_confirms_what_the_searcher_could_not_see(aviary: Aviary, client: Any) -> None:
    """Two facts that one partner alone holds, and a third of one that is hidden."""
    from wholeplace.web.people.access import purposes_for

    confirmed = unconfirmed = compared = 0
    for user in everyone():
        role = next((role for role in user.roles if role in PRACTITIONERS), None)
        if role is None:
            continue
        client.force_login(user, "django.contrib.auth.backends.ModelBackend")
        client.post("/account/role/", {"role": role})
        viewer = Viewer(str(user.pk), user.organisation, role)
        (purpose, _), *_ = purposes_for(aviary.place.rules(aviary.place.today), viewer)
        for person_id in (aviary.people[0], *aviary.people[-3:]):
            known = planted_facts(aviary, person_id)
            hidden = {each for each in known if not may_search(aviary, viewer, purpose, *each)}
            facts = {
                partner: {"name": known[partner, person_id, "identity.name"], "postcode": postcode}
                for (partner, _, field), postcode in known.items()
                if field == "contact.address" and (partner, person_id, "identity.name") in known
            }
            for partner, two in facts.items():
                is_hidden = any((partner, person_id, field) in hidden for field in FIELDS_TYPED)
                shown = search(client, purpose, two)
                assert (person_id in shown) is not is_hidden, f"{viewer} for {purpose}: {partner}"
                confirmed += not is_hidden
                unconfirmed += is_hidden
                others = [each for each in hidden if each[2] == "contact.email"]
                if is_hidden or not others:
                    continue
                right = search(client, purpose, {**two, "email": known[others[0]]})
                assert right == search(client, purpose, {**two, "email": "Cnrynobody"})
                compared += 1
    assert confirmed > 10 and unconfirmed > 10 and compared > 0, (confirmed, unconfirmed, compared)


FIELDS_TYPED = ("identity.name", "contact.address")


def planted_facts(aviary: Aviary, person_id: str) -> dict[tuple[str, str, str], str]:
    """Return (partner, person, field) to one planted name, postcode or email of a person's."""
    columns = {"identity.name": "family_name", "contact.address": "postcode", "contact.email": "email"}  # fmt: skip
    found: dict[tuple[str, str, str], str] = {}
    for row in aviary.place.snapshot_reader.rows(
        "SELECT partner, field, value FROM person_identity WHERE person_id = $id ORDER BY ALL",
        {"id": person_id},
    ):
        value = json.loads(row["value"]).get(columns.get(row["field"], ""))
        if value:
            found.setdefault((row["partner"], person_id, row["field"]), value)
    return found


def may_search(aviary: Aviary, viewer: Viewer, purpose: str, partner: str, person_id: str, field: str) -> bool:  # fmt: skip
    """Whether the agreements' text would give a summary, once a reason is given."""
    own = subject_of(aviary, person_id)
    flags = tuple(each for each in own.flags if each.flag != "restricted")
    free = Subject(person_id, "", flags, factors=own.factors)
    secret, at = Secret(person_id, partner, field), dt.datetime.now(dt.UTC)
    return level_of(aviary, viewer, purpose, free, secret, at, True) >= Level.SUMMARY


def search(client: Any, purpose: str, facts: dict[str, str]) -> str:
    """Return the answer to a search, without the form that repeats what was typed."""
    from wholeplace.web.people.models import Search

    Search.objects.all().delete()
    response = client.post("/people/", {**facts, "purpose": purpose})
    assert response.status_code == 200
    answer: str = response.content.decode().split('id="results"')[1].split("</section>")[0]
    return answer


def test_the_canaries_sing_when_the_gateway_is_opened_too_wide(
    aviary: Aviary, client: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control: with the cut taken out, the same check fails."""
    from wholeplace.agreements import cut, gateway
    from wholeplace.web.accounts.models import User
    from wholeplace.web.gateway.reasons import open_reason

    monkeypatch.setattr(
        gateway, "cut_down", lambda term, level, value: cut.cut_down(term, Level.DETAIL, value)
    )
    user = User.objects.get(persona="dean-walsh")
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    viewer = Viewer(str(user.pk), user.organisation, "practitioner")
    wrong = 0
    for person_id in aviary.people:
        at = dt.datetime.now(dt.UTC)
        open_reason(viewer, person_id, "whole-family-support", "A duty call in a test", at)
        response = client.get(f"/people/{person_id}/?for=whole-family-support", follow=True)
        found = aviary.canaries.found_in(response.content.decode())
        try:
            check_each(aviary, viewer, "whole-family-support", person_id, found, at)
        except AssertionError:
            wrong += 1
    assert wrong > 0
