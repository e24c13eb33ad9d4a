"""What to ask people first: doubtful pairs by the value of the answer.

The value is how many pairs of records an answer is expected to put right: the chance that what
linkage did is wrong, times the pairs that would be joined or parted. Two kinds are asked about:

- *join*: two people whom some pair of records says may be one, linked by nobody or refused;
- *split*: one person who hangs together by one weak link; the answer keeps or parts the two sides.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from wholeplace.foundation.deletions import Anchor
from wholeplace.foundation.store import SqlFile
from wholeplace.linkage.decisions import DECIDED_APART, DECIDED_TOGETHER

__all__ = ["DoubtfulPair", "Reads", "find_doubts", "read_pair", "read_pairs"]

_MOST_BITS = 500.0
_DECIDED = (DECIDED_APART, DECIDED_TOGETHER)
# A link of this many bits is one wrong in a thousand: no weak point of anybody.
_FIRM_BITS = 10.0
_WEAK = f"person_l IN (SELECT person_l FROM pairs WHERE weight < {_FIRM_BITS!r})"
Kind = Literal["join", "split"]


class Reads(Protocol):
    """Whatever reads a snapshot's tables: a store, or the people room's reader."""

    def rows(self, sql: str, params: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
        """Return the rows of a SELECT."""
        ...


@dataclass(frozen=True)
class DoubtfulPair:
    """Two partners' records of which it is asked whether they are one person.

    Attributes:
        kind: whether “one person” would join two people, or “two people” part one.
        record_l, record_r: the versions that speak most strongly.
        people: the one or two people of the snapshot.
        sides: records that stand on either side.
        levels: comparison → {level, weight}, as JSON.
        reason: why linkage refused to join them; empty where it did not.
        value: pairs of records that an answer is expected to put right.
    """

    kind: Kind
    left: Anchor
    right: Anchor
    partner_l: str
    partner_r: str
    record_l: str
    record_r: str
    people: tuple[str, ...]
    sides: tuple[int, int]
    weight: float
    probability: float
    levels: str
    outcome: str
    reason: str
    value: float

    @property
    def ref(self) -> str:
        """What stands for the pair in an address: the ids of its two versions."""
        return f"{self.record_l}-{self.record_r}"

    @property
    def datasets(self) -> str:
        """The pair of datasets, as the score names it."""
        return " | ".join(sorted((self.left[0], self.right[0])))


def find_doubts(reads: Reads) -> list[DoubtfulPair]:
    """Return the doubtful pairs that nobody has decided on, the most valuable first.

    Their `levels` are left empty; `read_pair` gives them.
    """
    sizes = {
        row["person_id"]: int(row["n"])
        for row in reads.rows("SELECT person_id, count(*) AS n FROM person_records GROUP BY ALL")
    }
    apart = _list(reads, "outcome <> 'linked'", "person_l <> person_r")
    found = [*_joins(apart, sizes), *_splits(reads, _list(reads, "outcome = 'linked'", _WEAK))]
    return sorted(found, key=lambda each: (-each.value, each.ref))


def read_pairs(
    reads: Reads, wanted: Sequence[tuple[Anchor, Anchor]]
) -> dict[tuple[Anchor, Anchor], DoubtfulPair]:
    """Return pairs of anchors as the snapshot has them, without those of which one has left.

    Where linkage kept no evidence about two, `levels` is an empty object.
    """
    anchors = sorted({anchor for pair in wanted for anchor in pair})
    if not anchors:
        return {}
    sides: dict[Anchor, dict[str, Any]] = {}
    records = []
    for row in reads.rows(
        "SELECT record_id, person_id, partner, dataset, source_id FROM person_records SEMI JOIN "
        "(SELECT unnest($datasets::VARCHAR[]) AS dataset, unnest($source_ids::VARCHAR[]) AS "
        "source_id) USING (dataset, source_id) ORDER BY record_id",
        {"datasets": [each[0] for each in anchors], "source_ids": [each[1] for each in anchors]},
    ):
        sides.setdefault((row["dataset"], row["source_id"]), row)
        records.append(row["record_id"])
    rows = _list(
        reads,
        "record_id_l IN (SELECT unnest($records::VARCHAR[])) "
        "AND record_id_r IN (SELECT unnest($records::VARCHAR[]))",
        "true",
        {"records": records},
        levels="levels",
    )
    known = {
        ((row["dataset_l"], row["source_id_l"]), (row["dataset_r"], row["source_id_r"])): row
        for row in rows
    }
    found = {}
    for left, right in wanted:
        if left in sides and right in sides:
            row = known.get((left, right)) or _bare(sides[left], sides[right])
            kind: Kind = "join" if len(_people(row)) > 1 else "split"
            found[left, right] = _pair(row, kind, (1, 1), 0.0)
    return found


def read_pair(reads: Reads, left: Anchor, right: Anchor) -> DoubtfulPair | None:
    """Return one pair of anchors as `read_pairs` does; None where one of them has left."""
    return read_pairs(reads, [(left, right)]).get((left, right))


def _list(
    reads: Reads,
    kept: str,
    condition: str,
    params: Mapping[str, Any] | None = None,
    *,
    levels: str = "''",
) -> list[dict[str, Any]]:
    select = SqlFile.read("linkage", "review_pairs").select
    return reads.rows(
        f"WITH kept_edges AS (SELECT * FROM link_edges WHERE {kept}), pairs AS ({select}) "
        f"SELECT * REPLACE ({levels} AS levels) FROM pairs WHERE {condition}",
        params,
    )


def _bare(one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    """Return a pair about which linkage kept no evidence."""
    left, right = (
        {f"{name}_{side}": row[name] for name in ("dataset", "source_id", "partner", "record_id")}
        | {f"person_{side}": row["person_id"]}
        for row, side in ((one, "l"), (other, "r"))
    )
    said = {"weight": 0.0, "probability": 0.5, "levels": "{}", "outcome": "possible", "reason": ""}
    return {**left, **right, **said}


def _joins(pairs: Iterable[Mapping[str, Any]], sizes: Mapping[str, int]) -> list[DoubtfulPair]:
    best: dict[tuple[str, ...], Mapping[str, Any]] = {}
    decided: set[tuple[str, ...]] = set()
    for row in pairs:
        people = _people(row)
        if row["reason"] in _DECIDED:
            decided.add(people)
        held = best.get(people)
        if held is None or _rank(row) < _rank(held):
            best[people] = row
    found = []
    for people, row in best.items():
        if people in decided:
            continue
        # Evidence for and a rule against: nobody knows which is wrong.
        chance = min(row["probability"], 0.5) if row["outcome"] == "refused" else row["probability"]
        sides = (sizes[row["person_l"]], sizes[row["person_r"]])
        found.append(_pair(row, "join", sides, chance * sides[0] * sides[1]))
    return found


def _splits(reads: Reads, pairs: Iterable[Mapping[str, Any]]) -> list[DoubtfulPair]:
    links: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for row in pairs:
        links[row["person_l"]].append(row)
    records: dict[str, list[Anchor]] = defaultdict(list)
    if links:
        for row in reads.rows("SELECT person_id, dataset, source_id FROM person_records"):
            if row["person_id"] in links:
                records[row["person_id"]].append((row["dataset"], row["source_id"]))
    found = []
    for person, rows in links.items():
        bridge = _weakest_bridge(rows, records[person])
        if bridge and _bits(bridge[0]) < _FIRM_BITS:
            row, sides = bridge
            found.append(_pair(row, "split", sides, (1 - row["probability"]) * sides[0] * sides[1]))
    return found


def _weakest_bridge(
    rows: Sequence[Mapping[str, Any]], records: Sequence[Anchor]
) -> tuple[Mapping[str, Any], tuple[int, int]] | None:
    """Return the weakest link that a person hangs together by, and the records on either side.

    That is the last link of a tree grown from the strongest one down (Kruskal 1956).
    """
    root: dict[Anchor, Anchor] = {each: each for each in records}
    size = Counter(records)

    def find(anchor: Anchor) -> Anchor:
        while root[anchor] != anchor:
            root[anchor] = root[root[anchor]]
            anchor = root[anchor]
        return anchor

    last = None
    for row in sorted(rows, key=_rank):
        one = find((row["dataset_l"], row["source_id_l"]))
        other = find((row["dataset_r"], row["source_id_r"]))
        if one != other:
            last = (row, (size[one], size[other]))
            root[other] = one
            size[one] += size[other]
    return last


def _bits(row: Mapping[str, Any]) -> float:
    return _MOST_BITS if row["reason"] == DECIDED_TOGETHER else float(row["weight"])


def _rank(row: Mapping[str, Any]) -> tuple[float, str, str]:
    return -_bits(row), row["record_id_l"], row["record_id_r"]


def _people(row: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(sorted({row["person_l"], row["person_r"]}))


def _pair(row: Mapping[str, Any], kind: Kind, sides: tuple[int, int], value: float) -> DoubtfulPair:
    left, right = (row["dataset_l"], row["source_id_l"]), (row["dataset_r"], row["source_id_r"])
    return DoubtfulPair(
        kind,
        left,
        right,
        row["partner_l"],
        row["partner_r"],
        row["record_id_l"],
        row["record_id_r"],
        _people(row),
        sides,
        float(row["weight"]),
        float(row["probability"]),
        row["levels"],
        row["outcome"],
        row["reason"],
        round(value, 4),
    )
