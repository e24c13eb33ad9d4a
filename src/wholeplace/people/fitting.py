"""Whether facts read off somebody's papers fit one person's records. A yes or a no, never a value."""

from functools import cache

from wholeplace.foundation.store import SqlFile
from wholeplace.people.facts import Facts
from wholeplace.people.reader import SnapshotReader

__all__ = ["do_facts_fit"]


def do_facts_fit(snapshot: SnapshotReader, person_id: str, facts: Facts) -> bool:
    """Whether some partner holds each of the facts of this person, exactly.

    No tolerance: who reads papers in front of somebody has them as they are written.

    Args:
        snapshot: a reader of the published snapshot.
        person_id: whose records.
        facts: what was read; at least two.

    Raises:
        TooFewFactsError: if fewer than two identifying facts are given.
    """
    facts.check()
    rows = snapshot.rows_of(_file(), {"person_ids": [person_id]})
    held = {row["key"] for row in rows}
    wanted = {*facts.keys.values(), *(f"name:{word}" for word in facts.words)}
    return wanted <= held


@cache
def _file() -> SqlFile:
    return SqlFile.read("people", "read_keys_of")
