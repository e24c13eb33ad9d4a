"""Who is at which hub when: weekly series, days off, swaps; and the same for a calendar.

Enters: series and changes as people keep them. Leaves: the shifts of any day, in order. Promises:
a shift is somebody's alone; a calendar file names nobody.
"""

__all__: list[str] = []
