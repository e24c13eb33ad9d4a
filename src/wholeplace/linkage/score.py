"""Score links against known truth: only where the truth is known, as in Larkbridge."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import pyarrow as pa

__all__ = ["Quality", "Score", "score_households", "score_links", "score_lodgings"]


@dataclass(frozen=True)
class Quality:
    """Precision (of what was joined, the share that is right), recall and their harmonic mean."""

    precision: float
    recall: float
    f1: float

    @classmethod
    def of(cls, right: int, found: int, true: int) -> "Quality":
        """Work out quality from counts; nothing found and nothing true is perfect."""
        precision = right / found if found else 1.0
        recall = right / true if true else 1.0
        both = precision + recall
        return cls(
            round(precision, 5),
            round(recall, 5),
            round(2 * precision * recall / both, 5) if both else 0.0,
        )


@dataclass(frozen=True)
class Score:
    """How well people were found.

    Attributes:
        records: records whose truth is known.
        people_true: people behind them.
        people_found: people found.
        pairwise: over pairs that were compared and linked directly, where edges are given;
            otherwise the same as cluster.
        cluster: over every pair of records inside one person found.
        by_source_pair: the same for each pair of datasets, as "one | other".
        households: over pairs of people who share a household, where that truth is given.
        lodgings: of pairs of people who truly shared no more than a communal or temporary
            address, how many there are, and how many were taken for one family.
    """

    records: int
    people_true: int
    people_found: int
    pairwise: Quality
    cluster: Quality
    by_source_pair: Mapping[str, Quality] = field(default_factory=dict)
    households: Quality | None = None
    lodgings: Mapping[str, int] | None = None

    def as_plain(self) -> dict[str, Any]:
        """Return the score as plain values for JSON."""
        return asdict(self)


def score_links(
    person_records: pa.Table,
    record_rows: pa.Table,
    truth_rows: pa.Table,
    *,
    link_edges: pa.Table | None = None,
    spells: pa.Table | None = None,
    household_members: pa.Table | None = None,
    households: pa.Table | None = None,
) -> Score:
    """Score people found against who each row of each file is really about.

    Args:
        person_records: record_id, person_id, dataset.
        record_rows: dataset, file, row_number, record_id.
        truth_rows: dataset, file, row_number, person_true_id.
        link_edges: record_id_l, record_id_r, outcome.
        spells: person_true_id, household_true_id: who truly lives with whom.
        household_members: household_id, person_id.
        households: household_id, kind; for lodgings, with the spells' address_key and kind.
    """
    true_of = _true_people(record_rows, truth_rows)
    found_of, dataset_of = {}, {}
    for row in person_records.select(["record_id", "person_id", "dataset"]).to_pylist():
        if row["record_id"] in true_of:
            found_of[row["record_id"]] = row["person_id"]
            dataset_of[row["record_id"]] = row["dataset"]
    cluster = _pair_quality((found_of[record], true_of[record]) for record in found_of)
    return Score(
        records=len(found_of),
        people_true=len({true_of[record] for record in found_of}),
        people_found=len(set(found_of.values())),
        pairwise=_edge_quality(link_edges, found_of, true_of)
        if link_edges is not None
        else cluster,
        cluster=cluster,
        by_source_pair=_source_quality(found_of, true_of, dataset_of),
        households=score_households(household_members, spells, found_of, true_of)
        if spells is not None and household_members is not None
        else None,
        lodgings=score_lodgings(household_members, households, spells, found_of, true_of)
        if spells is not None and household_members is not None and households is not None
        else None,
    )


def _true_people(record_rows: pa.Table, truth_rows: pa.Table) -> dict[str, str]:
    """Return each record's true person: the one behind most of its rows."""
    keys = ["dataset", "file", "row_number"]
    of_row = {
        (row["dataset"], row["file"], row["row_number"]): row["person_true_id"]
        for row in truth_rows.select([*keys, "person_true_id"]).to_pylist()
    }
    votes: dict[str, Counter[str]] = {}
    for row in record_rows.select([*keys, "record_id"]).to_pylist():
        person = of_row.get((row["dataset"], row["file"], row["row_number"]))
        if person is not None:
            votes.setdefault(row["record_id"], Counter())[str(person)] += 1
    return {
        record: min(found, key=lambda name: (-found[name], name)) for record, found in votes.items()
    }


def _pairs(counts: Iterable[int]) -> int:
    return sum(count * (count - 1) // 2 for count in counts)


def _pair_quality(labels: Iterable[tuple[str, str]]) -> Quality:
    both, found, true = Counter[tuple[str, str]](), Counter[str](), Counter[str]()
    for label in labels:
        both[label] += 1
        found[label[0]] += 1
        true[label[1]] += 1
    return Quality.of(_pairs(both.values()), _pairs(found.values()), _pairs(true.values()))


def _edge_quality(
    edges: pa.Table, found_of: Mapping[str, str], true_of: Mapping[str, str]
) -> Quality:
    right = linked = 0
    for row in edges.select(["record_id_l", "record_id_r", "outcome"]).to_pylist():
        left, other = row["record_id_l"], row["record_id_r"]
        if row["outcome"] == "linked" and left in found_of and other in found_of:
            linked += 1
            right += true_of[left] == true_of[other]
    return Quality.of(
        right, linked, _pairs(Counter(true_of[record] for record in found_of).values())
    )


def _source_quality(
    found_of: Mapping[str, str], true_of: Mapping[str, str], dataset_of: Mapping[str, str]
) -> dict[str, Quality]:
    def tally(groups: Iterable[tuple[Any, str]]) -> Counter[tuple[str, str]]:
        held: dict[Any, Counter[str]] = {}
        for group, dataset in groups:
            held.setdefault(group, Counter())[dataset] += 1
        pairs: Counter[tuple[str, str]] = Counter()
        for counts in held.values():
            names = sorted(counts)
            for place, one in enumerate(names):
                pairs[one, one] += counts[one] * (counts[one] - 1) // 2
                for other in names[place + 1 :]:
                    pairs[one, other] += counts[one] * counts[other]
        return pairs

    right = tally(((found_of[record], true_of[record]), dataset_of[record]) for record in found_of)
    found = tally((found_of[record], dataset_of[record]) for record in found_of)
    true = tally((true_of[record], dataset_of[record]) for record in found_of)
    return {
        f"{one} | {other}": Quality.of(right[one, other], found[one, other], true[one, other])
        for one, other in sorted(found.keys() | true.keys())
        if found[one, other] or true[one, other]
    }


def score_households(
    members: pa.Table, spells: pa.Table, found_of: Mapping[str, str], true_of: Mapping[str, str]
) -> Quality:
    """Score pairs of people who ever share a household.

    A person found counts as whom most of its records are about; people with no record are
    left out.
    """
    truly = _truly(found_of, true_of)
    known = set(truly.values())
    found_pairs = _together(
        (row["household_id"], truly[row["person_id"]])
        for row in members.select(["household_id", "person_id"]).to_pylist()
        if row["person_id"] in truly
    )
    true_pairs = _together(
        (row["household_true_id"], row["person_true_id"])
        for row in spells.select(["household_true_id", "person_true_id"]).to_pylist()
        if row["person_true_id"] in known
    )
    return Quality.of(len(found_pairs & true_pairs), len(found_pairs), len(true_pairs))


def score_lodgings(
    members: pa.Table,
    households: pa.Table,
    spells: pa.Table,
    found_of: Mapping[str, str],
    true_of: Mapping[str, str],
) -> dict[str, int]:
    """Count pairs who truly shared lodgings and never a household, and those taken for a family.

    Lodgings are communal addresses, where nobody is anybody's family by living there, and
    temporary ones, where several families may stay.

    Returns:
        `pairs`, and `taken_for_families` among them.
    """
    truly = _truly(found_of, true_of)
    known = set(truly.values())
    lived = [row for row in spells.to_pylist() if row["person_true_id"] in known]
    lodged = _together(
        (row["address_key"], row["person_true_id"]) for row in lived if row["kind"] != "home"
    )
    # The people of a communal address are one household on paper, and no family.
    families = _together(
        (row["household_true_id"], row["person_true_id"])
        for row in lived
        if row["kind"] != "communal"
    )
    homes = {row["household_id"] for row in households.to_pylist() if row["kind"] == "home"}
    found = _together(
        (row["household_id"], truly[row["person_id"]])
        for row in members.select(["household_id", "person_id"]).to_pylist()
        if row["person_id"] in truly and row["household_id"] in homes
    )
    only_lodged = lodged - families
    return {"pairs": len(only_lodged), "taken_for_families": len(only_lodged & found)}


def _truly(found_of: Mapping[str, str], true_of: Mapping[str, str]) -> dict[str, str]:
    """Return whom most of each found person's records are about."""
    votes: dict[str, Counter[str]] = {}
    for record, person in found_of.items():
        votes.setdefault(person, Counter())[true_of[record]] += 1
    return {
        person: min(found, key=lambda name: (-found[name], name)) for person, found in votes.items()
    }


def _together(lives: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
    homes: dict[str, set[str]] = {}
    for home, person in lives:
        homes.setdefault(home, set()).add(person)
    pairs = set()
    for people in homes.values():
        ordered = sorted(people)
        pairs |= {
            (one, other) for place, one in enumerate(ordered) for other in ordered[place + 1 :]
        }
    return pairs
