"""The route decorator, where views look for it.

Kept in accounts so that the sign-in pages can use it too; `gateway.middleware` refuses every
view that does not carry the mark.
"""

from wholeplace.web.accounts.routes import Route, route, route_of

__all__ = ["Route", "route", "route_of"]
