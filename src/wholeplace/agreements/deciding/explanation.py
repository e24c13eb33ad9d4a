"""Why can't I see this? A decision in plain words, and whom to ask.

For a person already revealed to the viewer, or for the rules at large (a request without a
subject). There is no explanation about a sealed person: it would tell that there is one.
"""

from dataclasses import dataclass

from wholeplace.agreements.deciding.decision import Block, Decision, NearMiss, decide
from wholeplace.agreements.deciding.rules import OWN_DATA, Rules
from wholeplace.agreements.subjects.request import Request
from wholeplace.agreements.texts.agreement import Level
from wholeplace.agreements.texts.wording import and_list, in_sentence
from wholeplace.foundation.errors import NotFoundError

__all__ = ["Explanation", "explain", "explain_decision"]

_SEEN = {
    Level.NOTHING: "You may see nothing of “{field}” from {source}.",
    Level.EXISTENCE: "Of “{field}” from {source} you may learn only that {source} knows the person.",
    Level.SUMMARY: "You may see “{field}” from {source} in summary.",
    Level.DETAIL: "You may see “{field}” from {source} in full.",
}
_BLOCKS: dict[Block, str] = {
    "objection": "The person has objected to {purpose}, or it is not known whether they have.",
    "national-opt-out": "The person has opted out of planning and research, or it is not known "
    "whether they have.",
    "restricted": "The person is restricted, or it is not known whether they are: only that "
    "they are known may be shown.",
    "consent": "A clause would give more, with the person's consent to {purpose}. That is not "
    "recorded.",
    "factors": "A clause would give more where enough of the thirteen disadvantages in the law that it "
    "rests on are known in the household. They are not.",
    "no-reason": "You have no live reason about this person.",
}


@dataclass(frozen=True)
class Explanation:
    """A decision in words.

    Attributes:
        sentences: what may be seen, what decided it, and what stood in the way.
        ask: whom to ask, in words.
    """

    decision: Decision
    sentences: tuple[str, ...]
    ask: str


def explain(rules: Rules, request: Request, source: str, field: str) -> Explanation:
    """Return why a viewer sees as much of a field as they do, and whom to ask for more.

    Raises:
        NotFoundError: about a sealed person, as for a person of whom there is no record.
    """
    if request.is_sealed:
        raise NotFoundError("There is no such person here.", "", "Check what you searched for.")
    return explain_decision(rules, request, source, field, decide(rules, request, source, field))


def explain_decision(
    rules: Rules, request: Request, source: str, field: str, decision: Decision
) -> Explanation:
    """Return a decision already taken, in words."""
    terms = rules.terms
    names = {
        "field": terms.words("field", field),
        "source": terms.words("partner", source),
        "purpose": in_sentence(terms.words("purpose", request.purpose)),
    }
    sentences = [_SEEN[decision.level].format(**names)]
    sentences += _clause_words(rules, decision)
    sentences += _broken_glass_words(rules, request, decision, names)
    sentences += [_BLOCKS[each].format(**names) for each in decision.blocks if each in _BLOCKS]
    sentences += _near_miss_words(rules, decision)
    if decision.level == Level.NOTHING and len(sentences) == 1:
        sentences.append("No agreement gives your organisation this.")
    return Explanation(decision, tuple(sentences), _whom_to_ask(rules, decision, source))


def _clause_words(rules: Rules, decision: Decision) -> list[str]:
    if OWN_DATA in decision.clauses:
        return ["It is your own organisation's data, which your role may use for this purpose."]
    titles = dict.fromkeys(_title(rules, ref) for ref in decision.clauses)
    refs = and_list(ref.partition("/")[2] for ref in decision.clauses)
    if not titles:
        return []
    noun = "clause" if len(decision.clauses) == 1 else "clauses"
    return [f"This is by {noun} {refs} of {and_list(titles)}."]


def _broken_glass_words(
    rules: Rules, request: Request, decision: Decision, names: dict[str, str]
) -> list[str]:
    """Return that consent was set aside, where a clause that decided asks for it."""
    rules_of_consent = {
        rules.clauses[ref].clause.consent for ref in decision.clauses if ref in rules.clauses
    }
    if not request.has_broken_glass or rules_of_consent <= {"none"}:
        return []
    return [
        "It asks for consent to {purpose}, which is set aside while your broken glass lasts. "
        "Somebody else will review that.".format(**names)
    ]


def _near_miss_words(rules: Rules, decision: Decision) -> list[str]:
    """Return one sentence for each kind of near-miss and agreement, the most useful first."""
    best: dict[tuple[str, str], NearMiss] = {}
    for miss in sorted(decision.near_misses, key=lambda each: -each.level):
        best.setdefault((miss.but_for, _said(rules, miss)), miss)
    return list(dict.fromkeys(sentence for _, sentence in best))


def _said(rules: Rules, miss: NearMiss) -> str:
    bound, terms = rules.clauses[miss.clause], rules.terms
    level = f"“{miss.level.label}”"
    where = f"clause {bound.clause.id} of {_title(rules, miss.clause)}"
    if miss.but_for == "role":
        roles = and_list(
            (in_sentence(terms.words("role", each)) for each in bound.clause.roles), "or"
        )
        return f"With the role of {roles} you would have {level}, by {where}."
    if miss.but_for == "purpose":
        purpose = in_sentence(terms.words("purpose", bound.clause.purpose))
        return f"For {purpose} you would have {level}, by {where}."
    if miss.but_for == "standing":
        why = " ".join(rules.standings[bound.agreement.id].why)
        return f"{where[0].upper()}{where[1:]} would give {level}, but is not in force. {why}"
    if miss.but_for == "factors":
        least = bound.clause.needs_factors
        return (
            f"Were {least} or more of the thirteen disadvantages known in the household you would "
            f"have {level}, by {where}."
        )
    if miss.but_for == "consent":
        return f"With the person's consent you would have {level}, by {where}."
    return f"With a live reason about this person you would have {level}, by {where}."


def _whom_to_ask(rules: Rules, decision: Decision, source: str) -> str:
    kinds = {miss.but_for for miss in decision.near_misses}
    source_name = rules.terms.words("partner", source)
    contact = rules.terms.contacts.get(source)
    reach = f"{source_name} ({contact})" if contact else source_name
    if "reason" in kinds:
        return "State your reason, or ask the case's lead practitioner to add you."
    if "consent" in kinds:
        return "Ask the person, or whoever works with them most closely, to record their consent."
    for miss in decision.near_misses:
        if miss.but_for == "standing":
            bound = rules.clauses[miss.clause]
            return f"Ask the agreement's contact: {bound.agreement.contact}."
    if decision.level == Level.DETAIL:
        return ""
    return f"Ask {reach} directly, or your own data protection officer."


def _title(rules: Rules, ref: str) -> str:
    return f"“{rules.clauses[ref].agreement.title}”"
