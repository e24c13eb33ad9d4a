"""An erasure request's way: asked, answered by each partner, approved by a second person.

The states are one table. Every change stands in the trail first; nobody approves their own.
"""

import datetime as dt
import secrets
from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.db import transaction

from wholeplace.foundation.errors import NotFoundError, UnsafeActionError, WholeplaceError
from wholeplace.foundation.snapshots import Snapshots
from wholeplace.pipeline.erasing import find_anchors
from wholeplace.web.chain.trail import record, subject_pseudonym
from wholeplace.web.retention.models import ErasureRequest, PartnerAnswer
from wholeplace.web.retention.wording import words_of

if TYPE_CHECKING:
    from wholeplace.web.gateway.wiring import OpenPlace

__all__ = ["TRANSITIONS", "answer", "approve", "ask_person", "ask_record", "close", "move"]

TRANSITIONS: Mapping[str, frozenset[str]] = {
    "asked": frozenset({"approved", "refused", "withdrawn"}),
    "approved": frozenset({"erasing", "withdrawn"}),
    "erasing": frozenset({"done"}),
    "done": frozenset(),
    "refused": frozenset(),
    "withdrawn": frozenset(),
}


def ask_person(
    place: "OpenPlace", person_id: str, why: str, words: str, by: str, organisation: str
) -> ErasureRequest:
    """Ask that a person be erased from what every partner sent.

    Raises:
        NotFoundError: if nothing is held of them.
    """
    anchors: set[tuple[str, str, str]] = set()
    for snapshot in Snapshots(place.data.snapshots).list():
        anchors |= set(find_anchors(snapshot, person_id))
    return _ask(place, "person", person_id, sorted(anchors), why, words, by, organisation)


def ask_record(
    place: "OpenPlace",
    dataset: str,
    source_id: str,
    why: str,
    words: str,
    by: str,
    organisation: str,
) -> ErasureRequest:
    """Ask that one record be erased: what one dataset holds under one source id.

    Raises:
        NotFoundError: if there is no such dataset.
    """
    known = place.place.datasets.get(dataset)
    if known is None:
        raise NotFoundError(
            f"There is no dataset {dataset}.",
            "The place folder does not define it.",
            "Name one of datasets/*.yaml.",
        )
    anchors = [(known.partner, dataset, source_id)]
    return _ask(place, "record", "", anchors, why, words, by, organisation)


def _ask(
    place: "OpenPlace",
    kind: str,
    person_id: str,
    anchors: list[tuple[str, str, str]],
    why: str,
    words: str,
    by: str,
    organisation: str,
) -> ErasureRequest:
    if why not in words_of("reasons"):
        raise WholeplaceError(
            "Nothing was asked.",
            "A reason is needed.",
            f"Give one of: {', '.join(words_of('reasons'))}.",
        )
    if not anchors:
        raise NotFoundError(
            "Nothing was asked.",
            "Nothing is held under that number.",
            "Copy the person number from their page; it is not their name.",
        )
    number = secrets.token_hex(6)
    subjects = [{"subject": subject_pseudonym(person_id)}] if person_id else []
    record(
        "erasure.asked",
        actor=by,
        organisation=organisation,
        request=number,
        why=why,
        scope=kind,
        subjects=subjects,
    )
    return ErasureRequest.objects.create(
        id=number,
        kind=kind,
        person_id=person_id,
        anchors=[list(each) for each in anchors],
        why=why,
        words=words[:2_000],
        state="asked",
        asked_by=by,
        asked_at=dt.datetime.now(dt.UTC),
    )


def answer(
    request_id: str,
    partner: str,
    decision: str,
    exemption: str,
    by: str,
    organisation: str,
    version: int,
) -> None:
    """Record what a partner decides of its own records: `erase`, or `keep` under an exemption."""
    if decision == "keep" and exemption not in words_of("exemptions"):
        raise WholeplaceError(
            "The answer was not recorded.",
            "Keeping needs a ground.",
            "Choose the ground on which your organisation keeps its records.",
        )
    with transaction.atomic():
        found = _locked(request_id, version)
        if found.state != "asked" or partner not in {each[0] for each in found.anchors}:
            raise _moved()
        record(
            "erasure.answered",
            actor=by,
            organisation=organisation,
            request=request_id,
            partner=partner,
            answer=decision,
            ground=exemption if decision == "keep" else "",
        )
        PartnerAnswer.objects.update_or_create(
            request=found,
            partner=partner,
            defaults={
                "answer": decision,
                "exemption": exemption if decision == "keep" else "",
                "answered_by": by,
                "answered_at": dt.datetime.now(dt.UTC),
            },
        )
        found.version += 1
        found.save(update_fields=["version"])


def approve(request_id: str, by: str, organisation: str, version: int) -> None:
    """Approve a request that every partner has answered; never one's own.

    Raises:
        UnsafeActionError: if it is the approver's own, or not every partner has answered.
    """
    with transaction.atomic():
        found = _locked(request_id, version)
        if found.asked_by == by:
            raise UnsafeActionError(
                "The request was not approved.",
                "You asked for it yourself.",
                "Let somebody else look at it.",
            )
        answers = {each.partner: each.answer for each in found.answers.all()}
        if {each[0] for each in found.anchors} - set(answers):
            raise UnsafeActionError(
                "The request was not approved.",
                "Not every partner that holds something has answered.",
                "Wait for the answers, or record them.",
            )
        if "erase" not in answers.values():
            raise UnsafeActionError(
                "The request was not approved.",
                "Every partner keeps its records.",
                "Refuse the request and tell the person why.",
            )
        move(found, "approved", by, organisation)


def close(request_id: str, state: str, by: str, organisation: str, version: int) -> None:
    """Refuse or withdraw a request; what it said of the person goes."""
    with transaction.atomic():
        found = _locked(request_id, version)
        move(found, state, by, organisation)
        found.person_id, found.anchors, found.words, found.person_ids = "", [], "", []
        found.save()


def move(found: ErasureRequest, state: str, by: str, organisation: str = "") -> None:
    """Move a request to another state, as the table lets it; the trail is told first."""
    if state not in TRANSITIONS[found.state]:
        raise _moved()
    record(f"erasure.{state}", actor=by, organisation=organisation, request=found.pk)
    found.state = state
    found.version += 1
    if state in ("approved", "refused", "withdrawn"):
        found.decided_by, found.decided_at = by, dt.datetime.now(dt.UTC)
    found.save()


def _locked(request_id: str, version: int) -> ErasureRequest:
    found = ErasureRequest.objects.select_for_update().filter(pk=request_id).first()
    if found is None or found.version != version:
        raise _moved()
    return found


def _moved() -> UnsafeActionError:
    return UnsafeActionError(
        "Nothing was changed.",
        "Somebody else has changed this request since you opened it.",
        "Look at it as it is now, then decide again.",
    )
