"""Where a place departs from its frameworks: changed, added and switched-off needs."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from wholeplace.partnership.definitions import Condition, Departure, Framework, Headline, Need, Rule

__all__ = ["Difference", "apply_departures", "describe_rule", "list_differences"]

_TEXTS = ("label", "evidence", "source", "numbers")


@dataclass(frozen=True, order=True)
class Difference:
    """One departure of the place from a framework, in words.

    Attributes:
        kind: `changed`, `added` or `dropped`.
        changes: for each thing changed: what, before, after.
        why: the place's reason, as written.
        file: the file in `needs/` that says so.
    """

    framework: str
    headline: str
    need: str
    kind: Literal["changed", "added", "dropped"]
    label: str
    changes: tuple[tuple[str, str, str], ...]
    why: str
    file: str

    def __str__(self) -> str:
        lines = [f"{self.need} ({self.label}): {self.kind}"]
        lines += [f"  {what}: {before} → {after}" for what, before, after in self.changes]
        if self.why:
            lines.append(f"  why: {self.why}")
        return "\n".join(lines)


def apply_departures(framework: Framework, departures: Iterable[Departure]) -> Framework:
    """Return the framework as the place uses it."""
    ours = [each for each in departures if each.framework == framework.id]
    headlines = tuple(_apply_headline(headline, ours) for headline in framework.headlines)
    return framework.model_copy(update={"headlines": headlines})


def _apply_headline(headline: Headline, departures: list[Departure]) -> Headline:
    dropped = {each.drop for each in departures}
    changed = {each.override: each for each in departures if each.override}
    kept = [need for need in headline.needs if need.id not in dropped]
    needs = [_override(need, changed[need.id]) if need.id in changed else need for need in kept]
    needs += [make_need(each) for each in departures if each.add and each.headline == headline.id]
    return headline.model_copy(update={"needs": tuple(needs)})


def _override(need: Need, departure: Departure) -> Need:
    stated = {key: getattr(departure, key) for key in ("rule", *_TEXTS)}
    return need.model_copy(
        update={key: value for key, value in stated.items() if value is not None}
    )


def make_need(departure: Departure) -> Need:
    """Return the need that a departure adds."""
    return Need(
        id=str(departure.add),
        label=departure.label or "",
        rule=departure.rule or Rule(),
        evidence=departure.evidence or "",
        source=departure.source or "",
        numbers=departure.numbers or "",
    )


def list_differences(
    framework: Framework, departures: Iterable[tuple[str, Departure]]
) -> list[Difference]:
    """Return every departure from one framework, in the framework's order.

    Args:
        framework: as published.
        departures: pairs of file and what it says.
    """
    found: list[Difference] = []
    stated = [(file, each) for file, each in departures if each.framework == framework.id]
    for headline in framework.headlines:
        here: list[Difference] = []
        for file, departure in stated:
            named = (departure.override, departure.drop)
            here += [
                _difference(framework, headline, need, departure, file)
                for need in headline.needs
                if need.id in named
            ]
            if departure.add and departure.headline == headline.id:
                here.append(_difference(framework, headline, make_need(departure), departure, file))
        order = {need.id: place for place, need in enumerate(headline.needs)}
        found += sorted(here, key=lambda each: (order.get(each.need, len(order)), each.need))
    return found


def _difference(
    framework: Framework, headline: Headline, need: Need, departure: Departure, file: str
) -> Difference:
    kind: Literal["changed", "added", "dropped"] = "dropped"
    changes: tuple[tuple[str, str, str], ...] = ()
    if departure.add:
        kind, changes = "added", (("rule", "none", describe_rule(need.rule)),)
    elif departure.override:
        kind, changes = "changed", tuple(_changes(need, _override(need, departure)))
    return Difference(
        framework.id, headline.id, need.id, kind, need.label, changes, departure.why or "", file
    )


def _changes(before: Need, after: Need) -> Iterable[tuple[str, str, str]]:
    for name in _TEXTS:
        old, new = getattr(before, name), getattr(after, name)
        if old != new:
            yield name, old or "none", new or "none"
    yield from _rule_changes(before.rule, after.rule)


def _rule_changes(before: Rule, after: Rule) -> Iterable[tuple[str, str, str]]:
    same_shape = [c.event for c in before.all] == [c.event for c in after.all] and [
        c.event for c in before.any
    ] == [c.event for c in after.any]
    if not same_shape:
        if before != after:
            yield "rule", describe_rule(before), describe_rule(after)
        return
    pairs = zip((*before.all, *before.any), (*after.all, *after.any), strict=True)
    for old, new in pairs:
        olds, news = _thresholds(old), _thresholds(new)
        for name in sorted(olds.keys() | news.keys()):
            if olds.get(name) != news.get(name):
                what = f"{name} of {old.event}"
                yield what, _show(olds.get(name)), _show(news.get(name))


def _thresholds(condition: Condition) -> dict[str, Any]:
    plain = condition.model_dump(exclude={"event", "where"})
    for attribute, tests in condition.where.items():
        for operator, value in tests.items():
            plain[f"{attribute} ({operator})"] = value
    return plain


def _show(value: Any) -> str:
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return " or ".join(_show(item) for item in value)
    return value if isinstance(value, str) else json.dumps(value, default=str)


_OPERATORS = {"eq": "is", "in": "is", "gte": "at least", "lte": "at most"}


def describe_rule(rule: Rule) -> str:
    """Return a rule as one plain sentence part."""
    parts = [_describe_condition(condition) for condition in rule.all]
    if rule.any:
        choices = " or ".join(_describe_condition(condition) for condition in rule.any)
        parts.append(f"({choices})" if parts else choices)
    return " and ".join(parts) or "no condition"


def _describe_condition(condition: Condition) -> str:
    parts = [f"{condition.at_least} or more {condition.event}"]
    for attribute, tests in condition.where.items():
        for operator, value in tests.items():
            parts.append(f"with {attribute} {_OPERATORS[operator]} {_show(value)}")
    if condition.within_days is not None:
        parts.append(f"in the last {condition.within_days} days")
    if condition.open:
        parts.append("not ended")
    if condition.age_from is not None:
        parts.append(f"aged {condition.age_from} or over")
    if condition.age_to is not None:
        parts.append(f"aged {condition.age_to} or under")
    return " ".join(parts)
