"""Review of doubtful matches: what to ask people, what their answers bind, how good links are.

Enters: a snapshot's `link_edges` and `person_records`, and what people decided. Leaves: the
queue, ordered by the value of an answer; constraints that every next run keeps; estimates of
precision and recall with intervals; how well two reviewers agree; the model card.
Promises: a decision binds the next run and the next delta; decisions that contradict each other
are told and join nobody; no figure here says more than the labels carry.
"""

from wholeplace.linkage.decisions import (
    Constraints,
    Contradiction,
    MatchDecision,
    Verdict,
    bind_decisions,
    hash_decisions,
)

__all__ = [
    "Constraints",
    "Contradiction",
    "MatchDecision",
    "Verdict",
    "bind_decisions",
    "hash_decisions",
]
