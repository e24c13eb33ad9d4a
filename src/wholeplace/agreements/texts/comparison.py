"""Two texts of an agreement, clause by clause: what was added, taken out and changed."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from wholeplace.agreements.texts.agreement import Agreement, Clause, Party
from wholeplace.agreements.texts.terms import ALL_PARTIES, Terms
from wholeplace.agreements.texts.wording import and_list, clause_text

__all__ = ["ClauseChange", "Comparison", "WordChange", "compare_agreements"]


@dataclass(frozen=True)
class WordChange:
    """One thing that reads differently: what it is, before and after, in words."""

    what: str
    before: str
    after: str


@dataclass(frozen=True)
class ClauseChange:
    """What became of one clause.

    Attributes:
        before: its text in the earlier agreement; empty where it was added.
        after: its text in the later one; empty where it was taken out.
        changes: for a changed clause, each thing that reads differently.
    """

    id: str
    kind: Literal["added", "removed", "changed", "same"]
    before: str
    after: str
    changes: tuple[WordChange, ...] = ()


@dataclass(frozen=True)
class Comparison:
    """All that differs between two texts; clauses in the later one's order, then those gone."""

    whole: tuple[WordChange, ...]
    clauses: tuple[ClauseChange, ...]

    @property
    def is_same(self) -> bool:
        """Whether nothing but the id differs."""
        return not self.whole and all(each.kind == "same" for each in self.clauses)


def compare_agreements(before: Agreement, after: Agreement, terms: Terms) -> Comparison:
    """Return what differs between two texts; clauses are the same clause where their ids are."""
    old = {each.id: each for each in before.clauses}
    new = {each.id: each for each in after.clauses}
    found = [_clause_change(old.get(each), new[each], terms) for each in new]
    found += [
        ClauseChange(each, "removed", clause_text(old[each], terms), "")
        for each in old
        if each not in new
    ]
    return Comparison(tuple(_whole_changes(before, after, terms)), tuple(found))


def _clause_change(old: Clause | None, new: Clause, terms: Terms) -> ClauseChange:
    text = clause_text(new, terms)
    if old is None:
        return ClauseChange(new.id, "added", "", text)
    if old == new:
        return ClauseChange(new.id, "same", text, text)
    was, now = _clause_words(old, terms), _clause_words(new, terms)
    changes = tuple(WordChange(key, was[key], now[key]) for key in was if was[key] != now[key])
    return ClauseChange(new.id, "changed", clause_text(old, terms), text, changes)


def _clause_words(clause: Clause, terms: Terms) -> dict[str, str]:
    everybody = clause.recipient == ALL_PARTIES
    return {
        "Whose information": terms.words("partner", clause.source),
        "Who may see it": "Every other party"
        if everybody
        else terms.words("partner", clause.recipient),
        "In the roles": and_list(terms.words("role", each) for each in clause.roles),
        "For": terms.words("purpose", clause.purpose),
        "What": and_list(terms.words("field", each) for each in clause.fields),
        "How much": clause.level.label,
        "Consent": clause.consent.replace("-", " "),
        "Kept for": f"{clause.retention_days} days",
        "Passing on": "allowed" if clause.onward else "not allowed",
    }


def _whole_changes(before: Agreement, after: Agreement, terms: Terms) -> Iterator[WordChange]:
    was, now = _whole_words(before, terms), _whole_words(after, terms)
    for key in was:
        if was[key] != now[key]:
            yield WordChange(key, was[key], now[key])
    old = {each.partner: each for each in before.parties}
    new = {each.partner: each for each in after.parties}
    for partner in dict.fromkeys([*old, *new]):
        if old.get(partner) != new.get(partner):
            yield WordChange(
                f"Party: {terms.words('partner', partner)}",
                _law_words(old.get(partner)),
                _law_words(new.get(partner)),
            )


def _whole_words(agreement: Agreement, terms: Terms) -> dict[str, str]:
    return {
        "Title": agreement.title,
        "Version": agreement.version,
        "Purposes": and_list(terms.words("purpose", each) for each in agreement.purposes),
        "Why": " ".join(agreement.why.split()),
        "Impact assessment": agreement.dpia,
        "Starts on": f"{agreement.starts_on:%-d %B %Y}",
        "Ends on": f"{agreement.ends_on:%-d %B %Y}",
        "To be reviewed by": f"{agreement.review_on:%-d %B %Y}",
        "Questions": agreement.contact,
    }


def _law_words(party: Party | None) -> str:
    if party is None:
        return "not a party"
    parts = [f"Article {party.lawful_basis}", party.legal_power]
    if party.special_condition:
        parts.append(f"Article {party.special_condition}")
    if party.schedule_1:
        parts.append(f"Schedule 1 {party.schedule_1}")
    return "; ".join(parts)
