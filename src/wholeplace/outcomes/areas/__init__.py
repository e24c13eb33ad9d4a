"""Areas: a fund shared out by deprivation, floors and gaps, and a neighbourhood's ten years.

allocation   a fund to areas by a stated formula, to the penny
floors       floor targets: below, above, and the gap to the average
boards       a neighbourhood board's outcomes, priorities and spend
"""

__all__: list[str] = []
