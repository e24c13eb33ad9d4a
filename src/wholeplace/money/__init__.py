"""Money: who needs what, who pays, who gains, until when.

Enters: the folder `money/` of a place (interventions, funds, pools), published unit costs and
schedules, effects as plain values, protected counts, bodies' budgets. Leaves: cost and benefit
by agency and year with the sources of every figure; funds on one timeline and the cliffs in it;
pooled funds whose ledger always balances; the count of all public money in a place; investment
agreements drafted from the case.

    reading      the folder `money/`, checked
    unit_costs   what one more or one fewer of something costs, from where, in whose prices
    benefits     cost and benefit by agency; sensitivity; published figures
    funds        timeline, cliffs, renewal
    pools        section 75 fields, shares, double entry, settlement
    spend        budgets by body; spend around households with several needs
    investment   business cases and the agreements that follow

Promises: money is whole pence; fiscal value and public value are never added; every figure names
its source; the same case gives the same figures on any machine; no exact count of people is
taken in or given out. Law and guidance: HM Treasury, The Green Book; National Health Service Act
2006 section 75.
"""

from wholeplace.money.reading import PlaceMoney, check_money, read_money

__all__ = ["PlaceMoney", "check_money", "read_money"]
