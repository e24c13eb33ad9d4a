"""A pool's ledger: double entry in whole pence. Entries are added and never changed.

Accounts:

    cash                what the host holds
    risk-pool           what is set aside
    partner:<id>        what a partner has put in, less what it got back (a credit is negative)
    scheme:<id>         what was spent on a scheme

Every entry has lines that add up to nothing: what goes into one account comes out of another. So
all balances together are always nothing, and cash plus risk pool plus spending is what partners
put in. A mistake is mended by another entry, which names the one that it takes back.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from wholeplace.foundation.errors import UnsafeActionError
from wholeplace.money.pools.definitions import Pool

__all__ = [
    "CASH",
    "RISK_POOL",
    "Entry",
    "Line",
    "accounts_of",
    "balances_of",
    "check_entry",
    "entry_for",
    "replay",
]

CASH = "cash"
RISK_POOL = "risk-pool"


@dataclass(frozen=True, order=True)
class Line:
    """One side of an entry: pence into an account, negative for out of it."""

    account: str
    pence: int


@dataclass(frozen=True)
class Entry:
    """One entry.

    Attributes:
        kind: contribution, set-aside, spend, return, call or reversal.
        words: what it is for; never about a resident.
        reverses: number of the entry that it takes back.
    """

    number: int
    kind: str
    on: dt.date
    words: str
    lines: tuple[Line, ...]
    reverses: int | None = None


def accounts_of(pool: Pool) -> tuple[str, ...]:
    """Return every account of a pool."""
    return (
        CASH,
        RISK_POOL,
        *(f"partner:{each}" for each in pool.partners),
        *(f"scheme:{each.id}" for each in pool.schemes),
    )


def entry_for(kind: str, account: str, pence: int) -> tuple[Line, ...]:
    """Return the lines of an ordinary entry: money between cash and one other account.

    Args:
        kind: `contribution` and `call` bring a partner's money in; `spend` pays for a scheme;
            `return` pays back to a partner; `set-aside` moves cash into the risk pool, `draw`
            out of it.
        account: the other account.
        pence: more than 0.

    Raises:
        UnsafeActionError: for an amount or a kind that cannot be.
    """
    if pence <= 0:
        raise UnsafeActionError(
            "The entry was not made.", "An amount is more than nothing.", "Type an amount."
        )
    into_cash = {"contribution": True, "call": True, "draw": True}
    out_of_cash = {"spend", "return", "set-aside"}
    if kind in into_cash:
        return (Line(CASH, pence), Line(account, -pence))
    if kind in out_of_cash:
        return (Line(CASH, -pence), Line(account, pence))
    raise UnsafeActionError(
        "The entry was not made.", "There is no such kind of entry.", "Choose one from the list."
    )


def check_entry(pool: Pool, before: Mapping[str, int], lines: Iterable[Line]) -> None:
    """Refuse lines that do not balance, name no account, or spend what is not there.

    Args:
        pool: whose ledger.
        before: balances before the entry.
        lines: of the entry.

    Raises:
        UnsafeActionError: if they cannot be entered.
    """
    listed = tuple(lines)
    unknown = sorted({each.account for each in listed} - set(accounts_of(pool)))
    why = ""
    if len(listed) < 2 or sum(each.pence for each in listed) != 0:
        why = "What goes in does not equal what comes out."
    elif any(each.pence == 0 for each in listed):
        why = "A line moves nothing."
    elif unknown:
        why = f"The pool has no account {', '.join(unknown)}."
    if not why:
        after = dict(before)
        for each in listed:
            after[each.account] = after.get(each.account, 0) + each.pence
        why = _why_not_after(pool, before, after)
    if why:
        raise UnsafeActionError("The entry was not made.", why, "Change it and try again.")


def _why_not_after(pool: Pool, before: Mapping[str, int], after: Mapping[str, int]) -> str:
    for account in (CASH, RISK_POOL):
        if after.get(account, 0) < min(0, before.get(account, 0)):
            words = "the pool’s cash" if account == CASH else "the risk pool"
            return f"That is more than {words} holds."
    for scheme in pool.schemes:
        account = f"scheme:{scheme.id}"
        if after.get(account, 0) > scheme.cap_pence and after[account] > before.get(account, 0):
            return f"That is more than the cap of {scheme.title}."
        if after.get(account, 0) < 0:
            return f"More would come back from {scheme.title} than was spent on it."
    return ""


def balances_of(entries: Iterable[Entry]) -> dict[str, int]:
    """Return what every account stands at after some entries."""
    found: dict[str, int] = {}
    for entry in entries:
        for line in entry.lines:
            found[line.account] = found.get(line.account, 0) + line.pence
    return found


def replay(pool: Pool, entries: Iterable[Entry]) -> dict[str, int]:
    """Return the balances from nothing, checking each entry as it was checked when it was made.

    Raises:
        UnsafeActionError: at the first entry that could never have been made.
    """
    balances: dict[str, int] = dict.fromkeys(accounts_of(pool), 0)
    for entry in sorted(entries, key=lambda each: each.number):
        check_entry(pool, balances, entry.lines)
        for line in entry.lines:
            balances[line.account] += line.pence
    return balances
