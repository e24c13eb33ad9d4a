"""For which purposes somebody may look at people at all."""

from wholeplace.agreements.deciding.rules import Rules
from wholeplace.agreements.figures import figures
from wholeplace.agreements.subjects.request import Viewer

__all__ = ["PEOPLE_ROLES", "purposes_for"]

PEOPLE_ROLES = frozenset({"practitioner", "lead-practitioner", "coordinator"})
"""Roles that work with people. Counting and mending records are other doors."""

_NOT_ABOUT_ONE_PERSON = frozenset(
    {"matching", "service-planning", "data-quality", "programme-assurance"}
)


def purposes_for(rules: Rules, viewer: Viewer) -> list[tuple[str, str]]:
    """Return the purposes for which some clause lets the viewer see people, with their words.

    In the vocabulary's order, so that the first is the most ordinary one.
    """
    offered = {
        purpose
        for recipient, role, purpose, _, _ in rules.index
        if recipient == viewer.organisation and role == viewer.role
    }
    offered |= set(figures().own_data.get(viewer.role, ()))
    words = rules.terms.purposes
    return [
        (purpose, words[purpose])
        for purpose in words
        if purpose in offered and purpose not in _NOT_ABOUT_ONE_PERSON
    ]
