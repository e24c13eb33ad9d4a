"""What consent to a purpose opens, worked out from the clauses in force that ask for it."""

from collections import defaultdict
from dataclasses import dataclass

from wholeplace.agreements import Rules
from wholeplace.agreements.texts.wording import and_list, in_sentence

__all__ = ["Opening", "consent_purposes", "openings_of", "suggest_words"]

_MATTERS = frozenset({"required", "unless-refused"})


@dataclass(frozen=True)
class Opening:
    """What one partner would learn, and from which.

    Attributes:
        recipient, sources, fields: in words.
        needs_yes: whether nothing of it is shared without consent; else only a refusal stops it.
    """

    recipient: str
    source: str
    fields: tuple[str, ...]
    needs_yes: bool


def consent_purposes(rules: Rules) -> list[tuple[str, str]]:
    """Return the purposes for which some clause in force asks about consent, with their words."""
    asked = {
        each.clause.purpose
        for each in rules.clauses.values()
        if each.is_in_force and each.clause.consent in _MATTERS
    }
    return [(name, words) for name, words in rules.terms.purposes.items() if name in asked]


def openings_of(rules: Rules, purpose: str) -> list[Opening]:
    """Return what hangs on consent to a purpose, by who learns it and from whom."""
    found: dict[tuple[str, str, bool], set[str]] = defaultdict(set)
    for each in rules.clauses.values():
        clause = each.clause
        if not each.is_in_force or clause.purpose != purpose or clause.consent not in _MATTERS:
            continue
        source = rules.terms.words("partner", clause.source)
        for recipient in each.recipients:
            key = (rules.terms.words("partner", recipient), source, clause.consent == "required")
            found[key] |= {rules.terms.words("field", name) for name in each.fields}
    return [
        Opening(recipient, source, tuple(sorted(fields)), needs_yes)
        for (recipient, source, needs_yes), fields in sorted(found.items())
    ]


def suggest_words(rules: Rules, purpose: str) -> str:
    """Return a sentence to agree to; whoever asks changes it into what was really agreed."""
    said = in_sentence(rules.terms.words("purpose", purpose))
    by_source: dict[str, set[str]] = defaultdict(set)
    for each in openings_of(rules, purpose):
        if each.needs_yes:
            by_source[each.source] |= set(each.fields)
    told = [f"{source}: {and_list(sorted(fields))}" for source, fields in sorted(by_source.items())]
    if not told:
        return f"I agree that the partners share what they know of me for {said}."
    listed = "\n".join(f"- {each}" for each in told)
    return (
        f"For {said}, I agree that what these partners know of me may be shared with the people "
        f"who work with me:\n{listed}"
    )
