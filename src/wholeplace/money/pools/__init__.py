"""Pooled funds: what partners put in together, who hosts it, and what happens when it is wrong.

definitions   a pool with the fields of an agreement under section 75 of the NHS Act 2006
shares        dividing pence so that none is lost and none is made
ledger        double entry in whole pence; entries are only ever added
settlement    who bears an overspend and who gets an underspend, in the order agreed
"""

from wholeplace.money.pools.definitions import Pool
from wholeplace.money.pools.ledger import Entry, Line, balances_of, check_entry, replay
from wholeplace.money.pools.settlement import Settlement, settle
from wholeplace.money.pools.shares import divide_pence

__all__ = [
    "Entry",
    "Line",
    "Pool",
    "Settlement",
    "balances_of",
    "check_entry",
    "divide_pence",
    "replay",
    "settle",
]
