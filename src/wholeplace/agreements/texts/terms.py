"""The words that agreements use: partners, roles, purposes, fields and what they are called.

Everything that agreements need of a place stands in one `Terms`, so that this room's laws can
be tested over invented places.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from wholeplace.partnership.definitions import Partner
from wholeplace.partnership.vocabulary import Vocabulary

__all__ = ["ALL_PARTIES", "FieldTerm", "Terms", "terms_of"]

ALL_PARTIES = "all-parties"
"""The recipient that stands for every party but the source."""


@dataclass(frozen=True)
class FieldTerm:
    """One field of the vocabulary.

    Attributes:
        summary: for record fields, how the value is cut down: initials, year, sector, held.
        is_special: shows special category or criminal offence data (UK GDPR 9 and 10).
        attributes: for events, attribute to the words shown.
        since: version of the vocabulary that first had it.
    """

    id: str
    label: str
    kind: Literal["record", "event"]
    summary: str = "held"
    is_special: bool = False
    columns: tuple[str, ...] = ()
    attributes: Mapping[str, str] = field(default_factory=dict)
    since: int = 1

    @property
    def group(self) -> str:
        """The field group: the part before the dot."""
        return self.id.partition(".")[0]


@dataclass(frozen=True)
class Terms:
    """A place's words. Every mapping but `fields` is from id to the words shown.

    Attributes:
        contacts: partner to where its questions go.
        time_zone: the zone in which days begin and end here.
        kinds: partner to what sort of body it is.
    """

    fields: Mapping[str, FieldTerm]
    groups: Mapping[str, str]
    purposes: Mapping[str, str]
    roles: Mapping[str, str]
    partners: Mapping[str, str]
    contacts: Mapping[str, str] = field(default_factory=dict)
    time_zone: str = "Europe/London"
    kinds: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def _members(self) -> Mapping[str, tuple[str, ...]]:
        members: dict[str, list[str]] = {group: [] for group in self.groups}
        for name, term in self.fields.items():
            members.setdefault(term.group, []).append(name)
        return {group: tuple(sorted(names)) for group, names in members.items()}

    @cached_property
    def version(self) -> int:
        """Return the newest version that any field came with."""
        return max((term.since for term in self.fields.values()), default=1)

    def expand(self, name: str, version: int | None = None) -> tuple[str, ...]:
        """Return the fields that a clause's word means: itself, its group's, or none.

        Args:
            name: a field or a field group.
            version: of the vocabulary that the word was written in; today's when None.
        """
        found = (name,) if name in self.fields else self._members.get(name, ())
        if version is None:
            return found
        return tuple(each for each in found if self.fields[each].since <= version)

    def words(self, kind: Literal["partner", "role", "purpose", "field"], name: str) -> str:
        """Return what people call it; the id in plain letters where it has no words."""
        if kind == "field":
            term = self.fields.get(name)
            found = term.label if term else self.groups.get(name)
        else:
            table = {"partner": self.partners, "role": self.roles, "purpose": self.purposes}
            found = table[kind].get(name)
        return found or name.replace("-", " ").replace(".", ": ")


def terms_of(
    vocabulary: Vocabulary, partners: Iterable[Partner] = (), time_zone: str = "Europe/London"
) -> Terms:
    """Return the terms of a place: its vocabulary, its partners and its time zone."""
    fields = {
        name: FieldTerm(
            name, each.label, "record", each.summary, each.special, each.columns, since=each.since
        )
        for name, each in vocabulary.record.items()
    }
    for name, event in vocabulary.events.items():
        attributes = {key: each.label for key, each in event.attributes.items()}
        fields[name] = FieldTerm(
            name,
            event.label,
            "event",
            is_special=event.special,
            attributes=attributes,
            since=event.since,
        )
    known = list(partners)
    return Terms(
        fields=fields,
        groups={key: each.label for key, each in vocabulary.groups.items()},
        purposes={key: each.label for key, each in vocabulary.purposes.items()},
        roles={key: each.label for key, each in vocabulary.roles.items()},
        partners={each.id: each.name for each in known},
        contacts={each.id: each.contact for each in known},
        time_zone=time_zone,
        kinds={each.id: each.kind for each in known},
    )
