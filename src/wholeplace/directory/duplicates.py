"""One service in two feeds: pairs that look alike, with the reasons, for a person to decide.

Names and organisations are compared by rapidfuzz; a telephone number, a postcode with the same
first line, or a web address that two listings share counts beside them. Nothing is joined here.
"""

import itertools
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from rapidfuzz import fuzz

from wholeplace.directory.figures import figures
from wholeplace.directory.finding.words import root_of, words_of
from wholeplace.directory.listing import Listing

__all__ = ["LikelyPair", "find_pairs"]

# What each kind of likeness is worth; they add up to 1.
_WORTH = {"name": 0.55, "organisation": 0.15, "number": 0.1, "place": 0.12, "web": 0.08}
_ALIKE, _LIKE_ENOUGH = 90.0, 60.0
_MOST_SHARING = 60


@dataclass(frozen=True)
class LikelyPair:
    """Two listings that may be one service.

    Attributes:
        first, second: their ids; the smaller first.
        score: 0 to 1.
        reasons: what agrees and what does not, in words.
    """

    first: str
    second: str
    score: float
    reasons: tuple[str, ...]


def find_pairs(listings: Sequence[Listing]) -> list[LikelyPair]:
    """Return pairs from different feeds that a person should look at, the likeliest first."""
    found = []
    for one, other in _candidates(listings):
        pair = _compare(one, other)
        if pair.score >= figures().duplicate_score:
            found.append(pair)
    return sorted(found, key=lambda each: (-each.score, each.first, each.second))


def _candidates(listings: Sequence[Listing]) -> Iterator[tuple[Listing, Listing]]:
    """Give each pair of different feeds that shares a word of its name, a number or a postcode."""
    keyed: dict[str, list[Listing]] = defaultdict(list)
    for each in listings:
        for key in _keys(each):
            keyed[key].append(each)
    seen: set[tuple[str, str]] = set()
    for sharing in keyed.values():
        if len(sharing) > _MOST_SHARING:
            continue
        for one, other in itertools.combinations(sharing, 2):
            feeds = {source.feed for source in one.sources} & {s.feed for s in other.sources}
            pair = (min(one.id, other.id), max(one.id, other.id))
            if feeds or pair in seen:
                continue
            seen.add(pair)
            yield (one, other) if one.id < other.id else (other, one)


def _keys(listing: Listing) -> set[str]:
    found = {f"word {root_of(word)}" for word in words_of(listing.name) if len(word) > 3}
    found |= {f"number {each}" for each in _numbers(listing)}
    return found | {f"place {each}" for each in _postcodes(listing)}


def _compare(one: Listing, other: Listing) -> LikelyPair:
    reasons: list[str] = []
    score = 0.0
    for part, what, first, second in (
        ("name", "names", one.name, other.name),
        ("organisation", "organisations", one.organisation, other.organisation),
    ):
        likeness = _likeness(first, second)
        score += _WORTH[part] * max(0.0, (likeness - _LIKE_ENOUGH) / (100 - _LIKE_ENOUGH))
        if likeness >= _LIKE_ENOUGH:
            how = "the same" if likeness >= 99.5 else "nearly the same" if likeness >= _ALIKE else "alike"  # fmt: skip
            reasons.append(f"Their {what} are {how}.")
        elif first and second:
            reasons.append(f"Their {what} differ.")
    for part, what, firsts, seconds in (
        ("number", "telephone number", _numbers(one), _numbers(other)),
        ("place", "postcode", _postcodes(one), _postcodes(other)),
        ("web", "website", _hosts(one), _hosts(other)),
    ):
        if firsts & seconds:
            score += _WORTH[part]
            reasons.append(f"They share a {what}.")
        elif firsts and seconds:
            reasons.append(f"They give a different {what}.")
        else:
            # Nothing to compare says nothing, for or against.
            score += _WORTH[part] / 2
    return LikelyPair(one.id, other.id, round(min(score, 1.0), 3), tuple(reasons))


def _likeness(one: str, other: str) -> float:
    if not one or not other:
        return 80.0
    first, second = " ".join(words_of(one)), " ".join(words_of(other))
    return float(max(fuzz.token_sort_ratio(first, second), 0.97 * fuzz.token_set_ratio(first, second)))  # fmt: skip


def _numbers(listing: Listing) -> frozenset[str]:
    digits = (re.sub(r"\D", "", each) for each in listing.phones)
    return frozenset(re.sub(r"^44", "0", each) for each in digits if len(each) >= 10)


def _postcodes(listing: Listing) -> frozenset[str]:
    codes: Iterable[str] = (site.postcode for site in listing.sites)
    return frozenset("".join(each.split()).upper() for each in codes if each)


def _hosts(listing: Listing) -> frozenset[str]:
    given = [str(listing.document.get("url", ""))]
    given.append(str((listing.document.get("organization") or {}).get("website", "")))
    return frozenset(
        host.removeprefix("www.") for each in given if each and (host := urlsplit(each).hostname)
    )
