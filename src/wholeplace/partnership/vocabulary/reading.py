"""The vocabulary as typed, frozen values, read once."""

from collections.abc import Iterable, Mapping
from functools import cache, cached_property
from importlib.resources import as_file, files
from types import MappingProxyType
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from wholeplace.foundation.errors import CheckFailedError, NotFoundError
from wholeplace.partnership.texts import read_yaml

__all__ = [
    "Attribute",
    "EventField",
    "Flag",
    "Group",
    "Purpose",
    "RecordField",
    "Role",
    "Vocabulary",
    "load_vocabulary",
]


class _Word(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    label: str


class Group(_Word):
    """A field group; a clause may name it to mean every field in it."""


class RecordField(_Word):
    """Something that a partner holds about who a person is and how to reach them.

    Attributes:
        since: version of the vocabulary that first had it.
        summary: how a value is cut down at the summary level.
        columns: columns of the standard record that hold it.
    """

    since: int = Field(ge=1)
    summary: Literal["initials", "year", "sector", "held"]
    columns: tuple[str, ...]
    special: bool = False


class Attribute(_Word):
    """One attribute of an event."""

    type: Literal["text", "integer", "number", "date", "boolean"]


class EventField(_Word):
    """A kind of thing that happened.

    Attributes:
        since: version of the vocabulary that first had it.
        special: True for data of UK GDPR Article 9 or 10.
    """

    since: int = Field(ge=1)

    attributes: dict[str, Attribute] = {}
    special: bool = False


class Purpose(_Word):
    """What sharing is for."""

    means: str


class Role(_Word):
    """What a person is here to do."""


class Flag(_Word):
    """What a source says about how a person's record may be used."""

    means: str


class _Text(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    version: int = Field(ge=1)
    groups: dict[str, Group]
    record: dict[str, RecordField]
    events: dict[str, EventField]
    purposes: dict[str, Purpose]
    roles: dict[str, Role]
    flags: dict[str, Flag]


class Vocabulary:
    """Every field, purpose, role and flag, by id. Immutable."""

    def __init__(self, text: Mapping[str, Any]) -> None:
        words = _Text.model_validate(text)
        self.version = words.version
        self.groups: Mapping[str, Group] = MappingProxyType(words.groups)
        self.record: Mapping[str, RecordField] = MappingProxyType(words.record)
        self.events: Mapping[str, EventField] = MappingProxyType(words.events)
        self.purposes: Mapping[str, Purpose] = MappingProxyType(words.purposes)
        self.roles: Mapping[str, Role] = MappingProxyType(words.roles)
        self.flags: Mapping[str, Flag] = MappingProxyType(words.flags)

    @cached_property
    def fields(self) -> frozenset[str]:
        """Every record field and event field."""
        return frozenset(self.record) | frozenset(self.events)

    @cached_property
    def record_columns(self) -> Mapping[str, str]:
        """Column of the standard record → the field that covers it. `source_id` has none."""
        return MappingProxyType(
            {column: name for name, field in self.record.items() for column in field.columns}
        )

    def is_known(self, name: str) -> bool:
        """Tell whether a name is a field or a group."""
        return name in self.fields or name in self.groups

    def label(self, name: str) -> str:
        """Return the words that people see for a field or a group; the name if unknown."""
        found = self.groups.get(name) or self.record.get(name) or self.events.get(name)
        return found.label if found else name

    def group_of(self, field: str) -> str:
        """Return the group of a field: the part before the dot."""
        return field.partition(".")[0]

    def is_special(self, field: str) -> bool:
        """Tell whether a field shows special category or criminal offence data."""
        found = self.record.get(field) or self.events.get(field)
        return found is not None and found.special

    def expand(self, fields: Iterable[str]) -> frozenset[str]:
        """Return the single fields that a list of fields and groups means.

        Raises:
            NotFoundError: if a name is neither a field nor a group.
        """
        found: set[str] = set()
        for name in fields:
            if name in self.fields:
                found.add(name)
            elif name in self.groups:
                found |= {field for field in self.fields if self.group_of(field) == name}
            else:
                raise NotFoundError(
                    f"The vocabulary has no field or group `{name}`.",
                    "It is spelt otherwise, or is not shared by anyone yet.",
                    "See docs/reference/place-folder.md for every field.",
                )
        return frozenset(found)


@cache
def load_vocabulary() -> Vocabulary:
    """Return the vocabulary that ships with Wholeplace."""
    with as_file(files("wholeplace.partnership") / "vocabulary" / "fields.yaml") as path:
        text, faults = read_yaml(path, "vocabulary/fields.yaml")
    if text is None or faults:
        raise CheckFailedError(faults)
    return Vocabulary(text.data)
