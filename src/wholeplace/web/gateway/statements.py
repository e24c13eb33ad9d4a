"""Stating a flag on screen: recorded in the trail first, then added to what was said before.

Nothing here asks who may do it: `web/flags` and `web/residents` do. What holds here for everybody:
a statement is only ever added; it stands in the place of those that its maker saw, and if those
are no longer what stands, it is refused and the maker is told what changed.
"""

import datetime as dt
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import connection, transaction

from wholeplace.agreements import Anchor
from wholeplace.agreements.subjects.flags import FlagKind
from wholeplace.agreements.subjects.request import Viewer
from wholeplace.foundation.errors import NotFoundError, UnsafeActionError
from wholeplace.web.chain.trail import record, subject_pseudonym
from wholeplace.web.gateway.flags import standing_about
from wholeplace.web.gateway.models import FlagAnchor, FlagStatement
from wholeplace.web.gateway.wiring import current_place

__all__ = ["FlagChangedError", "Saying", "state_flag", "withdraw_consent"]

_LOCK_NUMBER = 0x666C6167  # any number that nothing else in this database locks
_OF_THE_RESIDENT = frozenset({"consent", "objection"})


class FlagChangedError(UnsafeActionError):
    """Somebody else changed the flag meanwhile, so nothing was recorded.

    Attributes:
        standing: what stands now.
    """

    def __init__(self, standing: Sequence[FlagStatement]) -> None:
        self.standing = tuple(standing)
        super().__init__(
            "Nothing was recorded.",
            "Somebody else recorded something about this since you opened the page.",
            "Read what stands now, then decide again.",
        )


@dataclass(frozen=True)
class Saying:
    """What is said of one flag. Fields as of `FlagStatement`."""

    flag: FlagKind
    value: str
    act: str
    purpose: str = ""
    said_on: dt.date | None = None
    how: str = ""
    words: str = ""
    consenter: str = ""
    consenter_name: str = ""
    why: str = ""
    evidence: str = ""
    review_on: dt.date | None = None
    holds_until: dt.date | None = None
    guardians: tuple[str, ...] = ()


def state_flag(
    viewer: Viewer,
    person_id: str,
    saying: Saying,
    at: dt.datetime,
    *,
    replaces: Sequence[str] = (),
) -> FlagStatement:
    """Add a statement about a person; it works from the next request on.

    It is anchored to the ids that the viewer's organisation knows the person by, or to every
    partner's where it holds no record, and to those of whatever it replaces.

    Args:
        viewer: who states it, for their organisation.
        person_id: about whom.
        saying: what is said.
        at: the instant.
        replaces: refs of the statements that the maker saw standing and means to replace. What
            is the resident's to say (consent, objection) replaces all that stands for the
            purpose, and is refused unless that is what the maker saw.

    Raises:
        FlagChangedError: if something else stands by now.
        NotFoundError: if the snapshot has no such person.
        AuditUnavailableError: if it cannot be recorded; nothing was stated then.
    """
    from wholeplace.people.stated import anchors_of

    with transaction.atomic():
        # One at a time, so that numbers are committed in order and nobody replaces what is replaced.
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK_NUMBER])
        held = anchors_of(current_place().snapshot_reader, person_id)
        if not held:
            raise NotFoundError(
                "Nothing was recorded.",
                "No partner's records give such a person.",
                "Search again with what you know.",
            )
        _check_unchanged(person_id, saying, replaces)
        made = _make(viewer, person_id, saying, at, replaces)
        _record(viewer, person_id, made)
        made.save(force_insert=True)
        _anchor(viewer, made, held)
    return made


def withdraw_consent(
    viewer: Viewer, person_id: str, purpose: str, at: dt.datetime, *, why: str, how: str
) -> FlagStatement:
    """Withdraw consent to a purpose, whoever recorded it; it works from the next request on.

    Raises:
        NotFoundError, AuditUnavailableError: as `state_flag`.
    """
    standing = [each.ref for each in standing_about(person_id, "consent", purpose)]
    today = current_place().today
    saying = Saying("consent", "no", "withdrawn", purpose, said_on=today, how=how, why=why)
    return state_flag(viewer, person_id, saying, at, replaces=standing)


def _check_unchanged(person_id: str, saying: Saying, replaces: Sequence[str]) -> None:
    standing = standing_about(person_id, saying.flag, saying.purpose)
    refs, meant = {each.ref for each in standing}, set(replaces)
    is_whole = saying.flag not in _OF_THE_RESIDENT or meant == refs
    if not (meant <= refs and is_whole):
        raise FlagChangedError(standing)


def _anchor(viewer: Viewer, made: FlagStatement, held: Mapping[Anchor, str]) -> None:
    """Keep by which ids the statement finds its person again."""
    own = {anchor for anchor, partner in held.items() if partner == viewer.organisation}
    earlier = FlagAnchor.objects.filter(statement__in=made.replaces)
    chosen = {(each.dataset, each.source_id) for each in earlier if each.is_chosen}
    chosen |= {(each.dataset, each.source_id) for each in own or held}
    reached = {(each.dataset, each.source_id) for each in earlier}
    reached |= {(each.dataset, each.source_id) for each in held}
    FlagAnchor.objects.bulk_create(
        FlagAnchor(
            statement=made.ref,
            person_id=made.person_id,
            dataset=dataset,
            source_id=source_id,
            is_chosen=(dataset, source_id) in chosen,
        )
        for dataset, source_id in sorted(reached | chosen)
    )


def _make(
    viewer: Viewer, person_id: str, saying: Saying, at: dt.datetime, replaces: Sequence[str]
) -> FlagStatement:
    return FlagStatement(
        ref=secrets.token_hex(12),
        person_id=person_id,
        organisation=viewer.organisation,
        stated_by=viewer.user_id,
        role=viewer.role,
        stated_at=at,
        replaces=sorted(replaces),
        guardians=sorted(saying.guardians),
        **{
            name: getattr(saying, name)
            for name in Saying.__dataclass_fields__
            if name != "guardians"
        },
    )


def _record(viewer: Viewer, person_id: str, made: FlagStatement) -> None:
    """Write the event: which statement, never which flag, for that would tell of a seal."""
    record(
        "flag.stated",
        actor=viewer.user_id,
        organisation=viewer.organisation,
        role=viewer.role,
        statement=made.ref,
        subjects=[{"subject": subject_pseudonym(person_id)}],
    )
