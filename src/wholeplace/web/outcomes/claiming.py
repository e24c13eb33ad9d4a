"""Claims: made from a check, approved by somebody else, audited, paid back. Recorded first."""

import datetime as dt
from collections.abc import Mapping

from django.db import transaction

from wholeplace.agreements.subjects.request import Viewer
from wholeplace.foundation.errors import NotFoundError, UnsafeActionError
from wholeplace.foundation.lifecycle import check_version
from wholeplace.outcomes.claims.facts import facts_as_json
from wholeplace.outcomes.claims.life import CLAIM_LIFE, CLAIM_ROLES, claim_actors
from wholeplace.outcomes.claims.payments import result_due
from wholeplace.outcomes.claims.sampling import draw_sample, sample_size
from wholeplace.web.chain.trail import record
from wholeplace.web.gateway.wiring import OpenPlace
from wholeplace.web.outcomes.checking import check_family, keep_check
from wholeplace.web.outcomes.families import find_family, framework_of, next_ref
from wholeplace.web.outcomes.models import AuditSample, Claim, ClaimStep

__all__ = ["actors_of", "draw", "financial_year", "find_claim", "make_claim", "take_step"]

_LEAST_CHARACTERS = 10


def financial_year(day: dt.date) -> str:
    """Return the financial year of a day, such as `2025-26`."""
    first = day.year if (day.month, day.day) >= (4, 1) else day.year - 1
    return f"{first}-{(first + 1) % 100:02d}"


def make_claim(place: OpenPlace, viewer: Viewer, ref: str, at: dt.datetime) -> Claim:
    """Claim the result of a family, if its rules allow it now.

    Raises:
        UnsafeActionError: if rules fail, a claim is under way, or it is not for the viewer.
        NotFoundError: if there is no such family.
    """
    if viewer.role not in CLAIM_ROLES:
        raise UnsafeActionError("Nothing was claimed.", "It is not for you to claim.", "")
    with transaction.atomic():
        family = find_family(viewer, ref, lock=True)
        checked = check_family(place, viewer, family, at)
        keep_check(family, checked, at)
        failed = checked.judgement.failed
        if not checked.judgement.is_valid:
            raise UnsafeActionError(
                "Nothing was claimed.",
                f"{len(failed)} of its rules fail.",
                "See each below, with what to do.",
            )
        if family.claims.exclude(state__in=["refused", "withdrawn", "paid-back"]).exists():
            raise UnsafeActionError(
                "Nothing was claimed.", "A claim of this family is under way.", "Open that claim."
            )
        terms = checked.framework.claims
        assert terms is not None and family.joined_on is not None  # noqa: S101 - a valid claim has both
        earned = [each.id for each in checked.judgement.routes]
        due = result_due(terms, financial_year(family.joined_on), earned)
        claim = Claim(
            id=next_ref(Claim, "C"),
            family=family,
            organisation=viewer.organisation,
            state=CLAIM_LIFE.first,
            route=due.route,
            attachment_pence=due.attachment_pence,
            result_pence=due.result_pence,
            facts=facts_as_json(checked.facts),
            snapshot_id=place.snapshot.id,
            claimed_by=viewer.user_id,
            claimed_on=place.today,
        )
        record("claim.made", **_facts(viewer), claim=claim.id, family=ref, pence=due.whole_pence)
        claim.save(force_insert=True)
        ClaimStep.objects.create(claim=claim, event="claim", by=viewer.user_id, at=at)
    return claim


def take_step(
    viewer: Viewer,
    claim_id: str,
    event: str,
    version: int,
    given: Mapping[str, str],
    at: dt.datetime,
) -> Claim:
    """Take one step of a claim's life.

    Raises:
        NotFoundError: if there is no such claim for this viewer.
        ChangedMeanwhileError: if it changed since the viewer saw it.
        UnsafeActionError: if it is not theirs to take, or words are missing.
    """
    with transaction.atomic():
        claim = find_claim(viewer, claim_id, lock=True)
        actors = actors_of(claim, viewer)
        target = CLAIM_LIFE.take(claim.state, event, actors)
        check_version(claim.version, version, [f"It is now “{CLAIM_LIFE.states[claim.state]}”."])
        step = next(
            each for each in CLAIM_LIFE.steps_from(claim.state, actors) if each.event == event
        )
        words = " ".join(given.get("words", "").split()) if "words" in step.asks else ""
        if "words" in step.asks and len(words) < _LEAST_CHARACTERS:
            raise UnsafeActionError(
                "Nothing was changed.",
                f"Say why, in at least {_LEAST_CHARACTERS} characters.",
                "The others will read it.",
            )
        if event.startswith("find-") and not _is_drawn(claim):
            raise UnsafeActionError(
                "Nothing was changed.",
                "This claim was not drawn for audit.",
                "Draw a sample; auditors do not choose.",
            )
        record(f"claim.{event}", **_facts(viewer), claim=claim.id)
        claim.state, claim.version = target, claim.version + 1
        day = at.date()
        if event in ("approve", "refuse"):
            claim.decided_by = viewer.user_id
        if event == "pay":
            claim.paid_on = day
        if event == "pay-back":
            claim.back_on = day
        claim.save()
        ClaimStep.objects.create(claim=claim, event=event, by=viewer.user_id, at=at, words=words)
    return claim


def _is_drawn(claim: Claim) -> bool:
    return AuditSample.objects.filter(
        organisation=claim.organisation, claims__contains=[claim.id]
    ).exists()


def find_claim(viewer: Viewer, claim_id: str, *, lock: bool = False) -> Claim:
    """Return a claim of the viewer's organisation.

    Raises:
        NotFoundError: if there is none; the same for another organisation's.
    """
    rows = Claim.objects.select_for_update(of=("self",)) if lock else Claim.objects
    found = (
        rows.select_related("family", "family__framework")
        .filter(id=claim_id, organisation=viewer.organisation)
        .first()
    )
    if found is None:
        raise NotFoundError("There is no such claim.")
    return found


def actors_of(claim: Claim, viewer: Viewer) -> frozenset[str]:
    """Return what a viewer is to a claim."""
    return claim_actors(
        viewer.user_id,
        viewer.organisation,
        viewer.role,
        claimed_by=claim.claimed_by,
        of=claim.organisation,
    )


def draw(viewer: Viewer, seed: str, at: dt.datetime) -> AuditSample:
    """Draw an auditor's sample of all paid claims that were in no sample before.

    Raises:
        UnsafeActionError: if there is nothing to draw from.
    """
    with transaction.atomic():
        before = {
            each
            for sample in AuditSample.objects.filter(organisation=viewer.organisation)
            for each in sample.claims
        }
        claims = [
            each
            for each in Claim.objects.filter(organisation=viewer.organisation, state="paid")
            .select_related("family__framework")
            .order_by("id")
            if each.id not in before
        ]
        if not claims:
            raise UnsafeActionError(
                "No sample was drawn.",
                "No paid claim is left that was not drawn before.",
                "Draw again when claims have been paid.",
            )
        terms = framework_of(claims[0].family).claims
        assert terms is not None  # noqa: S101 - a claim has terms; for the type checker
        among = [each.id for each in claims]
        drawn = draw_sample(among, seed, sample_size(terms, len(among)))
        record("audit.drawn", **_facts(viewer), seed=seed, among=len(among), claims=list(drawn))
        return AuditSample.objects.create(
            seed=seed,
            organisation=viewer.organisation,
            drawn_by=viewer.user_id,
            drawn_at=at,
            among=among,
            claims=list(drawn),
        )


def _facts(viewer: Viewer) -> dict[str, str]:
    return {"actor": viewer.user_id, "organisation": viewer.organisation, "role": viewer.role}
