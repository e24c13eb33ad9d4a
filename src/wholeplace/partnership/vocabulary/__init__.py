"""The vocabulary: every item that an agreement, a dataset or a need rule can name.

Enters: `fields.yaml`, reviewed text of this package. Leaves: `Vocabulary`.
"""

from wholeplace.partnership.vocabulary.reading import (
    Attribute,
    EventField,
    Flag,
    Group,
    Purpose,
    RecordField,
    Role,
    Vocabulary,
    load_vocabulary,
)

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
