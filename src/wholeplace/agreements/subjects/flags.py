"""Flags: what is stated about a person that limits sight, and which holds where two meet.

A flag has three values, and the stricter one holds wherever statements meet. For consent a no
is strictest; for every other flag a yes. Not knowing stands between them and blocks. UK GDPR
Articles 7, 18 and 21; National Data Opt-out policy.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

__all__ = ["ConsentValue", "Flag", "FlagKind", "FlagValue", "strictest_flags", "strictness"]

FlagKind = Literal["sealed", "restricted", "objection", "national-opt-out", "consent"]
FlagValue = Literal["yes", "no", "unknown"]
ConsentValue = Literal["yes", "no", "unknown", "unstated"]

_STRICTNESS: dict[bool, dict[str, int]] = {
    True: {"yes": 0, "unknown": 1, "no": 2},
    False: {"no": 0, "unknown": 1, "yes": 2},
}


@dataclass(frozen=True)
class Flag:
    """One statement by one partner that limits sight of a person.

    Attributes:
        purpose: for objection and consent, the purpose meant. An objection or a refusal
            without a purpose counts for all; an agreement without one counts for none.
        partner: the partner that stated it, and guards it.
    """

    flag: FlagKind
    value: FlagValue
    purpose: str = ""
    partner: str = ""


def strictness(flag: str, value: str) -> int:
    """Return how little a statement lets be seen: 0 hides nothing, 1 is not known, 2 hides."""
    return _STRICTNESS[flag == "consent"][value]


def strictest_flags(flags: Iterable[Flag]) -> tuple[Flag, ...]:
    """Return what holds where statements meet: the strictest of each flag and purpose, sorted.

    This is the whole rule for merging: the order of the statements does not count, and joining
    two people's gives at least as much protection as either had. Seals are told apart by who set
    them too, for each partner that sealed is alerted and names its own guardians.
    """
    strictest: dict[tuple[str, str, str], Flag] = {}
    for each in flags:
        key = (each.flag, each.purpose, each.partner if each.flag == "sealed" else "")
        if key not in strictest or _rank(each) > _rank(strictest[key]):
            strictest[key] = each
    return tuple(strictest[key] for key in sorted(strictest))


def _rank(flag: Flag) -> tuple[int, tuple[int, ...]]:
    # Among equals the partner that comes first by name, so that order decides nothing.
    return strictness(flag.flag, flag.value), tuple(-ord(letter) for letter in flag.partner)
