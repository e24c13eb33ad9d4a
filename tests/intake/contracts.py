"""Small contracts and data folders that the tests of intake share."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from wholeplace.foundation.folders import DataFolder
from wholeplace.partnership.definitions import Dataset

EVERYTHING = frozenset({"identity", "contact", "finance", "work", "health", "involvement"})


@dataclass(frozen=True)
class SmallPlace:
    datasets: Mapping[str, Dataset]


def everything(_: str) -> frozenset[str]:
    return EVERYTHING


def nothing(_: str) -> frozenset[str]:
    return frozenset()


def claims(**changes: Any) -> Dataset:
    """A jobcentre extract with two kinds of event, a flag and most identifiers."""
    text: dict[str, Any] = {
        "id": "claims",
        "title": "Claims",
        "partner": "jobcentre",
        "file": {"pattern": "claims_{date}.csv", "format": "csv"},
        "key": ("claim_id", "action"),
        "observed": "updated",
        "fields": (
            {"name": "claim_id", "constraints": {"required": True, "pattern": "[A-Z]{2}[0-9]+"}},
            {"name": "customer", "feeds": "record.source_id", "constraints": {"required": True}},
            {"name": "forename", "feeds": "record.given_name", "constraints": {"required": True}},
            {"name": "surname", "feeds": "record.family_name", "constraints": {"maxLength": 20}},
            {"name": "dob", "type": "date", "format": "%d/%m/%Y", "feeds": "record.birth_date"},
            {"name": "nino", "check": "nino", "feeds": "record.nino", "on_error": "blank"},
            {
                "name": "postcode",
                "check": "postcode",
                "feeds": "record.postcode",
                "on_error": "blank",
            },
            {"name": "uprn", "check": "uprn", "feeds": "record.uprn", "on_error": "blank"},
            {"name": "action", "constraints": {"required": True, "enum": ["claim", "sanction"]}},
            {"name": "from", "type": "date", "constraints": {"required": True}},
            {"name": "to", "type": "date"},
            {"name": "weeks", "type": "integer", "constraints": {"minimum": 0, "maximum": 156}},
            {"name": "regime"},
            {"name": "hidden", "type": "boolean"},
            {"name": "updated", "type": "date"},
        ),
        "events": (
            {
                "kind": "work.unemployment-claim",
                "when": {"action": ("claim",)},
                "start": "from",
                "end": "to",
                "attributes": {"regime": "regime"},
            },
            {
                "kind": "finance.sanction",
                "when": {"action": ("sanction",)},
                "start": "from",
                "attributes": {"weeks": "weeks"},
            },
        ),
        "flags": ({"flag": "sealed", "column": "hidden"},),
    }
    return Dataset.model_validate(text | changes)


HEADER = (
    "claim_id,customer,forename,surname,dob,nino,postcode,uprn,action,from,to,weeks,regime,"
    "hidden,updated"
)


def claim(number: int, **changes: str) -> dict[str, str]:
    row = {
        "claim_id": f"CL{number}",
        "customer": f"c{number % 7}",
        "forename": f"Name{number}",
        "surname": "Stone",
        "dob": f"{number % 28 + 1:02d}/03/198{number % 10}",
        "nino": f"AB{100000 + number}C",
        "postcode": "LB1 4QT",
        "uprn": f"{number + 1:012d}",
        "action": "claim" if number % 2 else "sanction",
        "from": f"2026-0{number % 9 + 1}-11",
        "to": "",
        "weeks": str(number % 20),
        "regime": "intensive",
        "hidden": "N",
        "updated": "2026-09-30",
    }
    return row | changes


def csv_text(rows: list[dict[str, str]], delimiter: str = ",", end: str = "\n") -> str:
    lines = [HEADER.replace(",", delimiter)]
    lines += [delimiter.join(row[name] for name in HEADER.split(",")) for row in rows]
    return end.join(lines) + end


def put(data: DataFolder, partner: str, name: str, content: bytes | str) -> Path:
    folder = data.make().inbox / partner
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
    return path
