"""Group records into people from weighed pairs, within what vetoes forbid.

Groups grow by joining the two whose *pooled* evidence is best: the mean over every pair of
records across the two groups, so that one chance likeness cannot chain two people together
and a record with little to say is judged against all that is known of a person. Pairs that
were never compared share no blocking value and count a little against.
"""

import heapq
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from wholeplace.linkage.model import Pooling

__all__ = ["Grouping", "Refusal", "group_records"]

Edge = tuple[int, int, float]


@dataclass(frozen=True, order=True)
class Refusal:
    """Two records whose groups the evidence would join, but a veto forbids it."""

    left: int
    right: int
    weight: float
    reason: str


@dataclass
class Grouping:
    """The result: the members of each group with more than one record, and what was refused."""

    members: dict[int, list[int]]
    refused: list[Refusal] = field(default_factory=list)


# Between two groups: sum of bits, pairs compared, and the best pair (bits, left, right).
_Tie = tuple[float, int, float, int, int]


def group_records(
    edges: Iterable[Edge],
    pooling: Pooling,
    veto: Callable[[list[int], list[int]], str | None],
    together: Iterable[tuple[int, int]] = (),
) -> Grouping:
    """Group numbered records.

    Args:
        edges: (left, right, bits), each pair once. Order does not matter.
        pooling: how evidence is put together, and how much is enough.
        veto: why two lists of records cannot be one person, or None.
        together: pairs that are one person whatever the evidence and the vetoes say.
    """
    return _Growing(edges, pooling, veto, together).grow()


class _Growing:
    def __init__(
        self,
        edges: Iterable[Edge],
        pooling: Pooling,
        veto: Callable[[list[int], list[int]], str | None],
        together: Iterable[tuple[int, int]],
    ) -> None:
        self.pooling, self.veto = pooling, veto
        self.link_bits, self.pooled_bits = pooling.link_bits, pooling.pooled_bits
        self.ties: dict[int, dict[int, _Tie]] = {}
        for left, right, bits in edges:
            low, high = min(left, right), max(left, right)
            tie = (max(-pooling.most_bits, min(pooling.most_bits, bits)), 1, bits, low, high)
            self.ties.setdefault(low, {})[high] = tie
            self.ties.setdefault(high, {})[low] = tie
        bound = sorted({(min(pair), max(pair)) for pair in together})
        for record in sorted({record for pair in bound for record in pair}):
            self.ties.setdefault(record, {})
        self.members = {record: [record] for record in self.ties}
        self.version = dict.fromkeys(self.ties, 0)
        self.heap: list[tuple[float, int, int, int, int]] = []
        self.refused: dict[tuple[int, int], Refusal] = {}
        self._bind(bound)

    def _bind(self, bound: list[tuple[int, int]]) -> None:
        """Put together what people decided is one person, before any evidence is weighed."""
        lowest = {record: record for pair in bound for record in pair}

        def find(record: int) -> int:
            while lowest[record] != record:
                lowest[record] = lowest[lowest[record]]
                record = lowest[record]
            return record

        for one, other in bound:
            left, right = sorted((find(one), find(other)))
            if left != right:
                lowest[right] = left
                self._join(left, right)

    def grow(self) -> Grouping:
        for left in self.ties:
            for right in self.ties[left]:
                if left < right:
                    self._offer(left, right)
        while self.heap:
            _, left, right, left_version, right_version = heapq.heappop(self.heap)
            if self.version.get(left) == left_version and self.version.get(right) == right_version:
                self._try(left, right)
        groups = {min(held): sorted(held) for held in self.members.values() if len(held) > 1}
        return Grouping(dict(sorted(groups.items())), sorted(self.refused.values()))

    def _offer(self, left: int, right: int) -> None:
        total, compared, best, _, _ = self.ties[left][right]
        if best < self.link_bits:
            return
        pairs = len(self.members[left]) * len(self.members[right])
        mean = (total + self.pooling.unseen_bits * (pairs - compared)) / pairs
        share = self.pooling.best_share
        pooled = round(share * min(best, self.pooling.most_bits) + (1 - share) * mean, 6)
        if pooled >= self.pooled_bits:
            low, high = min(left, right), max(left, right)
            heapq.heappush(self.heap, (-pooled, low, high, self.version[low], self.version[high]))

    def _try(self, left: int, right: int) -> None:
        reason = self.veto(self.members[left], self.members[right])
        if reason:
            _, _, best, one, other = self.ties[left][right]
            self.refused[one, other] = Refusal(one, other, best, reason)
            return
        self._join(left, right)

    def _join(self, left: int, right: int) -> None:
        # The group keeps its lowest record as its name, so that ties break alike in any order.
        self.members[left] += self.members.pop(right)
        self.version[left] += 1
        del self.version[right]
        moved = self.ties.pop(right)
        # People may put together two groups that were never compared.
        moved.pop(left, None)
        self.ties[left].pop(right, None)
        for other, tie in moved.items():
            del self.ties[other][right]
            mine = self.ties[left].get(other)
            if mine:
                best = max(mine[2:], tie[2:], key=lambda pair: (pair[0], -pair[1], -pair[2]))
                tie = (mine[0] + tie[0], mine[1] + tie[1], *best)
            self.ties[left][other] = self.ties[other][left] = tie
        for other in self.ties[left]:
            self._offer(left, other)
