"""Real things of real people, made through the real functions: what a walk asks for by its id."""

import datetime as dt
from typing import Any

from django.apps import apps
from django.db import connection

from wholeplace.agreements import Viewer
from wholeplace.web.accounts.models import SignIn, User

NOBODY = "p000000000000000"
WHY = "A neighbour rang: a child is crying alone behind a locked door, and nobody answers."

# People whom the cast has no second of: an administrator, an analyst and others elsewhere.
_OTHERS = {
    "walk-nhs-administrator": ("nhs-community", ["administrator"]),
    "walk-nhs-officer": ("nhs-community", ["data-protection-officer"]),
    "walk-charity-officer": ("charity", ["data-protection-officer"]),
    "walk-police-analyst": ("police", ["analyst"]),
    "walk-council-colleague": ("council-children", ["practitioner"]),
    "walk-council-lead": ("council-children", ["lead-practitioner"]),
    "walk-council-analyst": ("council-children", ["analyst"]),
    "walk-resident": ("", ["resident"]),
}


def make_others() -> None:
    """Make the people whom the cast lacks."""
    for persona, (organisation, roles) in _OTHERS.items():
        if not User.objects.filter(persona=persona).exists():
            User.objects.create_user(
                f"{persona}@walk.invalid", name=persona, organisation=organisation, roles=roles,
                persona=persona, job="Walker",
            )  # fmt: skip


def user_of(persona: str) -> User:
    return User.objects.get(persona=persona)


def viewer_of(persona: str) -> Viewer:
    user = user_of(persona)
    return Viewer(str(user.pk), user.organisation, user.roles[0])


def sealed_person(place: Any) -> str:
    """Return somebody whom an extract seals."""
    rows = place.snapshot_reader.rows(
        "SELECT person_id FROM subject_flags WHERE flag = 'sealed' AND value = 'yes' "
        "AND partner = 'council-children' ORDER BY person_id LIMIT 1"
    )
    return str(rows[0]["person_id"])


def make_belongings(place: Any) -> dict[str, str]:
    """Return what an address takes to the id of something real, `app:argument` or `argument`."""
    from wholeplace.intake.report import read_report
    from wholeplace.web.accounts.models import Confirmation
    from wholeplace.web.directory.models import DuplicatePair, SourceService
    from wholeplace.web.exports.models import ExportRequest
    from wholeplace.web.gateway.models import FlagStatement, Notice, OpenReason
    from wholeplace.web.linkage.access import Reviewer, visible_doubts
    from wholeplace.web.money.models import BusinessCase, InvestmentDeal
    from wholeplace.web.outcomes.models import SentReturn
    from wholeplace.web.reasons.breaking import break_glass
    from wholeplace.web.reasons.models import InformationRequest
    from wholeplace.web.residents.models import ResidentRequest, WithholdingMark
    from wholeplace.web.retention.requests import ask_person

    make_others()
    at = dt.datetime.now(dt.UTC)
    sealed = sealed_person(place)
    ask = break_glass(place, viewer_of("dean-walsh"), sealed, "safeguarding", WHY, at)
    live = InformationRequest.objects.get(state="sent")
    reason = OpenReason.objects.filter(
        kind="duty", review_state="waiting", opened_by=str(user_of("dean-walsh").pk)
    ).first()
    assert reason is not None
    consent = FlagStatement.objects.get(flag="consent")
    dean, officer = user_of("dean-walsh"), user_of("priya-nair")
    erasure = ask_person(
        place, live.person_id, "request", "By letter", str(officer.pk), officer.organisation
    )
    place_of_dean = SignIn.objects.create(
        user=dean, session_key="none", browser="A browser", began_at=at, seen_at=at
    )
    confirmation = Confirmation.objects.create(
        user=dean, token="t" * 32, session_hash="x", action="x", words="x", next_url="/", asked_at=at,
    )  # fmt: skip
    notice = Notice.objects.filter(read_at=None).first()
    assert notice is not None
    faulty = [each for each in read_report(place.data).files if each.rejected]
    file = max(faulty, key=lambda each: (each.rejected, each.file))
    mark = WithholdingMark.objects.get(state="proposed")
    pair = DuplicatePair.objects.filter(state="waiting").first()
    service = SourceService.objects.filter(why_confidential="").first()
    assert pair is not None and service is not None
    hubs = _hub_belongings(live.person_id, at)
    steward = Reviewer(viewer_of("sam-okoro"), place.rules(place.today), at)
    return hubs | {
        "person_id": live.person_id,
        "flags:person_id": consent.person_id,
        "sealed": sealed,
        "agreement_id": "whole-family-support",
        "dpia_ref": "DPIA-LB-002",
        "draft_id": "damp-homes-and-asthma",
        "agreements:place": "0",
        "accounts:place": str(place_of_dean.pk),
        "confirmation": confirmation.token,
        "dataset": file.dataset,
        "organisation": "police",
        "mark": file.quarantine.removesuffix(".parquet"),
        "secret": "no-such-secret",
        "ref": consent.ref,
        "user_id": str(dean.pk),
        "report_id": "needs-by-area",
        "source": "police-beats",
        "target": "wards",
        "areas": "wards",
        "code": "LBW01",
        "export_id": ExportRequest.objects.get().pk,
        "notice_id": str(notice.pk),
        "reason_id": reason.pk,
        "ask_id": str(getattr(ask, "pk", "")),
        "reasons:request_id": live.pk,
        "residents:request_id": str(ResidentRequest.objects.get().pk),
        "mark_id": str(mark.pk),
        "provider": "no-such-provider",
        "erasure_id": erasure.pk,
        "service_id": service.pk,
        "thing_id": service.pk,
        "topic_id": "housing",
        "rest": "nothing",
        "pair_id": str(pair.pk),
        "pair": visible_doubts(steward)[0].ref,
        "fund_id": "keyworker-grant",
        "pool_id": "family-pool",
        "cost_id": "cr2-0",
        "business_case_id": BusinessCase.objects.filter(state="draft").values_list("pk", flat=True)[
            0
        ],
        "deal_id": InvestmentDeal.objects.get().pk,
        "entry_number": "1",
        "renewal_fund": "larkbridge-renewal",
        "board_id": "swanhall",
        "place_ask": "A-0002",
        "public_ask": "A-0002",
        "family_ref": "F-0001",
        "claim_id": "C-0001",
        "return_id": str(SentReturn.objects.get().pk),
        "contract_id": "K-0003",
        **make_work(),
    }


def make_work() -> dict[str, str]:
    """Return ids of the examples of teams: a referral, a case with a plan, an action."""
    from wholeplace.web.teams.changes.links import make_link
    from wholeplace.web.teams.models import Action, Case, FamilyWord, Goal, Meeting, Referral

    at = dt.datetime.now(dt.UTC)
    link, _, _ = make_link(viewer_of("tom-ellis"), "charity", "whole-family-support", "Pat", at)
    found, case = Referral.objects.get(state="started"), Case.objects.get()
    word = FamilyWord.objects.get()
    meeting = Meeting.objects.get(state="planned")
    item = meeting.items.exclude(case_id="")[0]
    return {
        "referral_id": found.pk,
        "case_id": case.pk,
        "action_id": Action.objects.order_by("due_on", "pk")[0].pk,
        "word": f"{case.pk}-{word.pk}",
        "goal_id": str(Goal.objects.order_by("pk")[0].pk),
        "word_id": str(word.pk),
        "row": str(found.people.all()[0].pk),
        "joining_id": "1",
        "link_id": str(link.pk),
        "meeting_id": meeting.pk,
        "series_id": meeting.series_id,
        "item_id": str(item.pk),
    }


# Written by looking alone, or by the limits that count looks and tries.
_BY_LOOKING = {
    "accounts_confirmation", "accounts_failure", "accounts_signin", "audit_clauseuseday", "audit_foldedto",
    "audit_refusalday", "gateway_alertsread", "gateway_caseload", "gateway_caseloadsource",
    "people_search", "residents_codeattempt", "django_session",
}  # fmt: skip


def tables() -> list[str]:
    """Return every table but the trail's and those that looking alone writes."""
    names = {model._meta.db_table for model in apps.get_models(include_auto_created=True)}
    return sorted(name for name in names - _BY_LOOKING if not name.startswith("chain_"))


def contents() -> dict[str, str]:
    """Return a hash of everything that each table holds."""
    asked = " UNION ALL ".join(
        f"SELECT '{name}', md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) FROM {name} t"
        for name in tables()
    )
    with connection.cursor() as cursor:
        cursor.execute(asked)
        return dict(cursor.fetchall())


def changed(before: dict[str, str]) -> set[str]:
    """Return the tables that hold something else now."""
    return {name for name, hashed in contents().items() if before[name] != hashed}


def _hub_belongings(person_id: str, at: dt.datetime) -> dict[str, str]:
    """Return Amira's time at a hub, a swap that she asks for, what she handed over, and a choice."""
    from wholeplace.web.hubs.models import Handover, HubChoice, RotaChange, RotaSeries

    amira, jo = user_of("amira-khan"), user_of("jo-adeyemi")
    series = RotaSeries.objects.filter(user_id=str(amira.pk)).first()
    assert series is not None
    change = RotaChange.objects.create(
        series=series, on=at.date() + dt.timedelta(days=7), kind="swap", state="asked",
        cover=str(user_of("tom-ellis").pk),
    )  # fmt: skip
    handed = Handover.objects.create(
        id="handedoveron", person_id=person_id, site_id=series.site_id,
        purpose="whole-family-support", from_user=str(amira.pk),
        from_organisation=amira.organisation, to_user=str(jo.pk),
        to_organisation=jo.organisation, referral_id="none", made_at=at,
    )  # fmt: skip
    choice = HubChoice.objects.first()
    assert choice is not None
    return {
        "site_id": series.site_id,
        "rota_id": series.pk,
        "change_id": str(change.pk),
        "handover_id": handed.pk,
        "choice_id": choice.pk,
    }
