"""Whose account a resident's session opens: the person to whom the checked records belong now."""

import datetime as dt
import secrets
from dataclasses import dataclass
from typing import Literal

from django.contrib.auth import login, logout
from django.http import HttpRequest

from wholeplace.people.earlier_ids import read_people_of
from wholeplace.web.accounts.models import User
from wholeplace.web.chain.trail import record, subject_pseudonym
from wholeplace.web.gateway.wiring import current_place
from wholeplace.web.residents.limits import limits
from wholeplace.web.residents.models import AccessCode, Anchor

__all__ = ["RESIDENT", "Bound", "account_for", "begin_session", "bind_code", "bound_person", "record_own"]  # fmt: skip

RESIDENT = "resident"
_BACKEND = "django.contrib.auth.backends.ModelBackend"


@dataclass(frozen=True)
class Bound:
    """What a resident's account is bound to.

    Attributes:
        person_id: whose record it is now; empty unless it is open.
        state: `open`; `unchecked` where nobody has checked who they are; `gone` where the
            records are no longer held; `doubtful` where they are no longer one person's.
    """

    person_id: str
    state: Literal["open", "unchecked", "gone", "doubtful"]


def bound_person(user_id: str) -> Bound:
    """Return whose record an account opens.

    The newest check counts. Its records may have been linked anew since: while they all belong to
    one person the account follows them, and when they part it is closed until somebody checks.
    """
    code = (
        AccessCode.objects.filter(user_id=user_id, closed_at=None)
        .exclude(used_at=None)
        .order_by("-used_at", "-id")
        .first()
    )
    if code is None or not user_id:
        return Bound("", "unchecked")
    people = _people_of(code)
    if len(people) == 1:
        return Bound(people[0], "open")
    return Bound("", "doubtful" if people else "gone")


def account_for(code: AccessCode) -> User:
    """Return the account that a used code opens: the one of an earlier check, or a new one.

    It has no password, no name and no address: a code alone leads to it.
    """
    people = _people_of(code)
    mine = list(code.anchors.values_list("dataset", "source_id"))
    shared = Anchor.objects.filter(source_id__in={each for _, each in mine}).exclude(code=code)
    earlier = AccessCode.objects.filter(
        pk__in={each.code_id for each in shared if (each.dataset, each.source_id) in mine}
    ).exclude(user_id="")
    for each in earlier.order_by("-used_at"):
        # People of the town's cast are signed in by name, and their accounts are theirs alone.
        user = User.objects.filter(pk=each.user_id, is_active=True, persona="").first()
        if user and people and _people_of(each) == people:
            return user
    return User.objects.create_user(
        f"{secrets.token_hex(12)}@resident.invalid",
        name="Resident",
        organisation="",
        roles=[RESIDENT],
    )


def bind_code(code: AccessCode, user: User) -> None:
    """Let a used code open this account."""
    AccessCode.objects.filter(pk=code.pk).update(user_id=str(user.pk))


def begin_session(request: HttpRequest, user: User, person_id: str, at: dt.datetime) -> None:
    """Sign a resident in for a short time; it stands in the trail first."""
    if request.user.is_authenticated:
        logout(request)
    record_own("my-record.signed-in", user, person_id)
    login(request, user, _BACKEND)
    # An end that no click puts off: others may come to this computer.
    request.session.set_expiry(at + dt.timedelta(minutes=limits().session_minutes))


def record_own(kind: str, user: User, person_id: str, **facts: object) -> None:
    """Write down something that a resident does in their own account."""
    record(
        kind, actor=str(user.pk), organisation="", role=RESIDENT,
        subjects=[{"subject": subject_pseudonym(person_id)}], **facts,
    )  # fmt: skip


def _people_of(code: AccessCode) -> list[str]:
    anchors = list(code.anchors.values_list("dataset", "source_id"))
    return read_people_of(current_place().snapshot_reader, anchors)
