"""Hubs: where people who use several services could find them under one roof.

Enters: protected counts of people who use several services, by area; candidate sites of the place
folder. Leaves: the sites that let people travel least, how much better others could be at most,
and what the choice costs whom.

    sites       `hubs/sites.yaml`: candidate sites, and where services are seen today
    demand      people who use several services by area, only through disclosure control
    travel      distances: straight lines, a network, or a given table
    problem     what is asked of a choice, and what is answered
    choosing    the way that suits what is asked; the next best site if one falls through
    branching   the best choice with its proof, where distance alone counts
    bounding, interchange   its two halves
    exact       capacities and caps, by HiGHS where they are small
    effects     what a choice costs whom, the worst off too

Promises: no exact count of people enters a choice or leaves one; a choice that is not proved the
best says how much better another could be. Law: UK GDPR Article 5(1)(c); Equality Act 2010
section 149 (who is left worst off is stated). Source: p-median, Hakimi (1964).
"""

__all__: list[str] = []
