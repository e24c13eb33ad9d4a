"""What may be shared about one person, in the order in which it is read."""

from collections.abc import Iterable
from typing import Any

from wholeplace.agreements.account.telling import group_words
from wholeplace.agreements.deciding.rules import Rules
from wholeplace.agreements.deciding.sharing import SharedRow
from wholeplace.agreements.texts.agreement import Level
from wholeplace.agreements.texts.wording import and_list, in_sentence

__all__ = ["shared_sections"]

_LEVELS = {
    Level.NOTHING: "Nothing",
    Level.EXISTENCE: "Only that they know you",
    Level.SUMMARY: "In short: what happened and in which month",
    Level.DETAIL: "All that they wrote down about it",
}
_CONSENT = {
    ("required", "yes"): "You said yes to this.",
    ("required", "no"): "You said no to this.",
    ("required", "unknown"): "We do not know whether you said yes.",
    ("required", "unstated"): "Only if you say yes. You have not said.",
    ("unless-refused", "yes"): "You said yes to this.",
    ("unless-refused", "no"): "You said no to this.",
    ("unless-refused", "unknown"): "We do not know whether you said no.",
    ("unless-refused", "unstated"): "You can say no to this.",
}
_BLOCKS = {
    "objection": "You asked that your information is not used for this.",
    "national-opt-out": "You opted out of planning and research.",
    "restricted": "Your record is restricted, so less is shown.",
}


def shared_sections(rules: Rules, rows: Iterable[SharedRow]) -> list[dict[str, Any]]:
    """Return a section for each partner that shares, with a line for each that it shares with."""
    sections: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        sections.setdefault(row.source, []).append(_line(rules, row))
    return [
        {
            "id": source,
            "partner": rules.terms.words("partner", source),
            "lines": lines,
            "shown": sum(each["is_shown"] for each in lines),
        }
        for source, lines in sorted(
            sections.items(), key=lambda each: rules.terms.words("partner", each[0])
        )
    ]


def _line(rules: Rules, row: SharedRow) -> dict[str, Any]:
    terms = rules.terms
    agreement_id, _, clause_id = row.clause.partition("/")
    kinds = {name.partition(".")[0]: None for name in row.fields}
    notes = [_BLOCKS[each] for each in row.blocks if each in _BLOCKS]
    if said := _CONSENT.get((row.consent, row.said)):
        notes.append(said)
    return {
        "recipient": terms.words("partner", row.recipient),
        "roles": and_list(in_sentence(terms.words("role", each)) for each in row.roles),
        "purpose": in_sentence(terms.words("purpose", row.purpose)),
        "kinds": [in_sentence(group_words(each, terms)) for each in kinds],
        "fields": [in_sentence(terms.words("field", each)) for each in row.fields],
        "level": "Only a count of people, never your name" if row.is_count and row.level else _LEVELS[row.level],
        "is_shown": row.level > Level.NOTHING,
        "notes": notes,
        "agreement_id": agreement_id,
        "agreement": rules.agreements[agreement_id].title,
        "clause_id": clause_id,
    }  # fmt: skip
