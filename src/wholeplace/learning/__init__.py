"""Learning: what works, said honestly, passed on.

Will hold evaluations against a comparison group, the grade of the evidence, lessons and
packs. Nothing is built here yet.
"""
