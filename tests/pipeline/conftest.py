"""A small invented place with two partners, written by hand, for runs from end to end."""

import csv
import datetime as dt
import json
from pathlib import Path

import pytest

from wholeplace.agreements import MemorySignOffs, SignOff, agreement_hash, read_agreements
from wholeplace.foundation.folders import DataFolder
from wholeplace.partnership.folder import load_place

AT = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)
EXTRACT_ON = dt.date(2026, 3, 1)

PLACE = """
id: littleham
name: Littleham
purpose: To test the pipeline
host: council
invented: true
frameworks:
  - {id: supporting-families, version: "2022"}
"""
PARTNERS = """
partners:
  - {id: council, name: Littleham Council, kind: council, controller: Littleham Council, registration: ZZ1, roles: [practitioner, data-steward, signatory], boundaries: wards, signatory: Director, contact: a@council.example}
  - {id: police, name: Littleham Police, kind: police, controller: Chief Constable, registration: ZZ2, roles: [practitioner, signatory], signatory: Chief, contact: a@police.example}
"""
SCHOOL = """
id: pupils
title: Pupils
partner: council
file: {pattern: "pupils_{date}.csv", format: csv, update: changes}
key: [row]
observed: seen
fields:
  - {name: row, constraints: {required: true}}
  - {name: id, feeds: record.source_id, constraints: {required: true}}
  - {name: given, feeds: record.given_name}
  - {name: family, feeds: record.family_name}
  - {name: born, type: date, format: "%Y-%m-%d", feeds: record.birth_date}
  - {name: address, feeds: record.address}
  - {name: postcode, feeds: record.postcode}
  - {name: term, type: date, format: "%Y-%m-%d"}
  - {name: missed, type: number}
  - {name: sealed, type: boolean, true_values: ["Y"], false_values: ["N"]}
  - {name: seen, type: date, format: "%Y-%m-%d"}
events:
  - {kind: education.attendance, start: term, attributes: {absence_share: missed}}
flags:
  - {flag: sealed, column: sealed, authoritative: true, fresh_days: 45}
"""
POLICE = """
id: incidents
title: Incidents
partner: police
file: {pattern: "incidents_{date}.csv", format: csv, update: changes}
key: [row]
observed: happened
fields:
  - {name: row, constraints: {required: true}}
  - {name: id, feeds: record.source_id, constraints: {required: true}}
  - {name: given, feeds: record.given_name}
  - {name: family, feeds: record.family_name}
  - {name: born, type: date, format: "%Y-%m-%d", feeds: record.birth_date}
  - {name: address, feeds: record.address}
  - {name: postcode, feeds: record.postcode}
  - {name: happened, type: date, format: "%Y-%m-%d", constraints: {required: true}}
  - {name: what}
events:
  - {kind: crime.antisocial-behaviour, start: happened, attributes: {kind: what}}
"""
WARDS = """
id: wards
title: Wards
kind: ward
valid_from: 2020-01-01
source: Invented
boundaries: wards.geojson
lookup: wards.csv
"""
AGREEMENT = """
id: sharing
version: "1.0"
vocabulary: 1
title: Sharing in Littleham
purposes: [matching, whole-family-support]
why: To test the pipeline.
dpia: DPIA-1
starts_on: 2024-01-01
ends_on: 2030-12-31
review_on: 2027-01-01
contact: a@council.example
parties:
  - {partner: council, lawful_basis: 6(1)(e), legal_power: "Children Act 2004 s10", gateways: [children-act-2004-s10], special_condition: 9(2)(g), schedule_1: "18"}
  - {partner: police, lawful_basis: 6(1)(e), legal_power: "Crime and Disorder Act 1998 s115; Children Act 2004 s10", gateways: [crime-and-disorder-act-1998-s115, children-act-2004-s10], special_condition: 9(2)(g), schedule_1: "18"}
clauses:
  - {id: c1, source: council, recipient: all-parties, roles: [practitioner], purpose: whole-family-support, fields: [identity, contact, education], level: detail, retention_days: 365}
  - {id: c2, source: police, recipient: all-parties, roles: [practitioner], purpose: whole-family-support, fields: [identity, contact, crime], level: detail, retention_days: 365}
"""
PLANNING = """
id: planning
version: "1.0"
vocabulary: 1
title: Counting in Littleham
purposes: [service-planning]
why: To test counts.
dpia: DPIA-2
starts_on: 2024-01-01
ends_on: 2030-12-31
review_on: 2027-01-01
contact: a@council.example
parties:
  - {partner: council, lawful_basis: 6(1)(e), legal_power: "Children Act 2004 s10", gateways: [children-act-2004-s10], special_condition: 9(2)(g), schedule_1: "6"}
  - {partner: police, lawful_basis: 6(1)(e), legal_power: "Crime and Disorder Act 1998 s115; Children Act 2004 s10", gateways: [crime-and-disorder-act-1998-s115, children-act-2004-s10], special_condition: 9(2)(g), schedule_1: "6"}
clauses:
  - {id: n1, source: council, recipient: council, roles: [data-steward], purpose: service-planning, fields: [contact.address, education], level: existence, retention_days: 365}
  - {id: n2, source: police, recipient: council, roles: [data-steward], purpose: service-planning, fields: [crime], level: existence, retention_days: 365}
"""
SQUARES = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "properties": {"code": code, "name": name},
            "geometry": {
                "type": "Polygon",
                "coordinates": [
                    [[w, 53.0], [w + 0.1, 53.0], [w + 0.1, 53.1], [w, 53.1], [w, 53.0]]
                ],
            },
        }
        for code, name, w in (("W1", "West", -2.0), ("W2", "East", -1.9))
    ],
}
GIVEN = ("Leanne", "Craig", "Jayden", "Mia", "Omar", "Priya", "Tom", "Zofia")
FAMILY = ("Harlow", "Dunn", "Okafor", "Nowak", "Shah", "Reid", "Bell", "Costa")


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


def write_rows(path: Path, rows: list[dict[str, object]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def people(count: int) -> list[dict[str, object]]:
    return [
        {
            "id": f"S{n}",
            "given": GIVEN[n % 8],
            "family": FAMILY[n // 8 % 8],
            "born": f"20{8 + n % 9:02}-0{1 + n % 9}-{10 + n % 18}",
            "address": f"{n} High Street",
            "postcode": f"LT{1 + n % 2} {n % 9}AB",
        }
        for n in range(count)
    ]


def write_inbox(data: DataFolder, count: int = 48, day: dt.date = EXTRACT_ON) -> None:
    pupils = [
        {
            "row": f"P{n}",
            **person,
            "term": "2025-11-01",
            "missed": 0.2 if n % 3 == 0 else 0.02,
            "sealed": "Y" if n == 5 else "N",
            "seen": "2026-02-20",
        }
        for n, person in enumerate(people(count))
    ]
    incidents = [
        {
            "row": f"I{n}",
            **person,
            "id": f"N{n}",
            "happened": f"2025-12-{1 + n % 28:02}",
            "what": "noise",
        }
        for n, person in enumerate(people(count)[: count // 2])
    ]
    write_rows(data.inbox / "council" / f"pupils_{day}.csv", pupils)
    write_rows(data.inbox / "police" / f"incidents_{day}.csv", incidents)


def write_place(folder: Path) -> None:
    write(folder / "place.yaml", PLACE)
    write(folder / "partners.yaml", PARTNERS)
    write(folder / "datasets" / "pupils.yaml", SCHOOL)
    write(folder / "datasets" / "incidents.yaml", POLICE)
    write(folder / "areas" / "wards.yaml", WARDS)
    write(folder / "areas" / "wards.geojson", json.dumps(SQUARES))
    lookup = [
        {"postcode": f"LT{side} {n}AB", "code": f"W{side}"} for side in (1, 2) for n in range(9)
    ]
    write_rows(folder / "areas" / "wards.csv", lookup)
    write(folder / "agreements" / "sharing.yaml", AGREEMENT)
    write(folder / "agreements" / "planning.yaml", PLANNING)


def signed(folder: Path) -> MemorySignOffs:
    """Sign-offs by both parties of every agreement of the folder."""
    agreements = read_agreements(load_place(folder))
    return MemorySignOffs(
        [
            SignOff(each.id, agreement_hash(each), party.partner, "signatory", AT)
            for each in agreements
            for party in each.parties
        ]
    )


@pytest.fixture(scope="module")
def littleham(tmp_path_factory):
    """A place folder, its data folder and its sign-offs; not yet run."""
    town = tmp_path_factory.mktemp("littleham")
    folder = town / "littleham"
    write_place(folder)
    data = DataFolder(town / "littleham-data").make()
    write_inbox(data)
    return folder, data, signed(folder)
