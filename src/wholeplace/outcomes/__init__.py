"""Outcomes: what was achieved, for whom, and whether it held.

Enters: frameworks with their claim rules, need rules and a snapshot's events; funds and boards of
the place folder. Leaves: progress against baseline, target and course; claims judged rule by rule
with the evidence for each; payments, samples and returns; a fund shared out to the penny.

    progress    a measure between its baseline and its target
    claims      facts of a family, rules, payments, samples, returns, and the life of a claim
    holding     needs at the start and after, from the same rules as everywhere
    areas       allocation, floors, a neighbourhood board

Promises: a rule means the same in SQL and in plain Python; a fact that is not known passes no
test; what is paid is computed, never typed; evidence is named by its event and opened by the
gateway alone. Source of the rules: each framework's own file.
"""

__all__: list[str] = []
