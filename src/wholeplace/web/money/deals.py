"""Working on investment agreements: drafted from an agreed case, filled in, signed by each partner."""

import datetime as dt
from collections.abc import Mapping

from django.db import transaction

from wholeplace.agreements.subjects.request import Viewer
from wholeplace.foundation.errors import NotFoundError, UnsafeActionError
from wholeplace.foundation.lifecycle import check_version
from wholeplace.money.benefits import appraise
from wholeplace.money.investment import (
    DEAL_LIFE,
    FIELDS,
    deal_actors,
    deal_hash,
    draft_fields,
    missing_fields,
)
from wholeplace.web.gateway.wiring import OpenPlace
from wholeplace.web.money.cases import find_case, intervention_of
from wholeplace.web.money.models import InvestmentDeal, SignedDeal
from wholeplace.web.money.place_money import names_of, place_money, settings_of
from wholeplace.web.money.steps import check_words, last_words, new_id, note_step, tell

__all__ = [
    "change_deal",
    "draft_deal",
    "find_deal",
    "hash_of",
    "sign_deal",
    "signed_partners",
    "take_deal_step",
]


def find_deal(deal_id: str, *, lock: bool = False) -> InvestmentDeal:
    """Return one agreement.

    Raises:
        NotFoundError: if there is none.
    """
    rows = InvestmentDeal.objects
    found = (
        rows.select_for_update().filter(id=deal_id).first()
        if lock
        else rows.select_related("case").filter(id=deal_id).first()
    )
    if found is None:
        raise NotFoundError("There is no such agreement.")
    return found


def hash_of(deal: InvestmentDeal) -> str:
    """Return the hash of the text as it stands: what is signed."""
    return deal_hash(
        deal.fields, tuple(deal.partners), f"{deal.case_id} version {deal.case_version}"
    )


def signed_partners(deal: InvestmentDeal) -> dict[str, SignedDeal]:
    """Return the signatures under the text as it stands, by partner."""
    return {each.partner: each for each in deal.signatures.filter(text_hash=hash_of(deal))}


def draft_deal(served: OpenPlace, viewer: Viewer, case_id: str, at: dt.datetime) -> InvestmentDeal:
    """Draft an agreement from an agreed case. Whoever pays for it is to sign it.

    Raises:
        NotFoundError: if there is no such case.
        UnsafeActionError: if the case is not agreed, or nobody of the partnership pays.
    """
    case = find_case(case_id)
    if case.state != "agreed" or "writer" not in deal_actors(viewer.role, "", ()):
        raise UnsafeActionError(
            "No agreement was drafted.",
            "The case is not agreed yet, or it is not yours to draft from.",
            "Have the case agreed first.",
        )
    settings = settings_of(place_money(served))
    intervention = intervention_of(served, case)
    payers = dict.fromkeys(settings.agencies.get(each.payer, "") for each in intervention.costs)
    partners = [each for each in payers if each]
    if len(partners) < 2:
        raise UnsafeActionError(
            "No agreement was drafted.",
            "Fewer than two partners pay for it.",
            "An agreement to invest together needs two.",
        )
    fields = draft_fields(
        appraise(intervention, settings), served.place.place.name, names_of(served)
    )
    deal_id = new_id()
    tell("money.deal-drafted", viewer, deal=deal_id, case=case_id, version=case.version)
    with transaction.atomic():
        deal = InvestmentDeal.objects.create(
            id=deal_id,
            case=case,
            case_version=case.version,
            fields=fields,
            partners=partners,
            state=DEAL_LIFE.first,
            made_at=at,
        )
        note_step(deal_id, "draft", viewer, at)
    return deal


def change_deal(
    viewer: Viewer, deal_id: str, version: int, fields: Mapping[str, str], at: dt.datetime
) -> InvestmentDeal:
    """Change the words of a draft.

    Raises:
        NotFoundError: if there is no such agreement.
        ChangedMeanwhileError: if somebody else changed it since.
        UnsafeActionError: if it is no draft, or not theirs to change.
    """
    with transaction.atomic():
        deal = find_deal(deal_id, lock=True)
        check_version(deal.version, version, [last_words(deal_id)])
        if deal.state != "draft" or "writer" not in deal_actors(viewer.role, "", ()):
            raise UnsafeActionError(
                "Nothing was changed.",
                f"The agreement is “{DEAL_LIFE.states[deal.state].lower()}”, or it is not yours to change.",
                "Take it back first, if it is being signed.",
            )
        new = {
            each.id: fields.get(each.id, deal.fields.get(each.id, "")).strip() for each in FIELDS
        }
        changed = [each.label for each in FIELDS if new[each.id] != deal.fields.get(each.id, "")]
        if not changed:
            return deal
        tell("money.deal-changed", viewer, deal=deal_id, version=deal.version)
        deal.fields, deal.version = new, deal.version + 1
        deal.save(update_fields=["fields", "version"])
        note_step(deal_id, "change", viewer, at, ", ".join(changed))
    return deal


def take_deal_step(
    viewer: Viewer, deal_id: str, event: str, version: int, words: str, at: dt.datetime
) -> InvestmentDeal:
    """Offer, take back or end an agreement. Signing is `sign_deal`.

    Raises:
        NotFoundError: if there is no such agreement.
        ChangedMeanwhileError: if it changed since the viewer saw it.
        UnsafeActionError: if it is not theirs to take, fields or words are missing.
    """
    with transaction.atomic():
        deal = find_deal(deal_id, lock=True)
        actors = deal_actors(viewer.role, viewer.organisation, tuple(deal.partners))
        if event in ("sign", "complete"):
            raise NotFoundError("There is no such step.")
        target = DEAL_LIFE.take(deal.state, event, actors)
        check_version(deal.version, version, [last_words(deal_id)])
        lost = missing_fields(deal.fields)
        if event == "offer" and lost:
            raise UnsafeActionError(
                "Nothing was changed.",
                f"Not filled in: {', '.join(each.label.lower() for each in lost)}.",
                "Fill in every field; say “none” where there is nothing to say.",
            )
        step = next(
            each for each in DEAL_LIFE.steps_from(deal.state, actors) if each.event == event
        )
        said = check_words(words) if "words" in step.asks else ""
        tell(f"money.deal-{event}", viewer, deal=deal_id, hash=hash_of(deal))
        deal.state, deal.version = target, deal.version + 1
        deal.save(update_fields=["state", "version"])
        note_step(deal_id, event, viewer, at, said)
    return deal


def sign_deal(viewer: Viewer, deal_id: str, read_hash: str, at: dt.datetime) -> bool:
    """Sign the text that was read, for the viewer's organisation.

    Returns:
        True where it was the last signature, and the agreement is in force.

    Raises:
        NotFoundError: if there is no such agreement.
        UnsafeActionError: if it is not theirs to sign, or the text is another one by now.
    """
    with transaction.atomic():
        deal = find_deal(deal_id, lock=True)
        partners = tuple(deal.partners)
        DEAL_LIFE.take(deal.state, "sign", deal_actors(viewer.role, viewer.organisation, partners))
        text_hash, signed = hash_of(deal), signed_partners(deal)
        if read_hash != text_hash:
            raise UnsafeActionError(
                "It was not signed.", "The text is not the one that you read.", "Read it again."
            )
        if viewer.organisation in signed:
            raise UnsafeActionError(
                "It was not signed.",
                "Your organisation has signed this text.",
                "Nothing is left to do.",
            )
        tell("money.deal-signed", viewer, deal=deal_id, hash=text_hash)
        SignedDeal.objects.create(
            deal=deal, partner=viewer.organisation, signed_by=viewer.user_id,
            text_hash=text_hash, at=at,
        )  # fmt: skip
        note_step(deal_id, "sign", viewer, at)
        is_last = set(partners) <= {*signed, viewer.organisation}
        if is_last:
            deal.state = DEAL_LIFE.take(deal.state, "complete", {"last-signature"})
            tell("money.deal-in-force", viewer, deal=deal_id, hash=text_hash)
            note_step(deal_id, "complete", viewer, at)
        deal.version += 1
        deal.save(update_fields=["state", "version"])
    return is_last
