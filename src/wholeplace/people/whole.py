"""The nouns of the whole-person view: sealed values, and what may be concluded from seen ones."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from wholeplace.agreements import Level, SealedItem, SeenItem, Subject

__all__ = ["ConditionOfNeed", "Housemate", "NeedRule", "SeenNeed", "WholePerson"]

_BIRTH_DATE = "identity.birth-date"


@dataclass(frozen=True)
class ConditionOfNeed:
    """One condition of a need, as far as showing it goes."""

    number: int
    joined: str
    at_least: int
    tests_attributes: bool
    tests_age: bool = False


@dataclass(frozen=True)
class NeedRule:
    """A need as the snapshot's framework has it."""

    framework: str
    version: str
    headline: str
    headline_label: str
    need: str
    label: str
    conditions: tuple[ConditionOfNeed, ...]


@dataclass(frozen=True)
class SeenNeed:
    """A need that the viewer may be shown, because what they see is enough to show it.

    Attributes:
        level: summary or detail; detail where the evidence seen in detail is enough alone.
        evidence: keys of the seen items that show it.
    """

    framework: str
    version: str
    headline: str
    headline_label: str
    need: str
    label: str
    level: Level
    evidence: tuple[str, ...]


@dataclass(frozen=True)
class Housemate:
    """Somebody who shares, or shared, a household with the person.

    Attributes:
        subject: this person, with flags of their own.
        identity: names, dates of birth and sex that partners hold of them.
        lives_with: the addresses the two have in common; each is about both of them and from
            the one or two partners that hold it of them, and the value carries `lives_from`
            and `lives_to` by their records alone. Unless one is seen, that the two live
            together may not be shown.
    """

    subject: Subject
    identity: tuple[SealedItem, ...]
    lives_with: tuple[SealedItem, ...]

    @property
    def items(self) -> tuple[SealedItem, ...]:
        """Everything of this person that the page would like to show."""
        return self.identity + self.lives_with

    def is_seen(self, seen: Iterable[SeenItem]) -> bool:
        """Whether it may be shown that this person lives with the subject of the page."""
        keys = {item.key for item in self.lives_with}
        return any(item.key in keys for item in seen)


@dataclass(frozen=True)
class WholePerson:
    """One person across all partners, every value sealed.

    Hand `items` and `subjects` to `agreements.reveal`; then ask `needs_seen` and
    `Housemate.is_seen` what may be concluded from what was revealed.
    """

    person_id: str
    subject: Subject
    identity: tuple[SealedItem, ...]
    timeline: tuple[SealedItem, ...]
    involvements: tuple[SealedItem, ...]
    household: tuple[Housemate, ...]
    _rules: tuple[NeedRule, ...] = field(repr=False)
    _evidence: Mapping[tuple[str, str], Mapping[str, tuple[int, ...]]] = field(repr=False)

    @property
    def subjects(self) -> tuple[Subject, ...]:
        """Everyone whom the page is about: the person first, then the household."""
        return (self.subject, *(each.subject for each in self.household))

    @property
    def items(self) -> tuple[SealedItem, ...]:
        """Everything that the page would like to show."""
        housemates = tuple(item for each in self.household for item in each.items)
        return self.identity + self.timeline + self.involvements + housemates

    def needs_seen(self, seen: Iterable[SeenItem]) -> tuple[SeenNeed, ...]:
        """Return the needs that seen items are enough to show, in the framework's order.

        A need tells what its evidence tells. So it is shown only where the evidence that the
        viewer sees would meet the rule by itself; evidence for a condition that tests an
        attribute or an age counts only where it is seen in detail. An age is worked out from a
        date of birth, so it counts only beside one that is seen, were it only its year.
        """
        shown = list(seen)
        levels = {item.key: item.level for item in shown}
        has_birth = any(item.field == _BIRTH_DATE and item.level >= Level.SUMMARY for item in shown)
        found = []
        for rule in self._rules:
            evidence = self._evidence.get((rule.framework, rule.need))
            if not evidence:
                continue
            for level in (Level.DETAIL, Level.SUMMARY):
                keys = _enough(rule, evidence, levels, level, has_birth=has_birth)
                if keys:
                    found.append(
                        SeenNeed(
                            rule.framework,
                            rule.version,
                            rule.headline,
                            rule.headline_label,
                            rule.need,
                            rule.label,
                            level,
                            keys,
                        )
                    )
                    break
        return tuple(found)


def _enough(
    rule: NeedRule,
    evidence: Mapping[str, tuple[int, ...]],
    levels: Mapping[str, Level],
    least: Level,
    *,
    has_birth: bool,
) -> tuple[str, ...]:
    """Return the keys of the evidence seen at a level or above, if it meets the rule alone."""
    by_number = {each.number: each for each in rule.conditions}
    counted: Counter[int] = Counter()
    shows: dict[str, list[int]] = {}
    for key, numbers in evidence.items():
        level = levels.get(key, Level.NOTHING)
        for number in numbers:
            condition = by_number[number]
            is_tested = condition.tests_attributes or condition.tests_age
            is_dated = has_birth or not condition.tests_age
            wanted = Level.DETAIL if is_tested else least
            if is_dated and level >= wanted and level > Level.EXISTENCE:
                counted[number] += 1
                shows.setdefault(key, []).append(number)
    met = {each.number for each in rule.conditions if counted[each.number] >= each.at_least}
    every = [each.number for each in rule.conditions if each.joined == "all"]
    some = [each.number for each in rule.conditions if each.joined == "any"]
    if not set(every) <= met or (some and not met & set(some)):
        return ()
    return tuple(key for key, numbers in shows.items() if met & set(numbers))
