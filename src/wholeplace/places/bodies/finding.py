"""Who is responsible for one person's need: where they live, how old they are, on which day."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from wholeplace.foundation.errors import NotFoundError
from wholeplace.places.bodies.definitions import (
    PARTS,
    Arrangement,
    Confidence,
    Covers,
    Duty,
    England,
    LocalBodies,
    Part,
    RoleHolder,
    Topic,
)

__all__ = ["Answer", "Responsible", "Whereabouts", "find_responsible", "topics_of_need"]

Whereabouts = Mapping[str, tuple[str, str]]
"""Area set or kind of area → code and name of the area that somebody lives in."""


@dataclass(frozen=True)
class Responsible:
    """One body that takes one part.

    Attributes:
        body: its name.
        role: what kind of body it is, in words; empty where it fills no role.
        area: the area by which it is responsible; empty where it is for everybody.
        partner: id of the partner, where it is one.
        law: the legal basis, in words.
        source: where that was read; `source_on` the day.
        confidence: of the legal basis.
        ages: for whom, where not for all.
        together: whether it shares the part with others by law or agreement.
        named_by: where the place says that it fills the role, with the day.
    """

    part: Part
    body: str
    role: str
    area: str
    partner: str | None
    contact: str
    law: str
    source: str
    source_on: dt.date
    confidence: Confidence
    ages: tuple[int, int] | None
    together: bool
    named_by: str


@dataclass(frozen=True)
class Answer:
    """Who takes each part in one topic.

    Attributes:
        parts: every part in order, with the bodies that take it.
        gaps: parts that nobody takes here, each with why.
        doubles: parts that several take without any arrangement that names them together.
        is_for_age: False where the topic is not about somebody of this age.
    """

    topic: Topic
    parts: Mapping[Part, tuple[Responsible, ...]]
    gaps: Mapping[Part, str]
    doubles: tuple[Part, ...]
    is_for_age: bool

    @property
    def bodies(self) -> tuple[str, ...]:
        """Every different body, in order of part."""
        return tuple(dict.fromkeys(each.body for found in self.parts.values() for each in found))


def topics_of_need(topics: Iterable[Topic], need: str, headline: str) -> tuple[Topic, ...]:
    """Return the topics that a framework's need belongs to."""
    return tuple(each for each in topics if need in each.needs or headline in each.headlines)


def find_responsible(
    law: England,
    local: Sequence[LocalBodies],
    topic_id: str,
    where: Whereabouts,
    *,
    age: int | None,
    on: dt.date,
) -> Answer:
    """Return who takes each part in meeting a need.

    Args:
        law: the reviewed duties.
        local: who fills which role here; empty for a place known by lookups alone.
        topic_id: what the need is about.
        where: the areas that the person lives in.
        age: in whole years; None where it is not known, which counts as any age.
        on: the day.

    Raises:
        NotFoundError: if there is no such topic.
    """
    topic = next((each for each in law.topics if each.id == topic_id), None)
    if topic is None:
        raise NotFoundError(
            "There is no such topic.",
            f"Nothing is known of “{topic_id}”.",
            f"Use one of: {', '.join(each.id for each in law.topics)}.",
        )
    finder = _Finder(law, local, where, on)
    found: dict[Part, list[Responsible]] = {part: [] for part in PARTS}
    wanted: dict[Part, list[str]] = {part: [] for part in PARTS}
    for duty in law.duties.get(topic_id, ()):
        if _fits(duty.ages, age):
            bodies = finder.of_duty(duty, topic_id)
            found[duty.part] += bodies
            if not bodies and duty.role is not None:
                wanted[duty.part].append(law.roles[duty.role].label)
    for arrangement in finder.arrangements(topic_id):
        if _fits(arrangement.ages, age):
            found[arrangement.part].append(finder.of_arrangement(arrangement))
    parts = {part: _once(found[part]) for part in PARTS}
    gaps = {part: _why_gap(wanted[part]) for part in PARTS if not parts[part]}
    doubles = tuple(part for part in PARTS if _is_double(parts[part]))
    return Answer(topic, parts, gaps, doubles, _fits(topic.ages, age))


class _Finder:
    """What is known of one place on one day, for somebody who lives in it."""

    def __init__(
        self, law: England, local: Sequence[LocalBodies], where: Whereabouts, on: dt.date
    ) -> None:
        self._law, self._local, self._where, self._on = law, local, where, on

    def of_duty(self, duty: Duty, topic: str) -> list[Responsible]:
        """Return the bodies that fill a duty here; none where nobody does."""
        if duty.body is not None:
            return [self._responsible(duty, duty.body, "", "", None, "", "")]
        role = str(duty.role)
        label = self._law.roles[role].label
        holders = [each for each in self._holders(role, topic) if self._reaches(each.covers)]
        if holders:
            return [
                self._responsible(
                    duty, each.body, label, self._area(each.covers), each.partner, each.contact,
                    f"{each.source}, {each.source_on.isoformat()}",
                )
                for each in holders
            ]  # fmt: skip
        if any(True for each in self._local for holder in each.holders if holder.role == role):
            return []
        # Nothing is said here of the role: the body is the one that has the area.
        return [
            self._responsible(
                duty, _name_body(label, name or code), label, name or code, None, "", ""
            )
            for kind in self._law.roles[role].areas
            if kind in self._where
            for code, name in [self._where[kind]]
        ]  # fmt: skip

    def arrangements(self, topic: str) -> list[Arrangement]:
        """Return what the place arranges for a topic, where the person lives, on the day."""
        return [
            each
            for file in self._local
            for each in file.arrangements
            if each.topic == topic and self._reaches(each.covers) and self._holds(each)
        ]

    def of_arrangement(self, each: Arrangement) -> Responsible:
        """Return an arrangement's body."""
        return Responsible(
            each.part, each.body, "", self._area(each.covers), each.partner, each.contact,
            each.basis, each.source, each.source_on, "guidance", each.ages,
            bool(each.jointly_with), f"{each.source}, {each.source_on.isoformat()}",
        )  # fmt: skip

    def _holders(self, role: str, topic: str) -> list[RoleHolder]:
        holders = [
            each
            for file in self._local
            for each in file.holders
            if each.role == role and self._holds(each)
        ]
        named = [each for each in holders if topic in each.topics]
        return named or [each for each in holders if not each.topics]

    def _holds(self, each: RoleHolder | Arrangement) -> bool:
        return each.valid_from <= self._on and (each.valid_to is None or self._on <= each.valid_to)

    def _reaches(self, covers: Covers | None) -> bool:
        if covers is None:
            return True
        here = self._where.get(covers.areas)
        return here is not None and (not covers.codes or here[0] in covers.codes)

    def _area(self, covers: Covers | None) -> str:
        code, name = self._where.get(covers.areas, ("", "")) if covers else ("", "")
        return name or code

    def _responsible(
        self, duty: Duty, body: str, role: str, area: str, partner: str | None, contact: str,
        named_by: str,
    ) -> Responsible:  # fmt: skip
        law = self._law.laws[duty.law]
        return Responsible(
            duty.part, body, role, area, partner, contact, law.title, law.source, law.source_on,
            law.confidence, duty.ages, bool(duty.with_), named_by,
        )  # fmt: skip


def _name_body(label: str, area: str) -> str:
    """Return what a body is called that is known by its area alone."""
    return area if label.lower() in area.lower() else f"{label} for {area}"


def _fits(ages: tuple[int, int] | None, age: int | None) -> bool:
    return ages is None or age is None or ages[0] <= age <= ages[1]


def _once(found: Iterable[Responsible]) -> tuple[Responsible, ...]:
    kept: dict[tuple[str, str], Responsible] = {}
    for each in found:
        kept.setdefault((each.body, each.law), each)
    return tuple(kept.values())


def _why_gap(wanted: Sequence[str]) -> str:
    if wanted:
        words = " or ".join(sorted({each[0].lower() + each[1:] for each in wanted}))
        return f"Nobody is named here as the {words}."
    return "The law gives this part to no body that we know of."


def _is_double(found: Sequence[Responsible]) -> bool:
    """Tell whether bodies take one part beside each other without an arrangement.

    Those that law or agreement names together count as one.
    """
    apart = {each.body for each in found if not each.together}
    return len(apart) > 1
