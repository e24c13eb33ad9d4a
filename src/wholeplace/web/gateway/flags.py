"""Flags stated on screen: read from the database, and laid over people at every sight.

Every read of people's flags comes through the place's one snapshot reader, which asks here; the
gateway asks once more for whoever it is given. So a flag works from the next request on, on every
page, and none can go round it.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from wholeplace.agreements import Flag, Projection, Subject, standing_statements
from wholeplace.foundation.errors import NotFoundError
from wholeplace.web.gateway.models import FlagStatement
from wholeplace.web.gateway.wiring import current_place

__all__ = [
    "StatementAbout",
    "standing_about",
    "stated_flags",
    "statements_about",
    "subject_with_stated",
    "subjects_with_stated",
]


@dataclass(frozen=True)
class StatementAbout:
    """One statement of a person's history.

    Attributes:
        made: what was said, by whom, when and why.
        standing: ref of the statement that stands in its place now; its own where it stands.
    """

    made: FlagStatement
    standing: str

    @property
    def is_standing(self) -> bool:
        """Whether nothing was said in its place since, and it says something."""
        return self.standing == self.made.ref and self.made.value != ""


def stated_flags(person_ids: Iterable[str]) -> dict[str, tuple[Flag, ...]]:
    """Return what is stated on screen of each person now, by the strictest rule; empty where nothing.

    Shape: person id → flags. Extracts' own flags are not among them: `people.read_subjects` gives
    both together.
    """
    stated = _projection()
    return {each: stated.flags.get(each, ()) for each in person_ids}


def subject_with_stated(subject: Subject) -> Subject:
    """Return a subject with what was stated on screen and the guardians that seals leave."""
    return subjects_with_stated([subject])[0]


def subjects_with_stated(subjects: Iterable[Subject]) -> list[Subject]:
    """Return each subject as `subject_with_stated` does; asked once, however many there are."""
    from wholeplace.people.stated import with_stated

    stated = _projection()
    return [with_stated(each, stated) for each in subjects]


def statements_about(person_id: str) -> list[StatementAbout]:
    """Return the whole history of a person's flags stated on screen, oldest first.

    All that reaches them: also what was said of somebody whose records are theirs now. Whoever
    shows it decides first whether the reader may know of the person, and of a seal.
    """
    refs = _projection().statements.get(person_id, frozenset())
    made = FlagStatement.objects.filter(ref__in=refs)
    standing = standing_statements(current_place().flag_statements.statements())
    return [StatementAbout(each, standing[each.ref].id) for each in made]


def standing_about(person_id: str, flag: str, purpose: str | None = None) -> list[FlagStatement]:
    """Return what stands now of one flag of a person, oldest first; for one purpose, or for all."""
    return [
        each.made
        for each in statements_about(person_id)
        if each.is_standing and each.made.flag == flag and purpose in (None, each.made.purpose)
    ]


def _projection() -> Projection:
    try:
        return current_place().snapshot_reader.stated() or Projection()
    except NotFoundError:
        # Before the first run there is nobody of whom anything could be said.
        return Projection()
