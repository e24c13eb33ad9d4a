"""A resident's account in plain words: who, when, what for, what they saw, by which clause.

Names organisations and roles, never the person who looked. Words stand in `account.yaml`.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

from wholeplace.agreements.account.sightings import SIGHT, AccountGroup, SeenField, Sighting
from wholeplace.agreements.deciding.rules import OWN_DATA, Rules
from wholeplace.agreements.texts.terms import Terms
from wholeplace.agreements.texts.wording import in_sentence

__all__ = ["AccountWords", "ToldClause", "ToldGroup", "ToldLook", "ToldSight", "account_words", "group_words", "tell_group"]  # fmt: skip

_LEVELS = {
    "detail": "Saw all that {partner} wrote down about",
    "summary": "Saw in short what {partner} wrote down about",
    "existence": "Found out that {partner} knows you",
}
_ORDER = tuple(_LEVELS)


@dataclass(frozen=True)
class AccountWords:
    """The words of `account.yaml`.

    Attributes:
        told: kinds told besides sights, to their words; those of `own` among them.
        own: kinds that the resident does.
    """

    pages: Mapping[str, str]
    told: Mapping[str, str]
    own: frozenset[str]
    reasons: Mapping[str, str]
    groups: Mapping[str, str]


@cache
def account_words() -> AccountWords:
    """Return the words; the file is read once."""
    from ruamel.yaml import YAML

    text = files("wholeplace.agreements.account").joinpath("account.yaml").read_text("utf-8")
    read = YAML(typ="safe", pure=True).load(text)
    return AccountWords(
        read["pages"],
        {**read["told"], **read["own"]},
        frozenset(read["own"]),
        read["reasons"],
        read["groups"],
    )


@dataclass(frozen=True)
class ToldClause:
    """A clause by which something was seen.

    Attributes:
        agreement_id: empty where the organisation saw what it wrote down itself.
        title: of the agreement, or words for what stands in its place.
        is_known: whether the agreement still is among the place's texts.
    """

    ref: str
    agreement_id: str
    clause_id: str
    title: str
    is_known: bool


@dataclass(frozen=True)
class ToldSight:
    """What was seen of one partner at one level, under the same clauses.

    Attributes:
        says: the beginning of the sentence.
        kinds: kinds of information; empty at existence, which tells of no kind.
    """

    partner: str
    level: str
    says: str
    kinds: tuple[str, ...]
    clauses: tuple[ToldClause, ...]


@dataclass(frozen=True)
class ToldLook:
    """One entry in words."""

    at: dt.datetime
    role: str
    what: str
    purpose: str
    reason: str
    saw: tuple[ToldSight, ...]
    was_shown_nothing: bool
    is_mixed: bool
    is_own: bool


@dataclass(frozen=True)
class ToldGroup:
    """What one organisation did on one day, in words.

    Attributes:
        organisation: its name; empty where the resident did it.
        looks: how many entries are sights.
    """

    day: dt.date
    organisation_id: str
    organisation: str
    roles: tuple[str, ...]
    purposes: tuple[str, ...]
    looks: int
    entries: tuple[ToldLook, ...]

    @property
    def is_own(self) -> bool:
        """Whether the resident did all of it."""
        return all(each.is_own for each in self.entries)


def tell_group(group: AccountGroup, rules: Rules) -> ToldGroup:
    """Return one group in words.

    Args:
        group: from `group_sightings`.
        rules: of today, for titles of agreements and the place's words.
    """
    terms, zone = rules.terms, ZoneInfo(rules.terms.time_zone)
    entries = tuple(_tell(each, rules, zone) for each in group.sightings)
    return ToldGroup(
        group.day,
        group.organisation,
        terms.words("partner", group.organisation) if group.organisation else "",
        tuple(sorted({each.role for each in entries if each.role})),
        tuple(sorted({each.purpose for each in entries if each.purpose})),
        sum(each.kind == SIGHT for each in group.sightings),
        entries,
    )


def group_words(group: str, terms: Terms) -> str:
    """Return the words for a field group as they are said to the person it is about."""
    return account_words().groups.get(group) or terms.words("field", group)


def _tell(sighting: Sighting, rules: Rules, zone: ZoneInfo) -> ToldLook:
    words, terms = account_words(), rules.terms
    if sighting.kind == SIGHT:
        what = words.pages.get(sighting.page) or f"Looked at the page “{sighting.page}”"
    else:
        what = words.told.get(sighting.kind, sighting.kind)
    is_sight = sighting.kind == SIGHT
    return ToldLook(
        sighting.at.astimezone(zone),
        terms.words("role", sighting.role) if sighting.role else "",
        what,
        terms.words("purpose", sighting.purpose) if sighting.purpose else "",
        words.reasons.get(sighting.reason_kind, ""),
        tuple(_saw(sighting.seen, rules)),
        is_sight and not sighting.seen and not sighting.is_mixed,
        is_sight and sighting.is_mixed,
        sighting.kind in words.own,
    )


def _saw(seen: Iterable[SeenField], rules: Rules) -> Iterable[ToldSight]:
    alike: dict[tuple[int, str, tuple[str, ...]], list[str]] = {}
    for each in seen:
        # That a partner knows somebody is one fact, whichever of its fields told it.
        clauses = each.clauses
        alike.setdefault((_ORDER.index(each.level), each.partner, clauses), []).append(each.field)
    known: dict[str, set[str]] = {}
    for (order, partner, clauses), fields in sorted(alike.items()):
        if _ORDER[order] == "existence":
            known.setdefault(partner, set()).update(clauses)
            continue
        kinds = sorted({in_sentence(rules.terms.words("field", name)) for name in fields})
        yield _sight(rules, partner, _ORDER[order], kinds, clauses)
    for partner, refs in sorted(known.items()):
        yield _sight(rules, partner, "existence", (), refs)


def _sight(
    rules: Rules, partner: str, level: str, kinds: Iterable[str], clauses: Iterable[str]
) -> ToldSight:
    name = rules.terms.words("partner", partner)
    return ToldSight(
        name,
        level,
        _LEVELS[level].format(partner=name),
        tuple(kinds),
        tuple(_clause(ref, rules) for ref in sorted(clauses)),
    )


def _clause(ref: str, rules: Rules) -> ToldClause:
    if ref == OWN_DATA:
        return ToldClause(ref, "", "", "What they wrote down themselves", is_known=True)
    agreement_id, _, clause_id = ref.partition("/")
    found = rules.agreements.get(agreement_id)
    is_known = ref in rules.clauses
    title = found.title if found else "An agreement that has ended"
    return ToldClause(ref, agreement_id, clause_id, title, is_known)
