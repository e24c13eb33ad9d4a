"""Counting families and needs for money: from the published snapshot, only as protected counts.

What may be counted is decided before by whoever asks: the facts that every role shown the count
may have counted. So there is one count for all of them, and no two roles' counts can be compared
to find the few in between. Each count is recorded in the ledger of releases before it is shown
and repeated from there.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

from wholeplace.agreements import HOME, PLANNING, CountableFact
from wholeplace.foundation.canonical import content_hash
from wholeplace.foundation.disclosure import (
    AreaTable,
    Population,
    ProtectedAreas,
    ProtectedCount,
    ReleaseLedger,
    release_table,
)
from wholeplace.foundation.store import SqlFile
from wholeplace.money.spend.families import NeedCount

__all__ = [
    "HouseholdNeeds",
    "ReadsTables",
    "count_household_needs",
    "count_open_families",
]

_OPEN = "involvement.open-case"
_SEVERAL, _OTHER = "several", "other"
_SERVICES, _NEEDS, _HOUSEHOLDS = "services", "needs", "households"


class ReadsTables(Protocol):
    """A reader of the published snapshot (`people.SnapshotReader`)."""

    @property
    def snapshot(self) -> Any:
        """The snapshot that is read."""
        ...

    def rows(self, sql: str, params: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
        """Return the rows of a SELECT."""
        ...

    def rows_of(
        self, file: SqlFile, params: Mapping[str, Any] | None = None
    ) -> list[dict[str, Any]]:
        """Return the rows of an SQL file."""
        ...


@dataclass(frozen=True)
class HouseholdNeeds:
    """Households, those with several headline needs, and each need's people in them.

    Attributes:
        households: all that may be counted.
        several: those with several headline needs.
        least_headlines: how many that is.
    """

    households: ProtectedCount
    several: ProtectedCount
    needs: tuple[NeedCount, ...]
    least_headlines: int


def count_open_families(
    reader: ReadsTables,
    recipient: str,
    facts: Sequence[CountableFact],
    releases: Path,
) -> Mapping[str, ProtectedCount]:
    """Return how many families each service has open, protected, by the service's name.

    Args:
        reader: of the published snapshot.
        recipient: partner for whom it is counted.
        facts: what may be counted for everybody who will see it.
        releases: folder of release ledgers.
    """
    on_day = _day_of(reader)
    rows = _read(
        reader,
        "families_open",
        ("countable_people",),
        {"recipient": recipient, "kind": _OPEN, "on_day": on_day, "facts": _names(facts)},
    )
    counts = {str(row["service"]): int(row["families"]) for row in rows}
    if not counts:
        return {}
    table = _release(
        reader,
        _SERVICES,
        AreaTable({_SERVICES: {each: each for each in sorted(counts)}}, ("families",)),
        {(each, "families"): number for each, number in counts.items()},
        recipient,
        facts,
        releases,
    )
    return {each: table.count(_SERVICES, each) for each in counts}


def count_household_needs(
    reader: ReadsTables,
    recipient: str,
    facts: Sequence[CountableFact],
    releases: Path,
    *,
    least_headlines: int = 3,
) -> HouseholdNeeds | None:
    """Return households by needs, protected; None where no home may be counted.

    Args:
        reader: of the published snapshot.
        recipient: partner for whom it is counted.
        facts: what may be counted for everybody who will see it.
        releases: folder of release ledgers.
        least_headlines: how many headline needs are several.
    """
    if not any(each.field == HOME for each in facts):
        return None
    rows = _read(
        reader,
        "household_needs",
        ("countable_people", "countable_homes", "allowed_needs"),
        {
            "recipient": recipient,
            "on_day": _day_of(reader),
            "facts": _names(facts),
            "least_headlines": least_headlines,
            "home": HOME,
        },
    )
    known = reader.rows("SELECT DISTINCT framework, need FROM need_conditions ORDER BY ALL")
    needs = [f"{row['framework']}/{row['need']}" for row in known]
    found = {f"{row['framework']}/{row['need']}".strip("/"): row for row in rows}
    what = f"{least_headlines} headlines"
    people = _release(
        reader, f"{_NEEDS} {what}",
        AreaTable({_NEEDS: {each: each for each in needs}}, (_SEVERAL, _OTHER)),
        {key: number for each in needs for key, number in _sides(each, found.get(each)).items()},
        recipient, facts, releases,
    )  # fmt: skip
    homes = _release(
        reader, f"{_HOUSEHOLDS} {what}",
        AreaTable({_HOUSEHOLDS: {_HOUSEHOLDS: _HOUSEHOLDS}}, (_SEVERAL, _OTHER)),
        _sides(_HOUSEHOLDS, found.get("")),
        recipient, facts, releases,
    )  # fmt: skip
    return HouseholdNeeds(
        homes.count(_HOUSEHOLDS, _HOUSEHOLDS),
        homes.count(_HOUSEHOLDS, _HOUSEHOLDS, _SEVERAL),
        tuple(
            NeedCount(each, people.count(_NEEDS, each, _SEVERAL), people.count(_NEEDS, each))
            for each in needs
        ),
        least_headlines,
    )


def _sides(name: str, row: Mapping[str, Any] | None) -> dict[tuple[str, str], int]:
    several = int(row["several"]) if row else 0
    everybody = int(row["people"]) if row else 0
    return {(name, _SEVERAL): several, (name, _OTHER): everybody - several}


def _names(facts: Iterable[CountableFact]) -> list[str]:
    return sorted({f"{each.source}/{each.field}" for each in facts})


def _day_of(reader: ReadsTables) -> dt.date:
    return dt.date.fromisoformat(str(reader.snapshot.manifest["as_of"])[:10])


def _read(
    reader: ReadsTables, name: str, before: Sequence[str], params: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """Read one of this room's files, with the files that it reads from put before it.

    Each is the very file that the pipeline counts by, on the facts that are allowed here alone.
    """
    own = SqlFile.read("money", name)
    steps = [("countable_facts", SqlFile.read("money", "allowed_facts").select)]
    for each in before:
        file = SqlFile.read("people", "countable_needs" if each == "allowed_needs" else each)
        steps.append((each, file.select))
    made = ",\n".join(f"{step} AS (\n{select}\n)" for step, select in steps)
    joined = replace(own, select=f"WITH {made}\nSELECT * FROM (\n{own.select}\n)")
    wanted = {"purpose": PLANNING, **params}
    return reader.rows_of(
        joined, {key: value for key, value in wanted.items() if f"${key}" in joined.select}
    )


def _release(
    reader: ReadsTables,
    what: str,
    shape: AreaTable,
    counts: Mapping[tuple[str, str], int],
    recipient: str,
    facts: Sequence[CountableFact],
    releases: Path,
) -> ProtectedAreas:
    edition = f"{reader.snapshot.id} {reader.snapshot.manifest.get('cut_at', '')}".strip()
    evidence = content_hash([_names(facts)])[:16]
    ledger = ReleaseLedger(releases / content_hash(["money", recipient, what])[:24])
    return release_table(
        shape,
        counts,
        ledger=ledger,
        population=Population(what, evidence, edition=edition),
        recipient=recipient,
        title=what,
        released_at=dt.datetime.now(dt.UTC),
    ).table
