"""Which doubtful pairs a reviewer may know of, and how much of each field.

A pair is there for a reviewer only where agreements let them know of *both* records; otherwise it
is nowhere: in no list, in no count, at no address. An open pair is itself the reason to look at
its two records, for a short time.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from django.http import HttpRequest

from wholeplace.agreements import Level, Reason, Request, Rules, Subject, Viewer, decide, place_day
from wholeplace.agreements.deciding.explanation import explain_decision
from wholeplace.foundation.errors import NotFoundError
from wholeplace.linkage.review.fields import EVERY_FIELD
from wholeplace.linkage.review.figures import review_figures
from wholeplace.linkage.review.queue import DoubtfulPair, find_doubts, read_pair
from wholeplace.people.read import read_subjects
from wholeplace.web.gateway.reveal import reveal_for, viewer_of
from wholeplace.web.gateway.wiring import current_place
from wholeplace.web.linkage.reviews import find_review, reviews_by_anchors

__all__ = ["PURPOSE", "REVIEWERS", "Reviewer", "find_pair", "reviewer_of", "visible_doubts"]

REVIEWERS = frozenset({"data-steward"})
PURPOSE = "matching"


@dataclass(frozen=True)
class Reviewer:
    """Somebody who reviews, on one day under one ruleset."""

    viewer: Viewer
    rules: Rules
    at: dt.datetime

    def reason(self, people: Iterable[str], review_id: str) -> Reason:
        """Return what makes it right to look at the people of a pair: that it waits for an answer."""
        until = self.at + dt.timedelta(minutes=review_figures().reason_minutes)
        return Reason(
            f"doubtful-match-{review_id}" if review_id else "doubtful-match",
            "doubtful-match",
            "A doubtful match that waits for an answer",
            frozenset(people),
            self.at,
            until,
            self.viewer.user_id,
            purpose=PURPOSE,
        )

    def level(self, subject: Subject, partner: str, field: str) -> Level:
        """Return how much of a partner's field of a person may be seen while the pair is open."""
        return decide(self.rules, self._asked(subject), partner, field).level

    def lowest(self, pair: DoubtfulPair, subjects: Sequence[Subject], field: str) -> Level:
        """Return the lowest level of a field over both people and both partners."""
        partners = (pair.partner_l, pair.partner_r)
        return min(self.level(each, partner, field) for each in subjects for partner in partners)

    def may_know(self, pair: DoubtfulPair, subjects: dict[str, Subject]) -> bool:
        """Whether agreements let the reviewer know that each partner knows its person."""
        return all(
            any(
                self.level(subjects[person], partner, field) > Level.NOTHING
                for field in self.fields
            )
            for person in pair.people
            for partner in (pair.partner_l, pair.partner_r)
        )

    def explain(self, subject: Subject, partner: str, field: str) -> str:
        """Return why a field is not shown in full, in words."""
        asked = self._asked(subject)
        decision = decide(self.rules, asked, partner, field)
        words = explain_decision(self.rules, asked, partner, field, decision)
        return " ".join(words.sentences)

    @cached_property
    def fields(self) -> tuple[str, ...]:
        """The fields that linkage compares and the vocabulary knows."""
        return tuple(field for field in EVERY_FIELD if field in self.rules.terms.fields)

    @cached_property
    def partners(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Partners of which the rules let the reviewer know records for matching, and the others."""
        asked = Request(self.viewer, PURPOSE, self.reason((), ""), self.at)
        open_to: list[str] = []
        closed: list[str] = []
        for partner, words in self.rules.terms.partners.items():
            levels = (decide(self.rules, asked, partner, field).level for field in self.fields)
            (open_to if max(levels) > Level.NOTHING else closed).append(words)
        return tuple(open_to), tuple(closed)

    def _asked(self, subject: Subject) -> Request:
        reason = self.reason([subject.person_id], "")
        return Request(self.viewer, PURPOSE, reason, self.at, subject)


def reviewer_of(request: HttpRequest) -> Reviewer:
    """Return who reviews, under the rules of today."""
    viewer = viewer_of(request)
    assert viewer is not None  # noqa: S101 - the route admits nobody else
    at, place = dt.datetime.now(dt.UTC), current_place()
    return Reviewer(viewer, place.rules(place_day(at, place.place.place.time_zone)), at)


def visible_doubts(reviewer: Reviewer) -> list[DoubtfulPair]:
    """Return the pairs that nobody has taken up yet and the reviewer may know of, most valuable first.

    An answer on which somebody's flags hang counts for more.
    """
    reader, figures = current_place().snapshot_reader, review_figures()
    taken = reviews_by_anchors()
    every = reader.keep("doubtful pairs", lambda: find_doubts(reader))
    first = [each for each in every if (each.left, each.right) not in taken]
    picked = first[: figures.looked_through]
    subjects = read_subjects(reader, sorted({who for each in picked for who in each.people}))
    found = []
    for each in picked:
        if not reviewer.may_know(each, subjects):
            continue
        is_flagged = any(subjects[who].flags for who in each.people)
        value = each.value * (figures.flag_weight if is_flagged else 1)
        found.append(replace(each, value=value))
    return sorted(found, key=lambda each: (-each.value, each.ref))


def find_pair(reviewer: Reviewer, ref: str) -> tuple[DoubtfulPair, dict[str, Subject]]:
    """Return an open pair by what stands for it in an address, and its people as subjects.

    Raises:
        NotFoundError: if there is none, it is not doubtful and was never reviewed, or the
            reviewer may not know of both records: the same in every case.
    """
    reader = current_place().snapshot_reader
    ids = ref.split("-") if ref.isprintable() else []
    left, _, right = ref.partition("-") if len(ids) == 2 else ("", "", "")
    rows = reader.rows(
        "SELECT record_id, dataset, source_id FROM person_records "
        "WHERE record_id = $left OR record_id = $right ORDER BY record_id",
        {"left": left, "right": right},
    )
    pair, subjects = None, dict[str, Subject]()
    if len(rows) == 2:
        one, other = sorted((row["dataset"], row["source_id"]) for row in rows)
        pair = read_pair(reader, one, other)
    if pair is not None:
        every = reader.keep("doubtful pairs", lambda: find_doubts(reader))
        listed = next((e for e in every if (e.left, e.right) == (pair.left, pair.right)), None)
        if listed:
            pair = replace(pair, kind=listed.kind, sides=listed.sides, value=listed.value)
        subjects = read_subjects(reader, pair.people)
        is_open = listed is not None or find_review(pair.left, pair.right) is not None
        if is_open and reviewer.may_know(pair, subjects):
            return pair, subjects
        if is_open:
            # Somebody named an address: on record, and a sealed person's guardians are told.
            reveal_for(
                reviewer.viewer, page="doubtful-match", purpose=PURPOSE,
                subjects=list(subjects.values()), items=(),
                reason=reviewer.reason(pair.people, ""), at=reviewer.at,
            )  # fmt: skip
    raise NotFoundError(
        "There is no such pair.",
        "It is not doubtful, its records have changed or left, or you may not know of both.",
        "Go back to the list.",
    )
