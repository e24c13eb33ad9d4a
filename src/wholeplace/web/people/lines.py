"""From revealed items to the lines of the page: identity, timeline, who is working with them.

Everything here starts from what the gateway let through. Nothing is added, and an item at the
summary level is never given a day, a worker or a number.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from wholeplace.agreements.gateway import SeenItem
from wholeplace.agreements.texts.agreement import Level
from wholeplace.agreements.texts.terms import Terms
from wholeplace.web.people.wording import say_attribute, say_date

__all__ = ["IdentityRow", "Line", "Pair", "Worker", "identity_rows", "timeline_lines", "workers_of"]

_INVOLVEMENT = "involvement.open-case"


@dataclass(frozen=True)
class Pair:
    """One attribute in words."""

    label: str
    text: str


@dataclass(frozen=True)
class Line:
    """One line of the timeline.

    Attributes:
        when: day or month in words; empty where neither may be shown.
        year: for grouping and filtering.
        topic: field group.
        is_open: began and has not ended, where both may be known.
    """

    key: str
    label: str
    partner_id: str
    partner: str
    topic_id: str
    topic: str
    level: str
    when: str
    until: str
    year: str
    is_open: bool
    attributes: tuple[Pair, ...]


@dataclass(frozen=True)
class IdentityValue:
    """One value of an identity field, with every partner that holds it so."""

    text: str
    partners: tuple[str, ...]
    level: str


@dataclass(frozen=True)
class IdentityRow:
    """One identity field with all its different values."""

    label: str
    values: tuple[IdentityValue, ...] = field(default_factory=tuple)

    @property
    def best(self) -> IdentityValue:
        """The value to show first: the fullest, most widely held and newest."""
        return self.values[0]

    @property
    def others(self) -> tuple[IdentityValue, ...]:
        """The other values, in the same order."""
        return self.values[1:]

    @property
    def has_more(self) -> bool:
        """Whether there is more to say than the best value and one holder."""
        return len(self.values) > 1 or len(self.best.partners) > 1


@dataclass(frozen=True)
class Worker:
    """One service that works with the person."""

    partner: str
    service: str
    worker: str
    contact: str
    since: str
    until: str


def timeline_lines(items: Iterable[SeenItem], terms: Terms) -> list[Line]:
    """Return a line for each event seen, newest first."""
    events = [item for item in items if _kind(item, terms) == "event"]
    events.sort(key=lambda item: (item.partner, item.field, item.key))
    events.sort(key=lambda item: item.start_on, reverse=True)
    return [_line(item, terms) for item in events]


def identity_rows(
    items: Iterable[SeenItem], terms: Terms, newest: Sequence[str] = ()
) -> list[IdentityRow]:
    """Return a row for each record field seen; equal values of several partners stand once.

    Args:
        items: what the gateway let through.
        terms: words of fields and partners.
        newest: keys of the items, newest first; it settles which of two values stands first.
    """
    place = {key: number for number, key in enumerate(newest)}
    found: dict[str, dict[tuple[str, Level], list[str]]] = {}
    for item in sorted(items, key=lambda each: place.get(each.key, len(place))):
        if _kind(item, terms) == "record":
            shown = _say_record(item)
            partners = found.setdefault(item.field, {}).setdefault((shown, item.level), [])
            name = terms.words("partner", item.partner)
            if name not in partners:
                partners.append(name)
    rows = []
    for name in terms.fields:
        if name in found:
            # The fullest and most widely held value first; then, as they stand, the newest.
            ordered = sorted(found[name].items(), key=lambda each: (-each[0][1], -len(each[1])))
            rows.append(
                IdentityRow(
                    terms.words("field", name),
                    tuple(
                        IdentityValue(text, tuple(sorted(partners)), level.label)
                        for (text, level), partners in ordered
                    ),
                )
            )
    return rows


def workers_of(items: Iterable[SeenItem], terms: Terms) -> list[Worker]:
    """Return who is working with the person now, and then who was, newest first."""
    cases = [item for item in items if item.field == _INVOLVEMENT]
    cases.sort(key=lambda item: item.start_on, reverse=True)
    cases.sort(key=lambda item: bool(item.end_on))
    found = [
        Worker(
            terms.words("partner", item.partner),
            str(item.values.get("service") or "Not shown at your level"),
            str(item.values.get("worker") or ""),
            str(item.values.get("contact") or ""),
            say_date(item.start_on),
            say_date(item.end_on),
        )
        for item in cases
    ]
    return list(dict.fromkeys(found))


def _line(item: SeenItem, terms: Terms) -> Line:
    term = terms.fields[item.field]
    is_detail = item.level == Level.DETAIL
    return Line(
        item.key,
        item.label,
        item.partner,
        terms.words("partner", item.partner),
        term.group,
        terms.groups.get(term.group, term.group),
        item.level.label,
        say_date(item.start_on),
        say_date(item.end_on),
        item.start_on[:4] or "Date not shown",
        is_detail and item.field == _INVOLVEMENT and not item.end_on,
        _pairs(term.attributes, item.values),
    )


def _pairs(labels: Mapping[str, str], values: Mapping[str, object]) -> tuple[Pair, ...]:
    pairs = []
    for name, label in labels.items():
        text = say_attribute(name, values.get(name))
        if text:
            # Amounts are held in pence and said in pounds.
            pairs.append(Pair(label.removesuffix(" in pence"), text))
    return tuple(pairs)


def _say_record(item: SeenItem) -> str:
    if item.level == Level.DETAIL and item.field == "identity.sex":
        return {"F": "Female", "M": "Male"}.get(item.text, item.text)
    if item.level == Level.DETAIL and item.field == "contact.address":
        parts = [str(item.values[key]) for key in ("address", "postcode") if item.values.get(key)]
        return ", ".join(parts) or item.text
    if item.field == "identity.birth-date":
        return say_date(item.text) or item.text
    return "Held, not shown" if item.text == "held" else item.text


def _kind(item: SeenItem, terms: Terms) -> str:
    term = terms.fields.get(item.field)
    return term.kind if term else ""
