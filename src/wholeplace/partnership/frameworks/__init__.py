"""Frameworks that ship with Wholeplace: headline outcomes and need rules, by version.

Each is a folder `<id>/<version>/` with `framework.yaml` and one file a headline in `needs/`.
A version is never edited once places use it; a change is a new version, so that an old case
keeps its old rules.
"""

from wholeplace.partnership.frameworks.reading import (
    FrameworkListed,
    list_frameworks,
    load_framework,
)

__all__ = ["FrameworkListed", "list_frameworks", "load_framework"]
