"""Claims: facts of a family, the rules over them, what is paid, audited, returned and paid back.

facts       what is known of a family on the day of a check, and which events show it
judging     the rules in plain Python: slow, short, the judge of the SQL
engine      the same rules over any number of families at once, in SQL
payments    attachment and result, computed from routes and years
sampling    an auditor's sample that anybody can draw again
returns     the return to the centre, reconciled to the case list line by line
life        states of a claim
"""

__all__: list[str] = []
