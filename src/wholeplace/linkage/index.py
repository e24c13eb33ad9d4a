"""The kept index: what new records are linked against, and one person is looked up in.

It lies in the snapshot, so that both are published in one step. Nothing is ever taken *out* of
an index: where somebody is erased or an agreement lapses it goes as a whole, since blocking
keys, frequencies and weights rest on everybody, and the next run builds another from the
records that are left.
"""

__all__ = ["INDEX_TABLES"]

INDEX_TABLES = (
    "link_constraints",
    "link_frequencies",
    "link_input",
    "link_keys",
    "link_version",
)
"""What people decided; values and their shares; standardised records; blocking keys; what
training learnt."""
