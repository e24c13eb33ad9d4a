"""Site: the look of every page, and the pages that belong to no one room.

Enters: the apps' routes, the place's name, the viewer and the acting role. Leaves: the shell
around every page, the form widgets, the tour of the mission, the home for each role and the
error pages. Promises: no inline script or style; every page works without script and at 320
pixels; an error never tells more than that it happened. Standard: WCAG 2.2 AA and the
GOV.UK Design System's patterns, without the crown or the GDS Transport typeface.
"""

__all__: list[str] = []
