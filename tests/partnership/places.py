"""A small sound place, and how to break it: what the partnership tests start from."""

import json
import shutil
from pathlib import Path

from wholeplace.partnership import write_place

__all__ = ["DATASET", "make_place", "put"]

DATASET = """\
id: early-help
title: Early help
partner: council
file: {pattern: "early_help_{date}.csv", format: csv, update: changes}
key: [entry_no]
observed: updated_on
fields:
  - {name: entry_no, constraints: {required: true}}
  - {name: person_no, feeds: record.source_id}
  - {name: forename, feeds: record.given_name}
  - {name: born_on, type: date, format: "%d/%m/%Y", feeds: record.birth_date}
  - {name: kind, constraints: {enum: [A, B]}}
  - {name: started_on, type: date}
  - {name: score, type: integer, constraints: {minimum: 1, maximum: 5}}
  - {name: agreed, type: boolean, true_values: ["Y"], false_values: ["N"]}
  - {name: updated_on, type: date}
events:
  - kind: family.early-help-assessment
    when: {kind: [A]}
    start: started_on
    attributes: {score: score}
flags:
  - {flag: consent, column: agreed, purpose: whole-family-support}
"""

PARTNERS = """\
partners:
  - id: council
    name: Testham Council
    kind: council
    controller: Testham Council
    registration: ZA000001
    roles: [practitioner, signatory]
    boundaries: wards
    signatory: Director of Children's Services
    contact: governance@testham.example
  - id: police
    name: Testham Police
    kind: police
    controller: Chief Constable of Testham
    registration: ZA000002
    roles: [practitioner]
    signatory: Superintendent
    contact: governance@police.example
"""

AREAS = """\
id: wards
title: Wards
kind: ward
valid_from: 2023-05-04
source: Invented
boundaries: wards.geojson
lookup: wards.csv
"""

NEED = """\
framework: supporting-families
override: persistent-absence
why: Our schools act early.
rule:
  all:
    - event: education.attendance
      where: {absence_share: {gte: 0.15}}
      at_least: 2
      within_days: 365
      age_from: 4
      age_to: 17
"""

_SQUARE = {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]}
BOUNDARIES = {
    "type": "FeatureCollection",
    "features": [
        {"type": "Feature", "properties": {"code": code, "name": name}, "geometry": _SQUARE}
        for code, name in (("W1", "North"), ("W2", "South"))
    ],
}


def make_place(folder: Path) -> Path:
    """Write a sound place with a dataset, an area set, a departure and terms."""
    if folder.exists():
        shutil.rmtree(folder)
    write_place(folder, "testham", "Testham")
    put(folder, "partners.yaml", PARTNERS)
    put(folder, "datasets/early-help.yaml", DATASET)
    put(folder, "areas/wards.yaml", AREAS)
    put(folder, "areas/wards.geojson", json.dumps(BOUNDARIES))
    put(folder, "areas/wards.csv", "postcode,code\nTE1 1AA,W1\nTE1 1AB,W2\n")
    put(folder, "needs/absence.yaml", NEED)
    return folder


def put(folder: Path, file: str, text: str | bytes) -> None:
    """Write one file of a place."""
    path = folder / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
