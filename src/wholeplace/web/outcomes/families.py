"""Families on a programme: putting one on it, and changing what was written down."""

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import connection, transaction

from wholeplace.agreements.subjects.request import Viewer
from wholeplace.foundation.errors import NotFoundError, UnsafeActionError
from wholeplace.foundation.lifecycle import check_version
from wholeplace.outcomes.claims.facts import FamilyRecord
from wholeplace.partnership.definitions import Framework
from wholeplace.web.chain.trail import record, subject_pseudonyms
from wholeplace.web.outcomes.models import Family, FamilyMember, KeptFramework

__all__ = [
    "WRITTEN",
    "change_family",
    "find_family",
    "framework_of",
    "join_programme",
    "keep_framework",
    "next_ref",
    "record_of",
]

WRITTEN = (
    "joined_on",
    "assessed_on",
    "planned_on",
    "closed_on",
    "lead",
    "expects_child",
    "progressed_to_work",
)
"""What workers write down about a family."""
_LOCK_NUMBER = 0x66616D73  # any number that nothing else in this database locks


def keep_framework(framework: Framework) -> KeptFramework:
    """Keep a framework as it is used now, once; families that join under it keep it."""
    text = framework.model_dump(mode="json")
    canonical = json.dumps(text, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    kept, _ = KeptFramework.objects.get_or_create(
        hash=digest,
        defaults={"framework": framework.id, "version": framework.version, "text": text},
    )
    return kept


def framework_of(family: Family) -> Framework:
    """Return the framework that a family joined under, with the rules of that day."""
    return Framework.model_validate(family.framework.text)


def next_ref(model: Any, letter: str, field: str = "pk") -> str:
    """Return the next number of a kind; to be called inside a transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK_NUMBER])
    last = model.objects.order_by(f"-{field}").values_list(field, flat=True).first()
    return f"{letter}-{int(last.split('-')[1]) + 1 if last else 1:04d}"


def join_programme(
    viewer: Viewer, framework: Framework, person_ids: Iterable[str], written: Mapping[str, Any]
) -> Family:
    """Put a family on a programme, under the framework as it is used today.

    Raises:
        UnsafeActionError: if it has no member or no claims can be made under the framework.
    """
    people = sorted(set(person_ids))
    if not people or framework.claims is None:
        raise UnsafeActionError(
            "The family was not put on the programme.",
            "It has no member, or the framework has no claims.",
            "Choose a family and a framework with claims.",
        )
    with transaction.atomic():
        ref = next_ref(Family, "F", "ref")
        names = subject_pseudonyms(people)
        record(
            "family.joined",
            actor=viewer.user_id,
            organisation=viewer.organisation,
            family=ref,
            framework=framework.id,
            version=framework.version,
            subjects=[{"subject": names[each]} for each in people],
        )
        family = Family(
            ref=ref, organisation=viewer.organisation, framework=keep_framework(framework)
        )
        for name in WRITTEN:
            if name in written:
                setattr(family, name, written[name])
        family.save(force_insert=True)
        FamilyMember.objects.bulk_create(
            [FamilyMember(family=family, person_id=each) for each in people]
        )
    return family


def change_family(viewer: Viewer, ref: str, version: int, written: Mapping[str, Any]) -> Family:
    """Change what was written down about a family; its claims must be checked again.

    Raises:
        NotFoundError: if it is not the viewer's organisation's.
        ChangedMeanwhileError: if somebody else changed it since.
        UnsafeActionError: if a claim of it is under way.
    """
    with transaction.atomic():
        family = find_family(viewer, ref, lock=True)
        check_version(family.version, version, ["Somebody else changed what was written down."])
        if family.claims.exclude(state__in=["refused", "withdrawn", "paid-back"]).exists():
            raise UnsafeActionError(
                "Nothing was changed.",
                "A claim rests on what was written down.",
                "Withdraw the claim first, or tell the auditor.",
            )
        changed = sorted(
            name for name in WRITTEN if name in written and getattr(family, name) != written[name]
        )
        record(
            "family.changed",
            actor=viewer.user_id,
            organisation=viewer.organisation,
            role=viewer.role,
            family=ref,
            fields=changed,
        )
        for name in changed:
            setattr(family, name, written[name])
        family.last_failed, family.last_facts, family.last_checked_at = None, "", None
        family.version += 1
        family.save()
    return family


def find_family(viewer: Viewer, ref: str, *, lock: bool = False) -> Family:
    """Return a family of the viewer's organisation.

    Raises:
        NotFoundError: if there is none; the same for another organisation's.
    """
    rows = Family.objects.select_for_update(of=("self",)) if lock else Family.objects
    found = (
        rows.select_related("framework").filter(ref=ref, organisation=viewer.organisation).first()
    )
    if found is None:
        raise NotFoundError("There is no such family.")
    return found


def record_of(family: Family) -> FamilyRecord:
    """Return what workers wrote down, as the rules read it."""
    dates: dict[str, dt.date | None] = {
        name: getattr(family, name)
        for name in ("joined_on", "assessed_on", "planned_on", "closed_on")
    }
    return FamilyRecord(
        ref=family.ref,
        members=tuple(sorted(family.members.values_list("person_id", flat=True))),
        has_lead=bool(family.lead),
        expects_child=family.expects_child,
        progressed_to_work=family.progressed_to_work,
        **dates,
    )
