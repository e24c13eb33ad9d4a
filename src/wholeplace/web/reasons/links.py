"""Links by which a partner without an account answers one request, and nothing else.

Two secrets: the link, which may travel by mail, and a code that is told by telephone. Of both
only a hash is kept. A link dies with its request, when it is called back, when a new one is
made, and after a few wrong codes. Until the right code is given it tells nothing at all.
"""

import hashlib
import secrets

from django.contrib.auth.hashers import check_password, make_password
from django.db.models import F

from wholeplace.agreements.figures import figures
from wholeplace.web.chain.trail import record
from wholeplace.web.reasons.models import InformationRequest

__all__ = ["call_back_link", "find_by_link", "is_right_code", "make_link"]

# Without letters and digits that sound or look alike on the telephone.
_ALPHABET = "ACDEFHJKLMNPRTUVWXY3479"
_CODE_LENGTH = 8


def make_link(request: InformationRequest, by: str) -> tuple[str, str]:
    """Return the secret of a new link and its code, told this once; an older link dies.

    Raises:
        AuditUnavailableError: if it cannot be recorded; no link was made then.
    """
    secret = secrets.token_urlsafe(32)
    code = "".join(secrets.choice(_ALPHABET) for _ in range(_CODE_LENGTH))
    record(
        "information-request.link-made", actor=by, organisation=request.organisation,
        request=request.pk, partner=request.partner,
    )  # fmt: skip
    request.link_hash, request.code_hash = _hash(secret), make_password(code)
    request.link_failures = 0
    request.save(update_fields=["link_hash", "code_hash", "link_failures"])
    return secret, code


def call_back_link(request: InformationRequest, by: str) -> bool:
    """Kill a request's link. Return whether there was one."""
    if not request.link_hash:
        return False
    record(
        "information-request.link-called-back", actor=by, organisation=request.organisation,
        request=request.pk, partner=request.partner,
    )  # fmt: skip
    request.link_hash = request.code_hash = ""
    request.save(update_fields=["link_hash", "code_hash"])
    return True


def find_by_link(secret: str) -> InformationRequest | None:
    """Return the request that a link answers, while it may be answered.

    An unknown, used, expired, called-back or locked link all give None.
    """
    from django.utils import timezone

    return InformationRequest.objects.filter(
        link_hash=_hash(secret),
        state__in=("sent", "opened"),
        expires_at__gt=timezone.now(),
        link_failures__lt=figures().link_code_attempts,
    ).first()


def is_right_code(request: InformationRequest, typed: str) -> bool:
    """Return whether a code is right. Each attempt is recorded; wrong ones count.

    The attempt is counted before the code is looked at, so that many at once do not get more.
    """
    left = InformationRequest.objects.filter(
        pk=request.pk, link_failures__lt=figures().link_code_attempts
    )
    if not left.update(link_failures=F("link_failures") + 1):
        return False
    code = "".join(each for each in typed.upper() if each.isalnum())
    is_right = bool(request.code_hash) and check_password(code, request.code_hash)
    record(
        "information-request.code-given", actor="link", organisation=request.partner,
        request=request.pk, outcome="right" if is_right else "wrong",
    )  # fmt: skip
    if is_right:
        InformationRequest.objects.filter(pk=request.pk).update(link_failures=0)
    return is_right


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
