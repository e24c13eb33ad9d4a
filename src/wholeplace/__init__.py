"""One place, one person, one plan.

Wholeplace is the working system that a local partnership runs to join up public
services around people and places. The packages here are rooms; data flows through
them in the order that the layers contract in pyproject.toml gives, and a later room
may import an earlier one, never back. Start with the docstring of each room.
"""

__version__ = "0.1.0"
