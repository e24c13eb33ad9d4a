"""Canaries: every personal value of a snapshot replaced by one that stands nowhere else.

A canary seen anywhere says exactly whose value it is, who held it and in which field, so that
a reader of the prose alone can say whether it should have been seen.
"""

import datetime as dt
import json
import re
import string
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

WORD = re.compile(r"Cnry[a-z]{6}")
POSTCODE = re.compile(r"ZX\d{1,2} \d[A-Z]{2}")
MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
DAY = re.compile(rf"\b(\d{{1,2}}) ({'|'.join(MONTHS)}) (1[0-9]{{3}})\b|\b(1\d{{3}}-\d\d-\d\d)\b")
FIRST_DAY = dt.date(1200, 1, 1)


@dataclass(frozen=True)
class Secret:
    """Whose value a canary is, which partner holds it, and under which vocabulary field."""

    person_id: str
    partner: str
    field: str


@dataclass
class Canaries:
    """Every canary that was planted."""

    secrets: dict[str, set[Secret]] = field(default_factory=dict)
    _numbers: Iterator[int] = field(default_factory=count)
    keys: list[dict[str, str]] = field(default_factory=list)

    def found_in(self, text: str) -> set[str]:
        """Return the canaries that stand in a text."""
        days = (
            each[3] or f"{each[2]}-{MONTHS.index(each[1]) + 1:02}-{int(each[0]):02}"
            for each in DAY.findall(text)
        )
        candidates = {*WORD.findall(text), *POSTCODE.findall(text), *days}
        return candidates & self.secrets.keys()

    def word(self, secret: Secret) -> str:
        number, letters = next(self._numbers), []
        for _ in range(6):
            number, place = divmod(number, 26)
            letters.append(string.ascii_lowercase[place])
        return self._plant("Cnry" + "".join(letters), secret)

    def postcode(self, secret: Secret) -> str:
        rest, second = divmod(next(self._numbers), 26)
        rest, first = divmod(rest, 26)
        district, sector = divmod(rest, 10)
        letters = string.ascii_uppercase[first] + string.ascii_uppercase[second]
        assert district < 99
        return self._plant(f"ZX{district + 1} {sector}{letters}", secret)

    def day(self, secret: Secret) -> dt.date:
        planted = FIRST_DAY + dt.timedelta(days=next(self._numbers))
        self._plant(planted.isoformat(), secret)
        return planted

    def _plant(self, text: str, secret: Secret) -> str:
        self.secrets.setdefault(text, set()).add(secret)
        return text


def plant(snapshot: Path) -> Canaries:
    """Rewrite a snapshot's tables so that every personal value is a canary."""
    canaries = Canaries()
    _rewrite(snapshot / "person_identity.parquet", lambda rows: _identity(rows, canaries))
    people = pq.read_table(snapshot / "person_records.parquet", columns=["record_id", "person_id"])
    person_of = dict(zip(*(column.to_pylist() for column in people.columns), strict=True))
    _rewrite(snapshot / "records.parquet", lambda rows: _records(rows, person_of, canaries))
    _rewrite(snapshot / "search_keys.parquet", lambda rows: _keys(rows, canaries))
    _rewrite(snapshot / "timeline.parquet", lambda rows: _events(rows, canaries))
    _rewrite(snapshot / "involvements.parquet", lambda rows: _cases(rows, canaries))
    return canaries


def _rewrite(path: Path, change: object) -> None:
    table = pq.read_table(path)
    rows = table.to_pylist()
    change(rows)  # type: ignore[operator]
    path.unlink()
    pq.write_table(pa.Table.from_pylist(rows, schema=table.schema), path)


def _identity(rows: Iterable[dict[str, object]], canaries: Canaries) -> None:
    for row in rows:
        secret = Secret(str(row["person_id"]), str(row["partner"]), str(row["field"]))
        value = json.loads(str(row["value"]))
        for column in value:
            if column == "birth_date":
                value[column] = canaries.day(secret).isoformat()
            elif column == "postcode":
                value[column] = canaries.postcode(secret)
            elif column not in ("uprn", "sex"):  # the home is shared by its UPRN; sex is a letter
                value[column] = canaries.word(secret)
        row["value"] = json.dumps(value)
        if secret.field == "contact.address":
            row["seen_from"] = canaries.day(secret)  # when a household began is told by it
        canaries.keys += [
            {"key": key, "person_id": secret.person_id, "partner": secret.partner, "field": secret.field}
            for key in _keys_of(value)
        ]  # fmt: skip


_FIELD_OF = {
    "given_name": "identity.name", "middle_names": "identity.name", "family_name": "identity.name",
    "birth_date": "identity.birth-date", "nhs_number": "identity.nhs-number",
    "nino": "identity.nino", "upn": "identity.upn", "address": "contact.address",
    "postcode": "contact.address", "phone": "contact.phone", "email": "contact.email",
}  # fmt: skip


def _records(
    rows: Iterable[dict[str, object]], person_of: dict[str, str], canaries: Canaries
) -> None:
    for row in rows:
        for column, name in _FIELD_OF.items():
            if row[column] is None:
                continue
            secret = Secret(person_of[str(row["record_id"])], str(row["partner"]), name)
            if column == "birth_date":
                row[column] = canaries.day(secret)
            else:
                row[column] = (
                    canaries.postcode(secret) if column == "postcode" else canaries.word(secret)
                )


def _keys_of(value: dict[str, object]) -> Iterator[str]:
    """Return what the planted value can be searched by, as table `search_keys` writes it."""
    for column, text in value.items():
        if column in ("given_name", "middle_names", "family_name"):
            yield f"name:{str(text).lower()}"
        elif column == "birth_date":
            yield f"birth-date:{text}"
        elif column == "postcode":
            yield f"postcode:{str(text).replace(' ', '')}"
        elif column == "email":
            yield f"email:{str(text).lower()}"


def _keys(rows: list[dict[str, object]], canaries: Canaries) -> None:
    rows[:] = list(canaries.keys)


def _events(rows: Iterable[dict[str, object]], canaries: Canaries) -> None:
    for row in rows:
        secret = Secret(str(row["person_id"]), str(row["partner"]), str(row["kind"]))
        row["start_on"] = canaries.day(secret)
        row["end_on"] = canaries.day(secret) if row["end_on"] else None
        attributes = json.loads(str(row["attributes"]))
        row["attributes"] = json.dumps(
            {
                name: canaries.word(secret) if isinstance(value, str) else value
                for name, value in attributes.items()
            }
        )


def _cases(rows: Iterable[dict[str, object]], canaries: Canaries) -> None:
    for row in rows:
        secret = Secret(str(row["person_id"]), str(row["partner"]), "involvement.open-case")
        row["start_on"] = canaries.day(secret)
        row["end_on"] = canaries.day(secret) if row["end_on"] else None
        for column in ("service", "worker", "contact"):
            row[column] = canaries.word(secret) if row[column] else None
