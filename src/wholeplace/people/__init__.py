"""People: the whole-person view.

Enters: standard events, records and flags; people and households from linkage; need rules
from the place's frameworks. Leaves: the timeline across partners, who is working with whom,
needs with the evidence for each, flags projected onto people, counts of needs by area; and,
read from a snapshot, one person or a search's findings with every value sealed.

    conditions, compile, needs, reference   need rules: what they mean, in SQL and plainly
    counting                                needs by area, for those who may have them counted
    flags                                   who is sealed or restricted, whatever is re-linked
    build                                   the pipeline's stage
    reader, read, homes, whole              one person from the published snapshot
    facts, searchable, find                 search by two facts, and by what it may go

Promises: a need is shown only as far as its evidence is; re-linking never unseals anyone;
no score, no ranking of people; a search never tells of a value that the searcher may not see;
nothing leaves unsealed. Law: UK GDPR Articles 5(1)(b), (c)
and (f), 21 and 22; Data Protection Act 2018 section 45.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from wholeplace.people.build import PEOPLE_TABLES, build_people
    from wholeplace.people.counting import count_needs
    from wholeplace.people.facts import Facts, TooFewFactsError
    from wholeplace.people.find import Found, find_people
    from wholeplace.people.read import read_person, read_subjects
    from wholeplace.people.reader import SnapshotReader
    from wholeplace.people.searchable import Searchable
    from wholeplace.people.whole import Housemate, SeenNeed, WholePerson

__all__ = [
    "PEOPLE_TABLES",
    "Facts",
    "Found",
    "Housemate",
    "Searchable",
    "SeenNeed",
    "SnapshotReader",
    "TooFewFactsError",
    "WholePerson",
    "build_people",
    "count_needs",
    "find_people",
    "read_person",
    "read_subjects",
]

_HOMES = {
    "build": ("PEOPLE_TABLES", "build_people"),
    "counting": ("count_needs",),
    "facts": ("Facts", "TooFewFactsError"),
    "find": ("Found", "find_people"),
    "read": ("read_person", "read_subjects"),
    "reader": ("SnapshotReader",),
    "searchable": ("Searchable",),
    "whole": ("Housemate", "SeenNeed", "WholePerson"),
}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used, so that the room is cheap to import."""
    for module, names in _HOMES.items():
        if name in names:
            return getattr(import_module(f"wholeplace.people.{module}"), name)
    raise AttributeError(f"module 'wholeplace.people' has no attribute {name!r}")
