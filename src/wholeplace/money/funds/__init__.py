"""Funds and contracts: what pays for what, until when, and what ends with it.

definitions   a fund or a contract as the place folder states it
timeline      all of them on one line of years, ready to draw
cliffs        the months in which money ends, and what stands behind them
renewal       the case for going on, drafted from live figures
"""

from wholeplace.money.funds.cliffs import Cliff, cliffs_of
from wholeplace.money.funds.definitions import Fund
from wholeplace.money.funds.renewal import Renewal, draft_renewal
from wholeplace.money.funds.timeline import Timeline, draw_timeline

__all__ = [
    "Cliff",
    "Fund",
    "Renewal",
    "Timeline",
    "cliffs_of",
    "draft_renewal",
    "draw_timeline",
]
