"""Hubs, on screen: which sites to choose, who is there today, and a resident handed over warmly.

Enters: what a commissioner asks of a choice; shifts, swaps and presence; a handover that the
resident agreed to. Leaves: saved choices as map and table, from protected counts alone; who is here
today; referrals born from handovers. Promises: a choice says how much better another could be; the
trail's row is written first; a calendar file names nobody. Law: UK GDPR Articles 5(1)(b), 5(1)(c),
25; Equality Act 2010 section 149.

    planning    choosing sites, saving, comparing
    rota        weekly series, days off, swaps, presence, calendar
    handing     the warm handover
"""

__all__: list[str] = []
