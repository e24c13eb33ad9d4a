"""What can never be one person, whatever else agrees.

A veto holds between any two records of one person, not only between the two that were
compared; so a chain of likenesses cannot join what the ends forbid. An equal national
identifier lifts the vetoes on names and dates, because names and dates are mistyped. The
vetoes on twins and namesakes hold only in a place whose own records show that one person's
first name (or date of birth) is rarely recorded wholly differently; elsewhere such a
difference is evidence like any other.
"""

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from wholeplace.linkage.names import is_like_given_name

__all__ = ["Facts", "VetoRules", "find_veto", "is_whole"]

MALFORMED = "malformed"

_NINO = re.compile(r"[A-Z]{2}[0-9]{6}[A-D]")
_UPN = re.compile(r"[A-Z][0-9]{11}[0-9A-Z]")

NAMESAKE_YEARS = 12


@dataclass(frozen=True)
class Facts:
    """What vetoes look at in one record.

    Attributes:
        given: standardised given name.
        is_attested: True where others bear the name too, so that it is no slip of the pen.
        middle: middle names.
        family: standardised family name.
        born_on: date of birth; None also where it is a placeholder.
        numbers: national identifiers as (kind, number); kind `malformed` where the number
            fails its own check, so that it may agree but its difference means nothing.
    """

    given: str | None
    is_attested: bool
    middle: frozenset[str]
    family: str | None
    born_on: dt.date | None
    numbers: frozenset[tuple[str, str]]


def is_whole(kind: str, number: str | None) -> bool:
    """Tell whether a national identifier is well-formed, so that a difference means something.

    Args:
        kind: nhs_number, nino or upn.
        number: without spaces.
    """
    if not number:
        return False
    if kind == "nhs_number":
        if len(number) != 10 or not number.isdigit() or len(set(number)) == 1:
            return False
        check = (
            11
            - sum(
                int(digit) * weight for digit, weight in zip(number, range(10, 1, -1), strict=False)
            )
            % 11
        )
        return (0 if check == 11 else check) == int(number[-1])
    return bool((_NINO if kind == "nino" else _UPN).fullmatch(number))


@dataclass(frozen=True)
class VetoRules:
    """Which vetoes hold in a place; two different national identifiers always do."""

    twins: bool = True
    namesakes: bool = True


def find_veto(some: Iterable[Facts], others: Iterable[Facts], rules: VetoRules) -> str | None:
    """Return why two groups of records cannot be one person, or None."""
    held = list(others)
    reasons = (_veto(one, other, rules) for one in some for other in held)
    return min((reason for reason in reasons if reason), default=None)


@lru_cache(maxsize=1 << 18)
def _veto(one: Facts, other: Facts, rules: VetoRules) -> str | None:
    if one is other or one == other:
        return None
    kinds = {kind for kind, _ in one.numbers} & {kind for kind, _ in other.numbers}
    for kind in sorted(kinds - {MALFORMED}):
        mine = {number for of, number in one.numbers if of == kind}
        theirs = {number for of, number in other.numbers if of == kind}
        if not any(_is_slip(left, right) for left in mine for right in theirs):
            return f"two different {kind}"
    if one.numbers & other.numbers or one.born_on is None or other.born_on is None:
        return None
    if one.born_on == other.born_on:
        return (
            "twins: same date of birth, unlike first names"
            if rules.twins and _is_unlike(one, other)
            else None
        )
    if (one.born_on.month, one.born_on.day) == (other.born_on.month, other.born_on.day):
        return None  # a mistyped year is likelier than namesakes who share a birthday
    years = abs(one.born_on - other.born_on).days / 365.25
    if (
        rules.namesakes
        and years >= NAMESAKE_YEARS
        and not _is_slip(one.born_on.isoformat(), other.born_on.isoformat())
    ):
        return "namesakes: born twelve years apart or more"
    return None


def _is_unlike(one: Facts, other: Facts) -> bool:
    if one.given is None or other.given is None or not (one.is_attested and other.is_attested):
        return False
    if one.given in other.middle or other.given in one.middle:
        return False
    if one.given == other.family or other.given == one.family:
        return False  # first name and surname changed over
    return not is_like_given_name(one.given, other.given)


def _is_slip(one: str, other: str) -> bool:
    """Tell whether two texts of one length differ by one character or two changed over."""
    if one == other:
        return True
    if len(one) != len(other):
        return False
    places = [
        place for place, (left, right) in enumerate(zip(one, other, strict=True)) if left != right
    ]
    if len(places) == 1:
        return True
    return (
        len(places) == 2
        and one[places[0]] == other[places[1]]
        and one[places[1]] == other[places[0]]
    )
