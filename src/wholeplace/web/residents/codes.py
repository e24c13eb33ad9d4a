"""One-time codes: somebody checked in person who a resident is, and handed them a way in.

Neither the code nor the date of birth is kept: keyed hashes stand for both, and that of the date
is made with the code, so that it cannot be tried out without it. What fails, fails alike.
"""

import datetime as dt
import hashlib
import hmac
import secrets

from django.conf import settings
from django.db import transaction
from django.db.models import F

from wholeplace.agreements import Viewer
from wholeplace.foundation.errors import UnsafeActionError
from wholeplace.people.earlier_ids import read_anchors
from wholeplace.people.facts import Facts
from wholeplace.people.fitting import do_facts_fit
from wholeplace.people.read import read_subjects
from wholeplace.web.chain.trail import record, subject_pseudonym
from wholeplace.web.gateway.wiring import current_place
from wholeplace.web.residents.limits import limits
from wholeplace.web.residents.models import AccessCode, Anchor, CodeAttempt

__all__ = [
    "HOW_CHECKED",
    "close_codes",
    "close_codes_of",
    "count_try",
    "give_code",
    "use_code",
]

HOW_CHECKED = {
    "photo": "A passport, driving licence or other card with a photograph",
    "papers": "Two letters or papers with their name and address",
    "known": "I have known them in person for my work",
}
_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
_WINDOW = dt.timedelta(minutes=15)
_KEPT = dt.timedelta(days=1)


def give_code(
    viewer: Viewer, person_id: str, facts: Facts, how: str, at: dt.datetime
) -> tuple[str, AccessCode]:
    """Make a code for a person whose identity was checked; earlier ones end. Return it, once.

    Args:
        viewer: who checked.
        person_id: whose record it opens.
        facts: name and date of birth, as on the papers that were shown.
        how: one of `HOW_CHECKED`.
        at: UTC instant.

    Raises:
        UnsafeActionError: if the facts do not fit the record, there is no such person, or nobody
            may learn of them; which of these is not told.
    """
    reader = current_place().snapshot_reader
    subject = read_subjects(reader, [person_id])[person_id]
    is_right = how in HOW_CHECKED and do_facts_fit(reader, person_id, facts)
    if not is_right or facts.birth_date is None or subject.value_of("sealed") != "no":
        raise UnsafeActionError(
            "No code was made.",
            "The name and date of birth do not fit this record.",
            "Check that it is the right record, and that both are as on the papers.",
        )
    code = "".join(secrets.choice(_LETTERS) for _ in range(limits().code_letters))
    record(
        "my-record.code-given", actor=viewer.user_id, organisation=viewer.organisation,
        role=viewer.role, how=how, subjects=[{"subject": subject_pseudonym(person_id)}],
    )  # fmt: skip
    with transaction.atomic():
        close_codes(person_id, at, only_unused=True)
        made = AccessCode.objects.create(
            person_id=person_id, code_hash=_keyed("code", code),
            birth_hash=_keyed("birth", code, facts.birth_date.isoformat()), how=how,
            given_by=viewer.user_id, organisation=viewer.organisation, given_at=at,
            expires_at=at + dt.timedelta(hours=limits().code_hours),
        )  # fmt: skip
        Anchor.objects.bulk_create(
            Anchor(code=made, dataset=dataset, source_id=source_id)
            for dataset, source_id in read_anchors(reader, person_id)
        )
    return f"{code[:5]}-{code[5:]}", made


def use_code(typed: str, born_on: dt.date, at: dt.datetime) -> AccessCode | None:
    """Use a code up; None where it does not work, for whatever reason."""
    code = "".join(each for each in typed.upper() if each in _LETTERS)
    found = AccessCode.objects.filter(code_hash=_keyed("code", code)).first()
    if found is None or not _is_live(found, at):
        return None
    if not hmac.compare_digest(found.birth_hash, _keyed("birth", code, born_on.isoformat())):
        AccessCode.objects.filter(pk=found.pk).update(wrong=F("wrong") + 1)
        record(
            "my-record.code-refused", actor="", organisation="",
            subjects=[{"subject": subject_pseudonym(found.person_id)}],
        )  # fmt: skip
        return None
    # Two who type it at the same moment: one of them alone gets in.
    live = AccessCode.objects.filter(pk=found.pk, used_at=None, closed_at=None)
    if live.filter(wrong__lt=limits().wrong_birth_dates).update(used_at=at) != 1:
        return None
    found.refresh_from_db()
    return found


def close_codes(person_id: str, at: dt.datetime, *, only_unused: bool = False) -> int:
    """End a person's codes, and with them the accounts that they opened. Return how many."""
    found = AccessCode.objects.filter(person_id=person_id, closed_at=None)
    if only_unused:
        found = found.filter(used_at=None)
    return found.update(closed_at=at)


def close_codes_of(user_id: str, at: dt.datetime) -> int:
    """End the unused codes that somebody gave whose access ends, and an account of their own.

    Whoever leaves might have kept a code for themselves. An account that a resident opened with
    theirs stays: who they are was checked. Return how many ended.
    """
    given = AccessCode.objects.filter(given_by=user_id, used_at=None, closed_at=None)
    opened = AccessCode.objects.filter(user_id=user_id, closed_at=None)
    return given.update(closed_at=at) + opened.update(closed_at=at)


def count_try(address: str, at: dt.datetime) -> bool:
    """Count one try from an address; False where there were too many in the last quarter hour."""
    name = _keyed("address", address)
    CodeAttempt.objects.filter(at__lt=at - _KEPT).delete()
    recent = CodeAttempt.objects.filter(address_hash=name, at__gt=at - _WINDOW).count()
    if recent >= limits().tries_per_quarter_hour:
        return False
    CodeAttempt.objects.create(address_hash=name, at=at)
    return True


def _is_live(code: AccessCode, at: dt.datetime) -> bool:
    is_open = code.used_at is None and code.closed_at is None and at < code.expires_at
    return is_open and code.wrong < limits().wrong_birth_dates


def _keyed(*parts: str) -> str:
    key = hashlib.sha256(f"residents:{settings.SECRET_KEY}".encode()).digest()
    return hmac.new(key, "\x1f".join(parts).encode(), hashlib.sha256).hexdigest()
