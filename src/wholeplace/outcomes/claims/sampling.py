"""An auditor's sample: drawn so that nobody can choose it, and so that anybody can draw it again.

Claims are put in the order of the SHA-256 of seed and claim, and the first are taken. The seed is
fixed before the period's claims are known: the head of the chain of who looked when the period
began, or any text agreed beforehand. With the same seed and claims everybody gets the same sample.
"""

import hashlib
from collections.abc import Iterable

from wholeplace.partnership.programmes.terms import ClaimTerms

__all__ = ["draw_sample", "sample_size"]


def sample_size(terms: ClaimTerms, claims: int) -> int:
    """Return how many claims an auditor draws: a share, rounded up, and never fewer than the least."""
    share = -(-claims * terms.sample_percent // 100)
    return min(claims, max(share, terms.sample_least))


def draw_sample(refs: Iterable[str], seed: str, size: int) -> tuple[str, ...]:
    """Return a sample of claims, in the order drawn; the order of `refs` does not matter."""
    order = sorted(set(refs), key=lambda ref: (_place(seed, ref), ref))
    return tuple(order[:size])


def _place(seed: str, ref: str) -> str:
    return hashlib.sha256(f"{len(seed)}:{seed}{ref}".encode()).hexdigest()
