"""From weighed pairs to groups of records: reads the store, calls clustering and vetoes."""

from dataclasses import dataclass
from itertools import chain

import numpy as np
import pyarrow as pa

from wholeplace.foundation.store import Store, quote_name
from wholeplace.linkage.clustering import Edge, Refusal, group_records
from wholeplace.linkage.decisions import DECIDED_APART
from wholeplace.linkage.model import LinkModel
from wholeplace.linkage.training import Parameters
from wholeplace.linkage.vetoes import MALFORMED, Facts, VetoRules, find_veto, is_whole

__all__ = ["ATTESTED", "Groups", "group_pairs", "list_attested"]

ATTESTED = 3  # records that bear a first name before it counts as somebody's real name
_NUMBERS = {
    "nhs_number": "NHS numbers",
    "nino": "National Insurance numbers",
    "upn": "pupil numbers",
}


_NONE: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Groups:
    """Every record in exactly one group.

    Attributes:
        records: record ids, sorted; groups and refusals name them by place in this list.
        groups: lists of places; single records included; sorted.
        refused: joins that the evidence asked for and a veto forbade.
    """

    records: list[str]
    groups: list[list[int]]
    refused: list[Refusal]


def group_pairs(store: Store, model: LinkModel, parameters: Parameters) -> Groups:
    """Group the records of `linkage_input` by the weights in `linkage_pairs`.

    First names are somebody's real name where their root is in `linkage_attested`. What people
    decided stands in `linkage_bound` and holds over any evidence and any other veto.
    """
    records: list[str] = (
        store.arrow("SELECT record_id FROM linkage_input ORDER BY record_id").column(0).to_pylist()
    )
    together, apart = _read_bound(store)
    edges = _near_edges(_read_edges(store), len(records), model.pooling.link_bits, together)
    touched = {place for left, right, _ in edges for place in (left, right)}
    facts = _read_facts(store, touched.union(*together))

    rules = veto_rules(model, parameters)

    def veto(some: list[int], others: list[int]) -> str | None:
        if apart and any(not apart.get(place, _NONE).isdisjoint(others) for place in some):
            return DECIDED_APART
        return find_veto(
            {facts[place] for place in some}, {facts[place] for place in others}, rules
        )

    found = group_records(edges, model.pooling, veto, together)
    joined = set(chain.from_iterable(found.members.values()))
    singles = [[place] for place in range(len(records)) if place not in joined]
    return Groups(records, sorted([*found.members.values(), *singles]), found.refused)


def list_attested(store: Store, records: str) -> None:
    """Build `linkage_attested`: the roots of first names that enough standardised records bear."""
    store.run(
        f"CREATE OR REPLACE TABLE linkage_attested AS SELECT given_root FROM {quote_name(records)} "
        f"WHERE given_root IS NOT NULL GROUP BY given_root HAVING count(*) >= {ATTESTED}"
    )


def veto_rules(model: LinkModel, parameters: Parameters) -> VetoRules:
    """Say which vetoes this place's records bear out: what one person's records rarely show."""

    def is_rare(name: str) -> bool:
        levels = parameters.chances.get(name)
        # Levels seen less often in one person's records than by chance speak against.
        return (
            levels is not None and sum(m for m, u in levels.values() if m < u) <= model.veto_share
        )

    return VetoRules(twins=is_rare("given_name"), namesakes=is_rare("birth_date"))


def _read_edges(store: Store) -> pa.Table:
    return store.arrow(
        "WITH places AS (SELECT record_id, row_number() OVER (ORDER BY record_id) - 1 AS place FROM linkage_input) "
        "SELECT l.place AS l, r.place AS r, weight FROM linkage_pairs "
        "JOIN places AS l ON record_id_l = l.record_id JOIN places AS r ON record_id_r = r.record_id"
    )


def _read_bound(store: Store) -> tuple[list[tuple[int, int]], dict[int, set[int]]]:
    """Return pairs that people put together, and by record those that they keep apart."""
    rows = store.arrow(
        "WITH places AS (SELECT record_id, row_number() OVER (ORDER BY record_id) - 1 AS place FROM linkage_input) "
        "SELECT l.place AS l, r.place AS r, kind FROM linkage_bound "
        "JOIN places AS l ON record_id_l = l.record_id JOIN places AS r ON record_id_r = r.record_id ORDER BY ALL"
    ).to_pylist()
    apart: dict[int, set[int]] = {}
    for row in rows:
        if row["kind"] == "different":
            apart.setdefault(row["l"], set()).add(row["r"])
            apart.setdefault(row["r"], set()).add(row["l"])
    return [(row["l"], row["r"]) for row in rows if row["kind"] == "same"], apart


def _near_edges(
    table: pa.Table, records: int, link_bits: float, together: list[tuple[int, int]]
) -> list[Edge]:
    """Keep the pairs inside parts that links connect: only there can a pair speak for or against."""
    left, right = table.column("l").to_numpy(), table.column("r").to_numpy()
    weight = table.column("weight").to_numpy()
    root = list(range(records))

    def find(place: int) -> int:
        while root[place] != place:
            root[place] = root[root[place]]
            place = root[place]
        return place

    strong = weight >= link_bits
    links = zip(left[strong].tolist(), right[strong].tolist(), strict=True)
    for one, other in chain(links, together):
        first, second = find(one), find(other)
        root[max(first, second)] = min(first, second)
    part = np.array([find(place) for place in range(records)])
    near = part[left] == part[right]
    return list(zip(left[near].tolist(), right[near].tolist(), weight[near].tolist(), strict=True))


def _read_facts(store: Store, places: set[int]) -> dict[int, Facts]:
    columns = ", ".join(_NUMBERS)
    rows = store.arrow(
        "SELECT given_name, given_root IN (FROM linkage_attested) AS is_attested, middle_parts, "
        f"family_name, birth_date, placeholder_date, {columns} FROM linkage_input ORDER BY record_id"
    ).to_pylist()
    return {
        place: Facts(
            row["given_name"],
            bool(row["is_attested"]),
            frozenset(row["middle_parts"] or ()),
            row["family_name"],
            None if row["placeholder_date"] else row["birth_date"],
            frozenset(
                (words if is_whole(column, row[column]) else MALFORMED, row[column])
                for column, words in _NUMBERS.items()
                if row[column]
            ),
        )
        for place, row in enumerate(rows)
        if place in places
    }
