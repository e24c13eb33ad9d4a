"""Look: what every page is drawn with.

Enters: the forms and lists of the apps above. Leaves: the page's frame (`base.html`), form
fields and error summaries, empty states, dates and counts in words, styles and scripts.
Promises: no inline script or style; every page works without script, at 320 pixels and on
paper; it knows nothing of people, roles or places. Standard: WCAG 2.2 AA and the GOV.UK Design
System's patterns, without the crown or the GDS Transport typeface.
"""

__all__: list[str] = []
