"""The second step: a code from an authenticator app (TOTP, RFC 6238), and codes for when it is lost.

Every code works once. A time step whose code was used is remembered, and the comparison and the
remembering are one conditional update, so that the same code posted twice at once opens once.
"""

import datetime as dt
import hmac
import io
import secrets

import pyotp
import segno
from django.db import transaction
from django.utils.crypto import salted_hmac

from wholeplace.foundation.errors import UnsafeActionError
from wholeplace.web.accounts.encrypting import decrypt, encrypt
from wholeplace.web.accounts.figures import figure
from wholeplace.web.accounts.models import RecoveryCode, SecondStep, User
from wholeplace.web.accounts.place import served_place
from wholeplace.web.chain.trail import record

__all__ = [
    "begin_second_step",
    "check_code",
    "codes_left",
    "confirm_second_step",
    "draw_qr",
    "has_second_step",
    "make_recovery_codes",
    "must_have_second_step",
    "needs_second_step",
    "read_secret",
    "remove_second_step",
]

STEP_SECONDS = 30
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
_CODE_LENGTH = 16


def has_second_step(user: User) -> bool:
    """Return whether somebody set up their second step and showed that it works."""
    return SecondStep.objects.filter(user=user, confirmed_at__isnull=False).exists()


def must_have_second_step(user: User) -> bool:
    """Return whether a role of theirs may only be acted in with a second step."""
    if user.persona:
        return False
    return bool(set(user.roles) & set(served_place().place.second_step_roles))


def needs_second_step(user: User) -> bool:
    """Return whether somebody must set up a second step before they go on."""
    return must_have_second_step(user) and not has_second_step(user)


def begin_second_step(user: User) -> str:
    """Return the secret to put into the app; the same one until a code has confirmed it.

    Raises:
        UnsafeActionError: if there is a second step already: it is removed first.
    """
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)
        kept = SecondStep.objects.filter(user=user).first()
        if kept is not None and kept.confirmed_at is not None:
            raise UnsafeActionError(
                "Nothing was changed.",
                "You have set up a second step already.",
                "Ask your organisation’s administrator to reset it.",
            )
        if kept is None:
            secret = pyotp.random_base32()
            kept = SecondStep.objects.create(user=user, secret=encrypt(secret, _whose(user)))
    return read_secret(kept)


def confirm_second_step(user: User, code: str, at: dt.datetime) -> list[str] | None:
    """Take a first code as proof that the app has the secret. Return recovery codes, told this once.

    None where the code is not right.
    """
    with transaction.atomic():
        kept = SecondStep.objects.select_for_update().filter(user=user, confirmed_at=None).first()
        if kept is None:
            return None
        step = _step_of(read_secret(kept), code, at)
        if step is None:
            return None
        kept.confirmed_at, kept.last_step = at, step
        kept.save(update_fields=["confirmed_at", "last_step"])
        codes = _new_codes(user)
        record("account.second-step-set-up", actor=str(user.pk), organisation=user.organisation)
    return codes


def check_code(user: User, code: str, at: dt.datetime, *, may_recover: bool = False) -> bool:
    """Return whether a code is right, and use it up; `may_recover` takes a recovery code too."""
    kept = SecondStep.objects.filter(user=user, confirmed_at__isnull=False).first()
    if kept is None:
        return False
    step = _step_of(read_secret(kept), code, at)
    if step is not None:
        used = SecondStep.objects.filter(pk=kept.pk, last_step__lt=step).update(last_step=step)
        return used == 1
    return may_recover and _use_recovery_code(user, code, at)


def make_recovery_codes(user: User) -> list[str]:
    """Replace somebody's recovery codes; the earlier ones no longer work."""
    with transaction.atomic():
        codes = _new_codes(user)
        record("account.recovery-codes-made", actor=str(user.pk), organisation=user.organisation)
    return codes


def codes_left(user: User) -> int:
    """Return how many recovery codes somebody has not used."""
    return RecoveryCode.objects.filter(user=user, used_at=None).count()


def remove_second_step(user: User) -> bool:
    """Remove somebody's second step and their codes. Return whether there was one."""
    RecoveryCode.objects.filter(user=user).delete()
    count, _ = SecondStep.objects.filter(user=user).delete()
    return count > 0


def draw_qr(user: User, secret: str) -> str:
    """Return the picture that the app's camera reads, as SVG without style or script."""
    address = pyotp.TOTP(secret).provisioning_uri(
        name=user.email, issuer_name=f"Wholeplace {served_place().place.name}"
    )
    out = io.BytesIO()
    segno.make(address, error="m").save(
        out, kind="svg", scale=5, xmldecl=False, svgns=False, svgclass="wp-qr", lineclass=None,
        light="#fff", title="Picture for your authenticator app",
    )  # fmt: skip
    return out.getvalue().decode()


def read_secret(kept: SecondStep) -> str:
    """Return the secret of a second step, decrypted.

    Raises:
        UnsafeActionError: if this deployment's key does not open it.
    """
    return decrypt(bytes(kept.secret), _whose(kept.user))


def step_at(at: dt.datetime) -> int:
    """Return the time step of an instant (RFC 6238: Unix time by 30 seconds)."""
    return int(at.timestamp()) // STEP_SECONDS


def code_of(secret: str, step: int) -> str:
    """Return the code of one time step."""
    return pyotp.HOTP(secret).at(step)


def _step_of(secret: str, code: str, at: dt.datetime) -> int | None:
    typed = "".join(code.split())
    drift, now, found = figure("second_step_drift_steps"), step_at(at), None
    # Every step is compared, so that how long it took tells nothing.
    for step in range(now - drift, now + drift + 1):
        if hmac.compare_digest(code_of(secret, step).encode(), typed.encode()):
            found = step
    return found


def _new_codes(user: User) -> list[str]:
    RecoveryCode.objects.filter(user=user).delete()
    codes = [
        "".join(secrets.choice(_ALPHABET) for _ in range(_CODE_LENGTH))
        for _ in range(figure("recovery_codes"))
    ]
    RecoveryCode.objects.bulk_create(
        RecoveryCode(user=user, code_hash=_code_hash(user, each)) for each in codes
    )
    return ["-".join(each[i : i + 4] for i in range(0, _CODE_LENGTH, 4)) for each in codes]


def _use_recovery_code(user: User, code: str, at: dt.datetime) -> bool:
    typed = "".join(each for each in code.lower() if each.isalnum())
    with transaction.atomic():
        found = RecoveryCode.objects.filter(
            user=user, code_hash=_code_hash(user, typed), used_at=None
        )
        if found.update(used_at=at) != 1:
            return False
        record(
            "account.recovery-code-used",
            actor=str(user.pk),
            organisation=user.organisation,
            left=codes_left(user),
        )
    return True


def _code_hash(user: User, code: str) -> str:
    return salted_hmac(
        "wholeplace.accounts.recovery", f"{user.pk} {code}", algorithm="sha256"
    ).hexdigest()


def _whose(user: User) -> str:
    return f"second step of user {user.pk}"
