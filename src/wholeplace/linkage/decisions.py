"""What people decided about two records, and what linkage has to keep to because of it.

A decision is anchored to two partners' own numbers, (dataset, source id), and not to ids of
people or to versions of a record, so that it outlives every run. “One person” becomes a
must-link, “two people” a cannot-link, each over every version of both records.

Decisions may contradict each other: A is B, B is C, yet A is not C. Nobody is joined by
decisions that do: all “one person” decisions that hang together with the contradiction are set
aside, every “two people” decision holds, and people are told which ones to look at again.
"""

from collections import defaultdict, deque
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

import pyarrow as pa

from wholeplace.foundation.canonical import content_hash
from wholeplace.foundation.deletions import Anchor
from wholeplace.foundation.errors import WholeplaceError
from wholeplace.foundation.store import Store

__all__ = [
    "DECIDED_APART",
    "DECIDED_TOGETHER",
    "Constraints",
    "Contradiction",
    "MatchDecision",
    "Verdict",
    "bind_decisions",
    "bind_records",
    "hash_decisions",
    "keep_to",
    "write_constraints",
]

Verdict = Literal["same", "different"]

DECIDED_TOGETHER = "people decided that these are one person"
DECIDED_APART = "people decided that these are two people"


@dataclass(frozen=True, order=True)
class MatchDecision:
    """That two partners' records are of one person, or of two people; the lower anchor first."""

    left: Anchor
    right: Anchor
    verdict: Verdict

    @classmethod
    def of(cls, one: Anchor, other: Anchor, verdict: Verdict) -> "MatchDecision":
        """Return the decision on two anchors, whichever is named first.

        Raises:
            WholeplaceError: if both are the same: whether a partner used one number for two
                people is for that partner to say.
        """
        if one == other:
            raise WholeplaceError(
                "The decision was not kept.",
                "Both records bear the same number in the same dataset.",
                "Ask the partner whose number it is.",
            )
        return cls(min(one, other), max(one, other), verdict)


@dataclass(frozen=True)
class Contradiction:
    """Two records that decisions hold to be two people, and others to be one.

    Attributes:
        apart: the decision that they are two people.
        chain: the shortest chain of decisions by which they are one.
    """

    apart: MatchDecision
    chain: tuple[MatchDecision, ...]


@dataclass(frozen=True)
class Constraints:
    """What linkage keeps to: decisions without those set aside.

    Attributes:
        must: one person, each.
        cannot: two people, each.
        set_aside: “one person” decisions that hang together with a contradiction.
    """

    must: tuple[MatchDecision, ...] = ()
    cannot: tuple[MatchDecision, ...] = ()
    set_aside: tuple[MatchDecision, ...] = ()
    contradictions: tuple[Contradiction, ...] = ()

    @property
    def counts(self) -> dict[str, int]:
        """How many decisions of each kind, for the link report."""
        return {
            "one person": len(self.must),
            "two people": len(self.cannot),
            "set aside": len(self.set_aside),
        }


def bind_decisions(decisions: Iterable[MatchDecision]) -> Constraints:
    """Return what decisions bind linkage to; the same in whatever order they are given."""
    every = sorted(set(decisions))
    same = [each for each in every if each.verdict == "same"]
    apart = [each for each in every if each.verdict == "different"]
    near: dict[Anchor, list[MatchDecision]] = defaultdict(list)
    for each in same:
        near[each.left].append(each)
        near[each.right].append(each)
    contradictions = tuple(
        Contradiction(each, chain) for each in apart if (chain := _find_chain(near, each))
    )
    doubtful: set[MatchDecision] = set()
    for found in contradictions:
        doubtful |= _hanging_together(near, found.apart.left)
    return Constraints(
        tuple(each for each in same if each not in doubtful),
        tuple(apart),
        tuple(each for each in same if each in doubtful),
        contradictions,
    )


def hash_decisions(decisions: Iterable[MatchDecision]) -> str:
    """Return SHA-256 over decisions, whatever their order."""
    return content_hash([[*each.left, *each.right, each.verdict] for each in sorted(decisions)])


def write_constraints(store: Store, constraints: Constraints) -> None:
    """Build `link_constraints`: kind (same or different), and dataset and source id of each side.

    Reads `records`.

    Part of the kept index: the next delta links anew what a decision since has changed.
    """
    bound = sorted([*constraints.must, *constraints.cannot])
    columns = {
        "kind": [each.verdict for each in bound],
        "dataset_l": [each.left[0] for each in bound],
        "source_id_l": [each.left[1] for each in bound],
        "dataset_r": [each.right[0] for each in bound],
        "source_id_r": [each.right[1] for each in bound],
    }
    schema = pa.schema([pa.field(name, pa.string()) for name in columns])
    store.register("linkage_rows", pa.table(columns, schema=schema))
    # Of records that have left, nothing is kept; should they come back, so does the decision.
    held = "(SELECT (dataset, source_id) FROM records)"
    store.run(
        "CREATE OR REPLACE TABLE link_constraints AS SELECT * FROM linkage_rows WHERE "
        f"(dataset_l, source_id_l) IN {held} AND (dataset_r, source_id_r) IN {held}"
    )


def keep_to(store: Store, decisions: Iterable[MatchDecision]) -> Constraints:
    """Build `link_constraints` and `linkage_bound`, and return what decisions bind linkage to."""
    constraints = bind_decisions(decisions)
    write_constraints(store, constraints)
    bind_records(store)
    return constraints


def bind_records(store: Store) -> None:
    """Build `linkage_bound` from `link_constraints` and `records`: every pair of versions.

    Shape: record_id_l, record_id_r (the lower first), kind.
    """
    store.run(
        "CREATE OR REPLACE TABLE linkage_bound AS SELECT least(l.record_id, r.record_id) AS "
        "record_id_l, greatest(l.record_id, r.record_id) AS record_id_r, kind "
        "FROM link_constraints JOIN records AS l ON l.dataset = dataset_l AND "
        "l.source_id = source_id_l JOIN records AS r ON r.dataset = dataset_r AND "
        "r.source_id = source_id_r"
    )


def _find_chain(
    near: Mapping[Anchor, Collection[MatchDecision]], apart: MatchDecision
) -> tuple[MatchDecision, ...]:
    """Return the shortest chain of “one person” from one side to the other; empty where none."""
    came: dict[Anchor, tuple[Anchor, MatchDecision] | None] = {apart.left: None}
    waiting = deque([apart.left])
    while waiting and apart.right not in came:
        here = waiting.popleft()
        for other, decision in _steps(near, here):
            if other not in came:
                came[other] = (here, decision)
                waiting.append(other)
    chain: list[MatchDecision] = []
    step = came.get(apart.right)
    while step:
        chain.append(step[1])
        step = came[step[0]]
    return tuple(reversed(chain))


def _hanging_together(
    near: Mapping[Anchor, Collection[MatchDecision]], start: Anchor
) -> set[MatchDecision]:
    seen, waiting, found = {start}, [start], set[MatchDecision]()
    while waiting:
        for other, decision in _steps(near, waiting.pop()):
            found.add(decision)
            if other not in seen:
                seen.add(other)
                waiting.append(other)
    return found


def _steps(
    near: Mapping[Anchor, Collection[MatchDecision]], here: Anchor
) -> Iterator[tuple[Anchor, MatchDecision]]:
    for each in near.get(here, ()):
        yield (each.right if each.left == here else each.left), each
