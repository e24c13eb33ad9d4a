"""Links by which somebody without an account sends one referral, and nothing else.

Two secrets: the link, which may travel by mail, and a code that is told by telephone. Of both
only a hash is kept. A link dies when it was used, when it is called back, when its days are over,
and after a few wrong codes. Until the right code is given it tells nothing at all.
"""

import datetime as dt
import hashlib
import secrets
from dataclasses import dataclass

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.db.models import F

from wholeplace.agreements.subjects.request import Viewer
from wholeplace.teams.figures import figures
from wholeplace.teams.referral import REFERRAL_LIFE, triage_due_at
from wholeplace.web.accounts.models import User
from wholeplace.web.chain.trail import record
from wholeplace.web.teams.changes.referring import Told, keep_step, tell_receiver
from wholeplace.web.teams.changes.taking import new_id, note_change, refuse, said
from wholeplace.web.teams.models import Referral, ReferralLink, ReferralPerson

__all__ = [
    "Typed",
    "call_back_link",
    "find_link",
    "is_right_code",
    "make_link",
    "send_by_link",
    "send_for_self",
]

# Without letters and digits that sound or look alike on the telephone.
_ALPHABET = "ACDEFHJKLMNPRTUVWXY3479"
_CODE_LENGTH = 8


@dataclass(frozen=True, repr=False)
class Typed:
    """Somebody whom a sender writes down, and who writes.

    Attributes:
        name, born_on, contact: of the person.
        sender_name, sender_job, sender_contact: of whoever writes.
    """

    name: str
    born_on: dt.date | None
    contact: str
    sender_name: str
    sender_job: str
    sender_contact: str


def make_link(
    viewer: Viewer, partner: str, purpose: str, for_whom: str, at: dt.datetime
) -> tuple[ReferralLink, str, str]:
    """Return a new link with its secret and its code, told this once.

    Raises:
        UnsafeActionError: if the partner is the viewer's own, whose people have accounts.
        AuditUnavailableError: if it cannot be recorded; no link was made then.
    """
    if partner == viewer.organisation or not said(for_whom):
        raise refuse(
            "Say who gets it, of another partner.", "Colleagues refer from a person’s page."
        )
    secret = secrets.token_urlsafe(32)
    code = "".join(secrets.choice(_ALPHABET) for _ in range(_CODE_LENGTH))
    note_change("referral.link-made", viewer, [], partner=partner, purpose=purpose)
    made = ReferralLink.objects.create(
        partner=partner, receiver=viewer.organisation, purpose=purpose,
        for_whom=said(for_whom)[:120], made_by=viewer.user_id, made_at=at,
        expires_at=at + dt.timedelta(days=figures().link_days), link_hash=_hash(secret),
        code_hash=make_password(code),
    )  # fmt: skip
    return made, secret, code


def call_back_link(viewer: Viewer, link_id: int, at: dt.datetime) -> bool:
    """Kill a link of one's own. Return whether there was a live one."""
    found = ReferralLink.objects.filter(
        pk=link_id, made_by=viewer.user_id, referral_id="", called_back_at=None
    )
    if not found.exists():
        return False
    note_change("referral.link-called-back", viewer, [], link=link_id)
    return found.update(called_back_at=at) == 1


def find_link(secret: str, at: dt.datetime) -> ReferralLink | None:
    """Return a link that may be used; None for one that never was, is used, over or locked alike."""
    return ReferralLink.objects.filter(
        link_hash=_hash(secret), referral_id="", called_back_at=None, expires_at__gt=at,
        failures__lt=figures().link_code_attempts,
    ).first()  # fmt: skip


def is_right_code(link: ReferralLink, typed: str) -> bool:
    """Return whether a code is right. Each attempt is counted before the code is looked at."""
    left = ReferralLink.objects.filter(pk=link.pk, failures__lt=figures().link_code_attempts)
    if not left.update(failures=F("failures") + 1):
        return False
    code = "".join(each for each in typed.upper() if each.isalnum())
    is_right = check_password(code, link.code_hash)
    record(
        "referral.code-given", actor="link", organisation=link.partner, link=link.pk,
        outcome="right" if is_right else "wrong",
    )  # fmt: skip
    if is_right:
        ReferralLink.objects.filter(pk=link.pk).update(failures=0)
    return is_right


def send_by_link(link: ReferralLink, told: Told, typed: Typed, at: dt.datetime) -> Referral:
    """Send the one referral of a link; the link is dead from then on.

    Raises:
        UnsafeActionError: if the link was used meanwhile, or it says too little.
        AuditUnavailableError: if it cannot be recorded; nothing was sent then.
    """
    columns = told.columns()
    with transaction.atomic():
        held = ReferralLink.objects.select_for_update().get(pk=link.pk)
        if find_again(held, at) is None:
            raise refuse("The link was used, has expired or was called back.", "Ask for a new one.")
        made = Referral(
            id=new_id(), how="link", sender=held.partner, state="sent", made_at=at, sent_at=at,
            due_at=triage_due_at(told.urgency, at), sender_name=said(typed.sender_name)[:120],
            sender_job=said(typed.sender_job)[:120],
            sender_contact=said(typed.sender_contact)[:200], **columns,
        )  # fmt: skip
        made.person_id = f"referred-{secrets.token_hex(8)}"
        viewer = Viewer(f"link-{held.pk}", held.partner, "")
        note_change(
            "referral.sent", viewer, [made.person_id], referral=made.pk, receiver=made.receiver,
            purpose=made.purpose, link=held.pk,
        )  # fmt: skip
        made.save(force_insert=True)
        ReferralPerson.objects.create(
            referral=made, person_id=made.person_id, is_main=True, is_known=False,
            typed_name=said(typed.name)[:160], typed_born=typed.born_on,
            typed_contact=said(typed.contact)[:200],
        )  # fmt: skip
        keep_step(made, viewer, "send", at)
        held.referral_id = made.pk
        held.save(update_fields=["referral_id"])
        tell_receiver(made, at)
    return made


def send_for_self(user: User, person_id: str, told: Told, at: dt.datetime) -> Referral:
    """Send what a resident asks for themselves; that they ask is their agreement.

    Raises:
        UnsafeActionError: if it says too little, or the same was asked and nobody decided yet.
        AuditUnavailableError: if it cannot be recorded; nothing was sent then.
    """
    columns = told.columns()
    with transaction.atomic():
        waiting = Referral.objects.filter(
            person_id=person_id,
            how="self",
            receiver=told.receiver,
            state__in=("sent", "acknowledged"),
        )
        if waiting.exists():
            raise refuse("You asked them already, and they have not decided yet.", "Wait for their answer.")  # fmt: skip
        viewer = Viewer(str(user.pk), "", "resident")
        made = Referral(
            id=new_id(), person_id=person_id, how="self", state=REFERRAL_LIFE.take("draft", "send", {"sender"}),
            made_at=at, sent_at=at, due_at=triage_due_at(told.urgency, at), **columns,
        )  # fmt: skip
        note_change(
            "referral.sent", viewer, [person_id], referral=made.pk, receiver=made.receiver,
            purpose=made.purpose,
        )  # fmt: skip
        made.save(force_insert=True)
        ReferralPerson.objects.create(referral=made, person_id=person_id, is_main=True)
        keep_step(made, viewer, "send", at)
        tell_receiver(made, at)
    return made


def find_again(link: ReferralLink, at: dt.datetime) -> ReferralLink | None:
    """Return a link that may still be used, looked at again."""
    is_live = not link.referral_id and link.called_back_at is None and link.expires_at > at
    return link if is_live else None


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
