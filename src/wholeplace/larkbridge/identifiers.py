"""Identifiers that are well-formed and reach nobody.

NHS numbers lie in the range that begins 999, kept for tests; telephone numbers begin 01632,
an area code that is given to no place; postcodes begin LB, no postcode area; email is at
example domains (RFC 2606). UPN check letters follow the Department for Education's guide.
"""

from collections.abc import Iterator
from random import Random

__all__ = ["nhs_numbers", "nino", "phone_numbers", "postcode", "upn", "wrong_check_digit"]

_UPN_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"
_INWARD = "ABDEFGHJLNPQRSTUWXYZ"  # the last two letters of a postcode never hold CIKMOV
_STEP = 387_563  # prime, so that serials are spread over the whole range
_MILLION = 1_000_000


def nhs_numbers() -> Iterator[str]:
    """Yield NHS numbers of the test range, each once, with the right check digit."""
    for serial in range(1, _MILLION):
        digits = f"999{serial * _STEP % _MILLION:06d}"
        total = sum(
            int(digit) * weight for digit, weight in zip(digits, range(10, 1, -1), strict=True)
        )
        check = (11 - total % 11) % 11
        if check != 10:
            yield f"{digits}{check}"


def phone_numbers() -> Iterator[str]:
    """Yield telephone numbers of the area code given to no place, each once."""
    for serial in range(1, _MILLION):
        yield f"01632{serial * _STEP % _MILLION:06d}"


def nino(serial: int, rng: Random) -> str:
    """Return a well-formed National Insurance number for a serial below a million."""
    prefix = rng.choice(("ZL", "ZR", "ZE", "YZ"))
    return f"{prefix}{serial * _STEP % _MILLION:06d}{rng.choice('ABCD')}"


def upn(serial: int, year: int) -> str:
    """Return a unique pupil number with the right check letter; year is of issue."""
    # 420 is the smallest real authority; its establishments 9xxx do not exist.
    digits = f"420{9000 + serial // 1000 % 1000:04d}{year % 100:02d}{serial % 1000:03d}"
    total = sum(int(digit) * weight for digit, weight in zip(digits, range(2, 14), strict=True))
    return _UPN_LETTERS[total % 23] + digits


def postcode(serial: int) -> str:
    """Return the postcode of a serial: `LB1 1AA` and on, none twice."""
    rest, last = divmod(serial, 20)
    rest, first = divmod(rest, 20)
    rest, sector = divmod(rest, 9)
    return f"LB{rest + 1} {sector + 1}{_INWARD[first]}{_INWARD[last]}"


def wrong_check_digit(value: str, rng: Random) -> str:
    """Return the identifier with one digit changed, so that its check fails."""
    places = [place for place, letter in enumerate(value) if letter.isdigit()]
    place = rng.choice(places)
    other = (int(value[place]) + rng.randint(1, 8)) % 10
    return value[:place] + str(other) + value[place + 1 :]
