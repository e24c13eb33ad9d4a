"""Gateway: the one way from stored data to a page.

Enters: sealed items from rooms, the viewer, the reason. Leaves: text at the level decided,
after the trail's row was committed. Promises: a route that is not registered is refused;
without a live reason nothing beyond existence; a sight that cannot be recorded does not happen.
Law: UK GDPR Articles 5(1)(b), 5(1)(f), 5(2) and 25.
"""

__all__: list[str] = []
