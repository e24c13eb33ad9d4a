"""One pair on a page: both records side by side, and how they compare, at the level decided."""

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from django.http import HttpRequest

from wholeplace.agreements import Level, SealedItem, SeenItem, Subject
from wholeplace.foundation.errors import NotFoundError
from wholeplace.foundation.sealed import Sealed
from wholeplace.foundation.store import SqlFile
from wholeplace.linkage.model import LinkModel, read_model
from wholeplace.linkage.review.charts import Bar, draw_waterfall
from wholeplace.linkage.review.figures import band_of
from wholeplace.linkage.review.queue import DoubtfulPair
from wholeplace.linkage.review.telling import Told, levelled_fields, tell_comparisons
from wholeplace.web.gateway.reveal import reveal_page
from wholeplace.web.gateway.wiring import current_place
from wholeplace.web.linkage.access import PURPOSE, Reviewer

__all__ = ["FieldRow", "PairShown", "show_values"]


@dataclass(frozen=True)
class FieldRow:
    """One field of both records.

    Attributes:
        left, right: what may be shown; empty where there is nothing to show.
        why: why one or both are not shown in full, by partner.
    """

    label: str
    left: str
    right: str
    why: tuple[str, ...]


@dataclass(frozen=True)
class PairShown:
    """All that the page shows of a pair.

    Attributes:
        told: how the records compare.
        is_whole: whether every comparison may be told in full, and so the sum of them.
        sum_words: how likely one person is, in words.
        chart: the waterfall; empty where not all may be told.
        hidden: why some comparisons are not told.
    """

    rows: tuple[FieldRow, ...]
    told: tuple[Told, ...]
    is_whole: bool
    start: float
    sum_words: str
    chart: str
    hidden: tuple[str, ...]


def show_values(
    request: HttpRequest,
    reviewer: Reviewer,
    pair: DoubtfulPair,
    subjects: Mapping[str, Subject],
    review_id: str,
) -> PairShown:
    """Return a pair as the reviewer may see it; the sight is on record first.

    Raises:
        NotFoundError: if the gateway lets the reviewer know of only one of the two.
    """
    place = current_place()
    model, people = read_model(place.folder), [subjects[each] for each in pair.people]
    levels = _levels(pair, model)
    lowest = {field: reviewer.lowest(pair, people, field) for field in reviewer.fields}

    def level_of(field: str) -> Level:
        return lowest.get(field, Level.NOTHING)

    items = _items(pair, levelled_fields(levels, model, level_of))
    revealed = reveal_page(
        request, page="doubtful-match", purpose=PURPOSE, subjects=people,
        items=[item for _, item in items], reason=reviewer.reason(pair.people, review_id),
        at=reviewer.at,
    )  # fmt: skip
    if any(revealed.person(each) is None for each in pair.people):
        raise NotFoundError("There is no such pair.", "", "Go back to the list.")
    seen = {item.key: item for item in revealed.items}
    told = tell_comparisons(levels, model, level_of)
    return _compose(reviewer, pair, subjects, items, seen, told)


def _compose(
    reviewer: Reviewer,
    pair: DoubtfulPair,
    subjects: Mapping[str, Subject],
    items: list[tuple[str, SealedItem]],
    seen: Mapping[str, SeenItem],
    told: tuple[Told, ...],
) -> PairShown:
    values = {
        (record, item.field): _say(seen[item.key]) for record, item in items if item.key in seen
    }
    rows = []
    for field in reviewer.fields:
        left, right = (values.get((each, field), "") for each in (pair.record_l, pair.record_r))
        why = _why(reviewer, pair, subjects, field)
        if left or right or why:
            rows.append(FieldRow(reviewer.rules.terms.words("field", field), left, right, why))
    is_whole = bool(told) and all(each.bits is not None for each in told)
    start = pair.weight - sum(each.bits or 0.0 for each in told)
    bars = [Bar(f"{each.label}: {each.words}", each.bits or 0.0) for each in told if each.bits]
    title = "How each comparison moves the odds that both records are one person"
    chart = draw_waterfall(start, bars, title=title, name="waterfall") if is_whole else ""
    withheld = dict.fromkeys(field for each in told for field in each.withheld)
    hidden = tuple(
        dict.fromkeys(
            sentence for field in withheld for sentence in _why(reviewer, pair, subjects, field)
        )
    )
    words = band_of(pair.probability)
    return PairShown(tuple(rows), told, is_whole, start, words, chart, hidden)


def _say(item: SeenItem) -> str:
    """Return a value as people write it: a day in words."""
    try:
        day = dt.date.fromisoformat(item.text)
    except ValueError:
        return item.text
    return f"{day.day} {day:%B %Y}"


def _why(
    reviewer: Reviewer, pair: DoubtfulPair, subjects: Mapping[str, Subject], field: str
) -> tuple[str, ...]:
    """Return why a field is not shown in full, from the rules alone: whether or not it is held."""
    sides = {(pair.people[0], pair.partner_l), (pair.people[-1], pair.partner_r)}
    sides |= {(pair.people[-1], pair.partner_l), (pair.people[0], pair.partner_r)}
    return tuple(
        dict.fromkeys(
            reviewer.explain(subjects[person], partner, field)
            for person, partner in sorted(sides)
            if reviewer.level(subjects[person], partner, field) < Level.DETAIL
        )
    )


def _levels(pair: DoubtfulPair, model: LinkModel) -> list[tuple[str, str, float]]:
    """Return (comparison, words of its level, bits) in the model's order."""
    found = json.loads(pair.levels)
    told = []
    for comparison in model.comparisons:
        level = found.get(comparison.name)
        if level:
            words = {each.id: each.label for each in comparison.levels}
            label = words.get(level["level"], level["level"])
            told.append((comparison.name, label, float(level["weight"])))
    return told


def _items(pair: DoubtfulPair, levelled: frozenset[str]) -> list[tuple[str, SealedItem]]:
    """Return (record id, item) of every value of both records, sealed.

    What is levelled is about both people and from both partners, so that the gateway shows it at
    the lowest level of all.
    """
    place = current_place()
    text = (files("wholeplace.web.linkage") / "sql" / "pair_values.sql").read_text("utf-8")
    rows: list[dict[str, Any]] = place.snapshot_reader.rows(
        SqlFile.parse("pair_values", text).select,
        {"record_l": pair.record_l, "record_r": pair.record_r},
    )
    found = []
    for number, row in enumerate(rows):
        is_left = row["record_id"] == pair.record_l
        is_levelled = row["field"] in levelled
        others = tuple(each for each in pair.people if each != row["person_id"])
        partner = pair.partner_r if is_left else pair.partner_l
        item = SealedItem(
            f"value-{number}", row["partner"], row["dataset"], row["field"], row["person_id"],
            Sealed(json.loads(row["value"])),
            also_about=others if is_levelled else (),
            also_from=(partner,) if is_levelled and partner != row["partner"] else (),
        )  # fmt: skip
        found.append((row["record_id"], item))
    return found
