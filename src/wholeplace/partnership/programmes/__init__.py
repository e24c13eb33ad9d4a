"""Programmes: what a framework says beyond needs, as nouns of reviewed text.

terms       claim rules, payments, returns, forms, measures, sources
areas       allocation of a fund, floor targets, a neighbourhood's board
"""

__all__: list[str] = []
