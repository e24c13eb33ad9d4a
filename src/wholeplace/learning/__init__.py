"""Learning: what works, said honestly, passed on.

Enters: a plan, frozen before anybody looks at outcomes; units (people, households or areas) with
what was known of them on the day; outcomes from measures. Leaves: an effect with its interval and
its grade (`foundation.values.Effect`), the balance and overlap behind it, what hidden bias would
overturn it, and every step of the grade in words.

    planning     the plan, its freezing and its departures; who is eligible on a day
    comparing    matched and weighted comparisons, with balance and overlap
    designs      difference-in-differences, synthetic control, discontinuity
    doubt        hidden bias, several outcomes at once, placebos on the place's own donors
    grading      the Maryland scale and Nesta's levels, computed
    studies      a whole study from its frozen plan

Promises: nobody is chosen by what was known only later; the same data give the same bits in any
order of rows and with any number of threads; every method names how its interval is made; a
check that was not made counts as failed. Nothing here releases a table: groups' sizes leave
through `foundation.disclosure`.
"""

__all__: list[str] = []
