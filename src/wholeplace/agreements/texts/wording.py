"""The agreement in plain English, generated from the object that runs.

Deterministic: the same agreement and the same words give the same text, byte for byte. So
what people read before they sign and what decides afterwards cannot drift apart.
"""

import datetime as dt
from collections.abc import Iterable

from wholeplace.agreements.texts.agreement import Agreement, Clause, Level, Party
from wholeplace.agreements.texts.signing import agreement_hash
from wholeplace.agreements.texts.terms import ALL_PARTIES, Terms

__all__ = ["agreement_text", "and_list", "clause_text", "in_sentence"]

_LEVELS = {
    Level.NOTHING: "{who} may see nothing, for {purpose}, of what {source} holds on:",
    Level.EXISTENCE: "{who} may learn, for {purpose}, that {source} knows the person, and nothing "
    "more, where {source} holds any of:",
    Level.SUMMARY: "{who} may see in summary, for {purpose}, what {source} holds on:",
    Level.DETAIL: "{who} may see in full, for {purpose}, what {source} holds on:",
}
_MEANINGS = (
    "“In full” means everything that is recorded. “In summary” means what happened and in which "
    "month; of personal details only initials, year of birth or postcode sector, or that they are "
    "held."
)
_CONSENT = {
    "none": "The person's consent is not asked for; the sharing rests on the powers named above.",
    "required": "Only while the person has agreed to this purpose.",
    "unless-refused": "Unless the person has refused, or it is not known whether they have.",
}
_KEEP = {
    "everybody": "",
    "only-with-need": "After matching, it is deleted where the person shows no need. ",
}
_DAYS = (
    "“Kept here for up to” so many days counts from a fact's own last day: the day an event "
    "ended, or happened where it has no end, or, while it is open, the newest extract that says "
    "so; for personal details, the last day on which the source's extracts gave them. What "
    "several clauses in force cover is kept for the longest of their days, then deleted."
)

_NUMBERS = {1: "one", 2: "two", 3: "three"}


def agreement_text(agreement: Agreement, terms: Terms) -> str:
    """Return the whole agreement as plain text, ending with the hash that parties sign."""
    parts = [
        f"{agreement.title}\nVersion {agreement.version}",
        _opening(agreement, terms),
        "Who takes part\n" + "\n".join(_party_text(each, terms) for each in agreement.parties),
        f"What may be seen\n{_MEANINGS}\n{_DAYS}\n\n"
        + "\n\n".join(
            f"{number}. {clause_text(each, terms, agreement.vocabulary)}"
            for number, each in enumerate(agreement.clauses, start=1)
        ),
        _standing_rules(),
        f"Questions: {agreement.contact}\n"
        f"Data protection impact assessment: {agreement.dpia}\n"
        f"Signed as: {agreement_hash(agreement)}",
    ]
    return "\n\n".join(parts) + "\n"


def clause_text(clause: Clause, terms: Terms, vocabulary: int | None = None) -> str:
    """Return one clause in a few plain sentences.

    Args:
        clause: of any agreement.
        terms: the place's words.
        vocabulary: version that its agreement is written in; today's when None.
    """
    source = terms.words("partner", clause.source)
    if clause.recipient == ALL_PARTIES:
        recipient = "every other party"
    else:
        recipient = terms.words("partner", clause.recipient)
    roles = and_list(in_sentence(_plural(terms.words("role", role))) for role in clause.roles)
    who = f"{roles[:1].upper()}{roles[1:]} at {recipient}"
    purpose = in_sentence(terms.words("purpose", clause.purpose))
    sentence = _LEVELS[clause.level].format(who=who, purpose=purpose, source=source)
    days = "1 day" if clause.retention_days == 1 else f"{clause.retention_days} days"
    factors = (
        f"Only while {_NUMBERS.get(clause.needs_factors, str(clause.needs_factors))} or more of the "
        "thirteen disadvantages in the law named above are known in the person's household. "
        if clause.needs_factors
        else ""
    )
    onward = (
        "It may be passed on for the same purpose."
        if clause.onward
        else "It must not be passed on."
    )
    return (
        f"{sentence}\n"
        f"   {_fields_text(clause.fields, terms, vocabulary)}.\n"
        f"   {_CONSENT[clause.consent]} {factors}Kept here for up to {days}. {_KEEP[clause.keep]}"
        f"{onward} "
        f"[clause {clause.id}]"
    )


def and_list(words: Iterable[str], last: str = "and") -> str:
    """Return words as a list in a sentence: "a, b and c"."""
    each = list(words)
    if len(each) < 2:
        return "".join(each)
    return f"{', '.join(each[:-1])} {last} {each[-1]}"


def in_sentence(words: str) -> str:
    """Return words fit for the middle of a sentence: acronyms and names stay as they are."""
    is_acronym = words[1:2].isupper()
    is_name = words.startswith(("National", "Jobcentre"))
    return words if is_acronym or is_name else words[:1].lower() + words[1:]


def _opening(agreement: Agreement, terms: Terms) -> str:
    purposes = and_list(in_sentence(terms.words("purpose", each)) for each in agreement.purposes)
    lines = [
        "Why we share",
        " ".join(agreement.why.split()),
        f"Purposes: {purposes}. Nothing here may be used for anything else.",
        f"In force from {_day(agreement.starts_on)} to {_day(agreement.ends_on)}, "
        f"once every party has signed. To be reviewed by {_day(agreement.review_on)}.",
        f"Written in version {agreement.vocabulary} of the vocabulary: what is added to it later "
        "is not part of this agreement.",
    ]
    if agreement.supersedes:
        lines.append(f"It replaces the agreement “{agreement.supersedes}”.")
    return "\n".join(lines)


def _party_text(party: Party, terms: Terms) -> str:
    name = terms.words("partner", party.partner)
    text = f"- {name} relies on UK GDPR Article {party.lawful_basis} and on {party.legal_power}."
    if party.acting_for:
        text += f" It acts for {terms.words('partner', party.acting_for)}."
    if party.special_condition:
        text += f" For special category data: UK GDPR Article {party.special_condition}"
        if party.schedule_1:
            text += f", with the Data Protection Act 2018, Schedule 1, {party.schedule_1}"
        text += "."
    elif party.schedule_1:
        text += f" Data Protection Act 2018, Schedule 1, {party.schedule_1}."
    return text


def _fields_text(fields: Iterable[str], terms: Terms, vocabulary: int | None) -> str:
    """Return the fields in words; a group's own words are followed by all that it holds."""
    said = []
    for name in fields:
        words = in_sentence(terms.words("field", name))
        if name not in terms.fields:
            members = and_list(
                in_sentence(terms.words("field", each)) for each in terms.expand(name, vocabulary)
            )
            words = f"{words} ({members})" if members else words
        said.append(words)
    return "; ".join(said)


def _standing_rules() -> str:
    return (
        "What always holds\n"
        "- Each sight needs a live reason about that person; without one, nobody learns more "
        "than that a partner knows the person.\n"
        "- Each sight is recorded before anything is shown.\n"
        "- Of a person who is sealed nothing may be learnt, not even that there is a record. Of a "
        "person who is restricted only that they are known. A person's objection to a purpose "
        "stops sight for that purpose.\n"
        "- Any party may suspend this agreement alone and at once; from then on it gives no sight."
    )


def _day(day: dt.date) -> str:
    return f"{day.day} {day:%B %Y}"


def _plural(word: str) -> str:
    if word.endswith("y") and word[-2:-1] not in "aeiou":
        return word[:-1] + "ies"
    return word + "s"
