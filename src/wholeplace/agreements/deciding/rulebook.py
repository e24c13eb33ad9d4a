"""The rules of each day, compiled again only when what decides has changed."""

import datetime as dt
from collections.abc import Sequence
from threading import Lock

from wholeplace.agreements.deciding.rules import Rules, compile_rules
from wholeplace.agreements.standing.records import SignOffs
from wholeplace.agreements.standing.standings import Standing, standings
from wholeplace.agreements.texts.agreement import Agreement
from wholeplace.agreements.texts.terms import Terms

__all__ = ["RuleBook"]

_MOST_KEPT = 8


class RuleBook:
    """One place's agreements, with the rules of any day.

    Standing is worked out from the records at every call, so a suspension works at once and a
    day's change at local midnight; compiling is done once for each set of standings.

    Attributes:
        agreements: every agreement of the place, in force or not.
    """

    def __init__(self, agreements: Sequence[Agreement], sign_offs: SignOffs, terms: Terms) -> None:
        self.agreements = tuple(agreements)
        self._sign_offs, self._terms = sign_offs, terms
        self._kept: dict[tuple[Standing, ...], Rules] = {}
        self._lock = Lock()

    def rules(self, on: dt.date) -> Rules:
        """Return the rules of a day, as the records stand now."""
        found = standings(
            self.agreements,
            self._sign_offs,
            on,
            time_zone=self._terms.time_zone,
            names=self._terms.partners,
        )
        key = tuple(found.values())
        with self._lock:
            if key not in self._kept:
                while len(self._kept) >= _MOST_KEPT:
                    self._kept.pop(next(iter(self._kept)))
                self._kept[key] = compile_rules(
                    self.agreements, self._sign_offs, on, self._terms, found=found
                )
            return self._kept[key]
