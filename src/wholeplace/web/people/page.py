"""The whole-person page: what the gateway let through, in the order in which people read it."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from wholeplace.agreements.gateway import Refusal, Revealed, SeenItem, SeenPerson
from wholeplace.agreements.subjects.request import Reason, SealedItem
from wholeplace.agreements.texts.agreement import Level
from wholeplace.agreements.texts.terms import Terms
from wholeplace.people.whole import Housemate, SeenNeed, WholePerson
from wholeplace.web.gateway.panels import DrawnPanel
from wholeplace.web.people.lines import Line, identity_rows, timeline_lines, workers_of
from wholeplace.web.people.wording import say_date

__all__ = [
    "PageWords",
    "compose_page",
    "filter_choices",
    "filter_lines",
    "name_of",
    "sections_of",
]

SECTIONS = (
    ("summary", "Who they are"),
    ("needs", "Needs"),
    ("working", "Who is working with them"),
    ("household", "Household"),
    ("timeline", "Timeline"),
    ("refused", "Why can’t I see this?"),
)


@dataclass(frozen=True)
class PageWords:
    """What a page says beside what was revealed.

    Attributes:
        purpose: words of the purpose of the page.
        as_of: day that the information is of.
        need_evidence: need id to how the framework describes its evidence.
    """

    purpose: str
    as_of: dt.date
    need_evidence: dict[str, str]


def compose_page(
    whole: WholePerson,
    revealed: Revealed,
    seen: SeenPerson,
    reason: Reason,
    terms: Terms,
    words: PageWords,
) -> dict[str, Any]:
    """Return everything that the template draws, save the filtered timeline."""
    mine = [item for item in seen.items if item.person_id == whole.person_id]
    lines = timeline_lines(mine, terms)
    name = name_of(mine, whole.identity)
    return {
        "title": name or "A person whose name you may not see",
        "name_for_log": name or "This person",
        "purpose_label": words.purpose,
        "reason_ends_at": reason.expires_at,
        "reason_kind": reason.kind,
        "as_of": words.as_of,
        "known_to": [terms.words("partner", each) for each in seen.known_to],
        "sections": SECTIONS,
        "identity": identity_rows(mine, terms, [item.key for item in whole.identity]),
        "needs": _needs(whole.needs_seen(mine), lines, words),
        "working": workers_of(mine, terms),
        "households": _households(whole.household, revealed, terms),
        "all_lines": lines,
        "refused": _refused(seen.refusals, terms),
    }


def sections_of(panels: Sequence[DrawnPanel]) -> list[tuple[str, str]]:
    """Return anchor and words of every section, those of other apps after “Household”."""
    after = [name for name, _ in SECTIONS].index("household") + 1
    added = [(panel.id, panel.title) for panel in panels]
    return [*SECTIONS[:after], *added, *SECTIONS[after:]]


def filter_choices(
    lines: Sequence[Line], needs: Iterable[dict[str, Any]]
) -> dict[str, list[tuple[str, str]]]:
    """Return the choices of the timeline's filter: only what is on the page already."""
    return {
        "partner": sorted(
            {(line.partner_id, line.partner) for line in lines}, key=lambda each: each[1]
        ),
        "topic": sorted({(line.topic_id, line.topic) for line in lines}, key=lambda each: each[1]),
        "need": [(need["id"], need["label"]) for headline in needs for need in headline["needs"]],
        "year": [(year, year) for year in dict.fromkeys(line.year for line in lines)],
    }


def filter_lines(
    lines: Iterable[Line], needs: Iterable[dict[str, Any]], chosen: dict[str, str]
) -> list[Line]:
    """Return the lines that fit the filter."""
    shown_by = {need["id"]: need["keys"] for headline in needs for need in headline["needs"]}
    wanted = shown_by.get(chosen.get("need", ""), frozenset())
    return [
        line
        for line in lines
        if chosen.get("partner") in (None, line.partner_id)
        and chosen.get("topic") in (None, line.topic_id)
        and chosen.get("year") in (None, line.year)
        and ("need" not in chosen or line.key in wanted)
    ]


def name_of(seen: Iterable[SeenItem], sealed: Sequence[SealedItem]) -> str:
    """Return the name that most partners hold, of those seen at the fullest level; then the newest."""
    order = {item.key: place for place, item in enumerate(sealed)}
    names = [item for item in seen if item.field == "identity.name"]
    holders: dict[str, set[str]] = {}
    for item in names:
        holders.setdefault(item.text, set()).add(item.partner)
    best = min(
        names,
        key=lambda item: (-item.level, -len(holders[item.text]), order[item.key]),
        default=None,
    )
    return best.text if best else ""


def _needs(
    found: Sequence[SeenNeed], lines: Sequence[Line], words: PageWords
) -> list[dict[str, Any]]:
    by_key = {line.key: line for line in lines}
    headlines: dict[str, dict[str, Any]] = {}
    for need in found:
        evidence = [by_key[key] for key in need.evidence if key in by_key]
        # Lines stand newest first, so the first of them is the newest evidence.
        evidence.sort(key=lines.index)
        headline = headlines.setdefault(
            need.headline, {"id": need.headline, "label": need.headline_label, "needs": []}
        )
        headline["needs"].append(
            {
                "id": need.need,
                "label": need.label,
                "level": need.level.label,
                "rule": words.need_evidence.get(need.need, ""),
                "newest_on": evidence[0].when if evidence else "",
                "evidence": evidence,
                "keys": frozenset(need.evidence),
            }
        )
    return list(headlines.values())


def _households(
    housemates: Iterable[Housemate], revealed: Revealed, terms: Terms
) -> list[dict[str, Any]]:
    now: list[dict[str, Any]] = []
    before: list[dict[str, Any]] = []
    undated: list[dict[str, Any]] = []
    for mate in housemates:
        seen = revealed.person(mate.subject.person_id)
        if seen is None or not mate.is_seen(seen.items):
            continue
        keys = {item.key for item in mate.lives_with}
        shared = [item for item in seen.items if item.key in keys]
        # The days stand in the values, and those are there at detail alone.
        dated = [item for item in shared if item.level == Level.DETAIL]
        is_now = any(not item.values.get("lives_to") for item in dated)
        group = now if is_now else before if dated else undated
        group.append(_member(mate, seen, shared, terms))
    groups = (
        ("They live with", now),
        ("They used to live with", before),
        ("They live with, or used to", undated),
    )
    return [
        {"title": title, "members": sorted(members, key=lambda each: str(each["text"]))}
        for title, members in groups
        if members
    ]


def _member(
    mate: Housemate, seen: SeenPerson, shared: Sequence[SeenItem], terms: Terms
) -> dict[str, Any]:
    sources = {item.key: item.sources for item in mate.lives_with}
    keys = {item.key for item in mate.identity}
    who = [item for item in seen.items if item.key in keys]
    name = name_of(who, mate.identity)
    born = sorted((i for i in who if i.field == "identity.birth-date"), key=lambda i: -i.level)
    since = min(
        (str(item.values["lives_from"]) for item in shared if item.values.get("lives_from")),
        default="",
    )
    words = [name or "Somebody whose name you may not see"]
    if born:
        words.append(f"born {say_date(born[0].text) or born[0].text}")
    if since:
        words.append(f"at the same address from {say_date(since)}")
    return {
        "text": ", ".join(words),
        "short": name or "this person",
        "partners": sorted(
            {terms.words("partner", each) for item in shared for each in sources[item.key]}
        ),
        "person_id": mate.subject.person_id,
    }


def _refused(refusals: Iterable[Refusal], terms: Terms) -> list[dict[str, Any]]:
    partners: dict[str, list[Refusal]] = {}
    for refusal in refusals:
        partners.setdefault(refusal.partner, []).append(refusal)
    return [
        {
            "name": terms.words("partner", partner),
            "groups": [
                {
                    "label": ", ".join(terms.words("field", field) for field in refusal.fields),
                    "level": refusal.level.label,
                    "sentences": refusal.sentences,
                    "ask": refusal.ask,
                }
                for refusal in found
            ],
        }
        for partner, found in sorted(
            partners.items(), key=lambda each: terms.words("partner", each[0])
        )
    ]
