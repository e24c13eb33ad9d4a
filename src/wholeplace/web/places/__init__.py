"""Places, on screen: needs by area, as a table and a map drawn by the server.

Enters: an area set and a need. Leaves: protected counts with their denominator, never an exact
small number. Promises: the table says everything that the map says; map and table need no
script. Law: UK GDPR Article 5(1)(c); Standard: WCAG 2.2 (1.1.1, 1.4.1), Code of Practice for
Statistics (confidentiality).
"""

__all__: list[str] = []
