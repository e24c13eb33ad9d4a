"""How often a password or a code may be tried, so that guessing is hopeless and nobody is shut out.

A try is counted before it is checked and forgotten when it was right, so that many at once are
counted too. A try that was refused is not counted: whoever goes on guessing prolongs nothing. Who
tried and from where stand in the table as keyed hashes.

Passwords are counted four ways (figures in `figures.yaml`, over a quarter of an hour): one name at
one network address; one name from everywhere, against many machines that guess together; one
address, against one machine that tries many names; and apart from all these, a browser in which
that person has signed in before. The last has an allowance of its own that no stranger can use up,
so flooding a colleague's name locks strangers out and never the colleague.
Source: OWASP, "Slow Down Online Guessing Attacks with Device Cookies".
"""

import datetime as dt
import ipaddress
import os
import secrets

from django.conf import settings
from django.core import signing
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

from wholeplace.web.accounts.figures import figure
from wholeplace.web.accounts.models import Failure, User

__all__ = [
    "address_of",
    "begin_code_try",
    "begin_password_try",
    "count_wrong_codes",
    "forget_name",
    "forget_try",
    "know_browser",
]

_WINDOW = dt.timedelta(minutes=15)
_DAY = dt.timedelta(days=1)
_COOKIE = "wholeplace_browser"
_COOKIE_SECONDS = 180 * 24 * 60 * 60
_PEOPLE_A_BROWSER = 8
_SALT = "wholeplace.accounts.limits"


def begin_password_try(request: HttpRequest, email: str, at: dt.datetime) -> Failure | None:
    """Count a try of a password; None where there were too many and it must not be checked."""
    name = _hash(email.strip().lower())
    browser = _browser_hash(request, name)
    made = Failure.objects.create(
        kind="password",
        name_hash=name,
        address_hash=_hash(address_of(request)),
        browser_hash=browser,
        at=at,
    )
    recent = Failure.objects.filter(kind="password", at__gt=at - _WINDOW)
    if browser:
        counts = [(recent.filter(browser_hash=browser), "password_failures_known_browser")]
    else:
        strange = recent.filter(browser_hash="")
        named, placed = Q(name_hash=name), Q(address_hash=made.address_hash)
        counts = [
            (strange.filter(named & placed), "password_failures_one_name_one_address"),
            (strange.filter(named), "password_failures_one_name"),
            (strange.filter(placed), "password_failures_one_address"),
        ]
    if any(found.count() > figure(limit) for found, limit in counts):
        made.delete()
        return None
    return made


def begin_code_try(user: User, at: dt.datetime) -> Failure | None:
    """Count a try of a code; None where there were too many and it must not be checked.

    Only whoever has the password, or the session, gets this far, so a limit on the person alone
    shuts nobody out at a stranger's will.
    """
    name = _hash(f"user {user.pk}")
    made = Failure.objects.create(kind="code", name_hash=name, at=at)
    tries = Failure.objects.filter(kind="code", name_hash=name)
    short = tries.filter(at__gt=at - _WINDOW).count()
    day = tries.filter(at__gt=at - _DAY).count()
    if short > figure("code_failures_per_quarter_hour") or day > figure("code_failures_per_day"):
        made.delete()
        return None
    return made


def forget_try(made: Failure) -> None:
    """Forget a try that was right, and for passwords the mistypings before it at the same place."""
    if made.kind == "password":
        Failure.objects.filter(
            kind="password",
            name_hash=made.name_hash,
            address_hash=made.address_hash,
            browser_hash=made.browser_hash,
        ).delete()
    else:
        made.delete()
    Failure.objects.filter(at__lt=made.at - _DAY).delete()


def forget_name(email: str) -> None:
    """Forget every wrong password for a name: its person has chosen a new one."""
    Failure.objects.filter(kind="password", name_hash=_hash(email.strip().lower())).delete()


def count_wrong_codes(user: User, at: dt.datetime) -> int:
    """Return how many wrong codes were given for somebody within a day."""
    found = Failure.objects.filter(kind="code", name_hash=_hash(f"user {user.pk}"))
    return found.filter(at__gt=at - _DAY).count()


def know_browser(request: HttpRequest, response: HttpResponse, user: User) -> None:
    """Remember in the browser that this person has signed in with it."""
    known = _known(request)
    name = _hash(user.email)
    known.pop(name, None)
    kept = dict(list(known.items())[-(_PEOPLE_A_BROWSER - 1) :])
    kept[name] = secrets.token_hex(8)
    response.set_cookie(
        _COOKIE,
        signing.dumps(kept, salt=_SALT),
        max_age=_COOKIE_SECONDS,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def address_of(request: HttpRequest) -> str:
    """Return the network address that a request came from; of an IPv6 one its network (/64).

    Behind proxies of one's own (`WHOLEPLACE_PROXIES` says how many) it is what the outermost of
    them saw; what a stranger writes into the header himself stands further left and is not read.
    """
    address = str(request.META.get("REMOTE_ADDR", ""))
    proxies = int(os.environ.get("WHOLEPLACE_PROXIES", "0") or 0)
    told = [each.strip() for each in request.headers.get("X-Forwarded-For", "").split(",")]
    if proxies and len(told) >= proxies and told[-proxies]:
        address = told[-proxies]
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address[:60]
    if found.version == 6:
        return str(ipaddress.ip_network(f"{address}/64", strict=False).network_address)
    return str(found)


def _browser_hash(request: HttpRequest, name: str) -> str:
    mark = _known(request).get(name)
    return _hash(f"{name} {mark}") if mark else ""


def _known(request: HttpRequest) -> dict[str, str]:
    try:
        found = signing.loads(request.COOKIES.get(_COOKIE, ""), salt=_SALT, max_age=_COOKIE_SECONDS)
    except signing.BadSignature:
        return {}
    return {str(k): str(v) for k, v in found.items()} if isinstance(found, dict) else {}


def _hash(text: str) -> str:
    return salted_hmac(_SALT, text, algorithm="sha256").hexdigest()
