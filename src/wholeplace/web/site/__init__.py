"""Site: what joins the apps into one site, and the pages that belong to no one room.

Enters: the apps' routes, the place's name, the viewer and the acting role. Leaves: settings and
addresses, what the frame around every page says, the tour of the mission, the home for each
role and the error pages. Promises: a link is shown only to a role that may follow it; an error
never tells more than that it happened. Standard: WCAG 2.2 AA.
"""

__all__: list[str] = []
