"""Taking people out of every table of the database, found by the tables' own columns.

By convention a table about a resident has a column `person_id` (or one that ends so), or the
pair `dataset` and `source_id`. Whatever app a table belongs to, its rows about whoever is erased
go, with what hangs on them. A model that must keep a row without the person states a class
method `erase_people(person_ids, anchors)` and does it itself. Every other model must be declared
to be about nobody; `tests/web/retention` holds that each is one or the other.
"""

from collections.abc import Collection, Iterable
from typing import Any

from django.apps import apps
from django.db import models, transaction

from wholeplace.foundation.deletions import Anchor, Deletions
from wholeplace.web.retention.models import ErasureRequest

__all__ = [
    "IMPERSONAL",
    "PERSON",
    "find_left",
    "models_about_people",
    "sweep_database",
    "sweep_erased",
]

PERSON = "person id"
"""Stands for the dataset where the ledger holds the digest of a person's id."""

IMPERSONAL = frozenset(
    {
        "accounts.Confirmation",
        "accounts.Failure",
        "accounts.Invitation",
        "accounts.LogoutToken",
        "accounts.ProviderLink",
        "accounts.RecoveryCode",
        "accounts.ResetLink",
        "accounts.SecondStep",
        "accounts.SignIn",
        "accounts.User",
        "agreements.Comment",
        "agreements.Draft",
        "agreements.DraftVersion",
        "agreements.Readiness",
        "asks.Ask",
        "asks.AskStep",
        "audit.ClauseUseDay",
        "audit.FoldedTo",
        "audit.RefusalDay",
        "auth.Group",
        "auth.Group_permissions",
        "auth.Permission",
        "chain.Entry",
        "commissioning.Contract",
        "commissioning.ContractStep",
        "commissioning.Payment",
        "contenttypes.ContentType",
        "culture.PulseAction",
        "culture.PulseCount",
        "culture.PulseMark",
        "culture.PulseRound",
        "directory.CapacityChange",
        "directory.DuplicatePair",
        "directory.FeedImport",
        "directory.ServiceCapacity",
        "directory.SourceService",
        "exports.ExportRequest",
        "exports.ExportStep",
        "gateway.AlertsRead",
        "gateway.CaseloadSource",
        "gateway.Notice",
        "gateway.RecordedSignOff",
        "gateway.RecordedSuspension",
        "gateway.RecordedTermination",
        "hubs.HubChoice",
        "hubs.HubPresence",
        "hubs.RotaChange",
        "hubs.RotaSeries",
        "linkage.MatchAnswer",
        "linkage.MatchReview",
        "linkage.MatchSample",
        "money.BudgetReturn",
        "money.BusinessCase",
        "money.InvestmentDeal",
        "money.MoneyStep",
        "money.PoolEntry",
        "money.PoolLine",
        "money.SignedDeal",
        "outcomes.AuditSample",
        "outcomes.Claim",
        "outcomes.ClaimStep",
        "outcomes.Family",
        "outcomes.KeptFramework",
        "outcomes.SentReturn",
        "people_pages.Search",
        "residents.CodeAttempt",
        "retention.PartnerAnswer",
        "sessions.Session",
        "teams.Attendance",
        "teams.CaseMember",
        "teams.MailChoice",
        "teams.MailSent",
        "teams.Meeting",
        "teams.MeetingSeries",
        "teams.ReferralLink",
        "teams.SeriesMember",
    }
)
"""Models that hold nothing about any resident, or nothing once those that name them are swept.

The trail's entries hold pseudonyms alone. A family on a programme and its claims are a number and
money without their members, and what was found out of them goes with the first member erased.
"""

_OWN = "retention.ErasureRequest"


def models_about_people() -> list[type[models.Model]]:
    """Return every model about residents, whichever app it belongs to, but the trail's keys."""
    return [
        each
        for each in apps.get_models(include_auto_created=True)
        if each._meta.label != "chain.SubjectKey"
        and (_person_columns(each) or _has_anchor(each) or hasattr(each, "erase_people"))
    ]


def sweep_database(
    person_ids: Collection[str], anchors: Collection[Anchor], *, but: str = ""
) -> dict[str, int]:
    """Delete every row about these people or anchors; return rows gone by table.

    Args:
        person_ids: people of whom nothing is kept.
        anchors: datasets and source ids.
        but: id of the erasure request that is being carried out, which stays until its end.
    """
    gone: dict[str, int] = {}
    with transaction.atomic():
        for model in models_about_people():
            if hasattr(model, "erase_people"):
                counted = int(model.erase_people(person_ids, anchors) or 0)
            else:
                found = _about(model, person_ids, anchors)
                if model._meta.label == _OWN:
                    found = found.exclude(pk=but)
                counted = found.count()
                found.delete()
            if counted:
                gone[model._meta.label] = counted
    return gone


def find_left(deletions: Deletions) -> dict[str, int]:
    """Return rows of the database that are about somebody erased, by table; nothing is best."""
    erased = deletions.erased()
    left: dict[str, int] = {}
    if not erased:
        return left
    for model in [*models_about_people(), apps.get_model("chain", "SubjectKey")]:
        persons, anchors = erased_in(model, deletions)
        if persons or anchors:
            left[model._meta.label] = len(persons) + len(anchors)
    return left


def sweep_erased(deletions: Deletions) -> dict[str, int]:
    """Delete every row about anybody whom the deletions ledger names, as after a restore."""
    from wholeplace.web.chain.trail import destroy_subject_key

    persons: set[str] = set()
    anchors: set[Anchor] = set()
    for model in [*models_about_people(), apps.get_model("chain", "SubjectKey")]:
        found = erased_in(model, deletions)
        persons |= found[0]
        anchors |= found[1]
    gone = sweep_database(persons, anchors)
    for request in ErasureRequest.objects.exclude(anchors=[]):
        # A request that is put back with a backup still says whom it was about.
        if any(deletions.digest(*each[1:]) in deletions.erased() for each in request.anchors):
            request.delete()
            gone[_OWN] = gone.get(_OWN, 0) + 1
    keys = sum(destroy_subject_key(each) for each in sorted(persons))
    return gone | ({"chain.SubjectKey": keys} if keys else {})


def erased_in(
    model: type[models.Model], deletions: Deletions
) -> tuple[frozenset[str], frozenset[Anchor]]:
    """Return the people and anchors in a table that the deletions ledger names."""
    erased = deletions.erased()
    persons = {
        str(value)
        for column in _person_columns(model)
        for value in _manager(model).values_list(column, flat=True).distinct()
        if value and deletions.digest(PERSON, str(value)) in erased
    }
    pairs: Iterable[Any] = (
        _manager(model).values_list("dataset", "source_id").distinct() if _has_anchor(model) else ()
    )
    anchors = {(d, s) for d, s in pairs if deletions.digest(str(d), str(s)) in erased}
    return frozenset(persons), frozenset(anchors)


def _about(
    model: type[models.Model], person_ids: Collection[str], anchors: Collection[Anchor]
) -> "models.QuerySet[Any]":
    wanted = models.Q(pk__in=[])
    for column in _person_columns(model):
        wanted |= models.Q(**{f"{column}__in": list(person_ids)})
    if _has_anchor(model):
        for dataset, source_id in anchors:
            wanted |= models.Q(dataset=dataset, source_id=source_id)
    found: models.QuerySet[Any] = _manager(model).filter(wanted)
    return found


def _manager(model: type[models.Model]) -> Any:
    return model._base_manager


def _columns(model: type[models.Model]) -> set[str]:
    return {field.attname for field in model._meta.concrete_fields}


def _person_columns(model: type[models.Model]) -> list[str]:
    return sorted(
        name for name in _columns(model) if name == "person_id" or name.endswith("_person_id")
    )


def _has_anchor(model: type[models.Model]) -> bool:
    return {"dataset", "source_id"} <= _columns(model)
