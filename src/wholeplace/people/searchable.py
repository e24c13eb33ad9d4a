"""What a viewer may search by: only values that they could see, whoever else holds others.

That a person is found tells that each fact which agreed is right. So a fact is compared only
with what partners hold whom the viewer may see it from; to the search, a value that others
hold is not there, and neither a right guess nor a wrong one at it changes the answer.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property

from wholeplace.agreements import Flag, Level, Reason, Request, Rules, Subject, decide
from wholeplace.agreements.law import load_law

__all__ = ["LEAST_LEVEL", "Searchable"]

LEAST_LEVEL = Level.SUMMARY
"""Least sight of a field, given a live reason, that lets a guess at its value be confirmed."""


@dataclass(frozen=True)
class Searchable:
    """Whose values of which fields a viewer may search by, for one purpose.

    Nobody has given a reason before they have found somebody, so what counts is what clauses
    would let the viewer see with one. What is said of a person stays at existence.

    Args:
        rules: of the day of the request.
        asked: who asks, for what; without a subject. Its reason is not looked at.
    """

    rules: Rules
    asked: Request

    def partners(self, field: str) -> list[str]:
        """Return the partners by whose values of a field anybody at all may be found."""
        # Of somebody who agrees to all that may be asked, with every factor: the most that clauses ever give.
        every = len(load_law().factors)
        willing = Subject("", "", (Flag("consent", "yes", self.asked.purpose),), factors=every)
        at_all = self.about(willing)
        sources = {*self.rules.supplied, self.asked.viewer.organisation}
        return [partner for partner in sorted(sources) if at_all(partner, field)]

    def about(self, subject: Subject) -> Callable[[str, str], bool]:
        """Return whether this person may be found by what a partner holds in a field.

        Their objection and consent count. A restriction does not: of a restricted person
        everybody learns existence alone, and has to learn that before knocking at the door.
        Nor does a seal: ask `is_sealed`, so that who looked for a sealed person can be told to
        their guardians.
        """
        flags = tuple(each for each in subject.flags if each.flag not in ("restricted", "sealed"))
        asked = replace(self._with_reason, subject=replace(subject, person_id="", flags=flags))
        return lambda partner, field: decide(self.rules, asked, partner, field).level >= LEAST_LEVEL

    def is_sealed(self, subject: Subject) -> bool:
        """Return whether this person must look like nobody at all to the searcher."""
        return self.asked.about(subject).is_sealed

    @cached_property
    def _with_reason(self) -> Request:
        viewer, at, purpose = self.asked.viewer, self.asked.at, self.asked.purpose
        held = Reason("", "duty", "", frozenset({""}), at, None, viewer.user_id, purpose=purpose)
        return replace(self.asked, reason=held)
