"""Neighbourhoods: a fund shared out among areas, floors, and a neighbourhood board's own page.

Enters: funds and boards of the place folder, reviewed text. Leaves: pages that anybody who has
signed in may read and print. Promises: what an area gets is computed by the formula that stands
on the page; figures are of areas, never of people. Standard: WCAG 2.2 (1.1.1, 1.4.1).
"""

__all__: list[str] = []
