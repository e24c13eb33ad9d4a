"""A small invented street of records with the usual mistakes, and the truth about it."""

import datetime as dt
import random
from dataclasses import dataclass, field

import pyarrow as pa

from wholeplace.foundation.store import Store
from wholeplace.intake.shapes import RECORDS

GIVEN = [
    "Margaret", "Robert", "Samuel", "Samantha", "Thomas", "Jack", "Olivia", "Amelia", "Priya", "Mohammed", "Leanne",
    "Craig", "Jayden", "Mia", "Stephen", "Catherine", "William", "Elizabeth", "Harold", "Doris", "Aisha", "Piotr",
    "Megan", "Rhys", "Chloe", "Ethan", "Joan", "Derek", "Sharon", "Kevin", "Tracey", "Gareth", "Fatima", "Connor",
    "Holly", "Joshua", "Grace", "Daniel", "Lucy", "Adam",
]  # fmt: skip
FAMILY = [
    "Harlow", "Dunn", "Smith", "Jones", "Patel", "Khan", "Okafor", "Kowalski", "Brown", "Taylor", "Wilson", "Evans",
    "Thomas", "Roberts", "Walker", "Wright", "Green", "Hall", "Wood", "Clarke", "Jackson", "Turner", "Hill", "Cooper",
    "Ward", "Morris", "Moore", "Begum", "Ahmed", "Lee",
]  # fmt: skip
FAMILIAR = {
    "Margaret": "Peggy",
    "Robert": "Bob",
    "Samuel": "Sam",
    "Catherine": "Kate",
    "William": "Bill",
}
SEEN = dt.date(2024, 1, 1)


def nhs_number(number: int) -> str:
    """Return a well-formed NHS number made from nine digits."""
    while True:
        digits = f"{number:09d}"
        check = (
            11
            - sum(
                int(digit) * weight for digit, weight in zip(digits, range(10, 1, -1), strict=True)
            )
            % 11
        )
        if check != 10:
            return digits + str(0 if check == 11 else check)
        number += 1


@dataclass
class Street:
    """Records and who each is about."""

    rows: list[dict[str, object]] = field(default_factory=list)
    true_of: dict[str, str] = field(default_factory=dict)

    def add(self, person: str, **values: object) -> str:
        record = f"r{len(self.rows):06d}"
        row = {
            "record_id": record,
            "dataset": "gp-registrations",
            "partner": "gp-federation",
            "source_id": record,
        }
        row |= {"seen_from": SEEN, "seen_to": SEEN + dt.timedelta(days=600)} | values
        self.rows.append(row)
        self.true_of[record] = person
        return record

    def table(self) -> pa.Table:
        return pa.Table.from_pylist(self.rows, schema=RECORDS)


def build_street(homes: int, seed: int) -> Street:
    """Build families in homes, each person known to two to four datasets."""
    chance = random.Random(seed)
    street = Street()
    for home in range(homes):
        family = chance.choice(FAMILY)
        address = f"{home % 90 + 1} Mill Lane"
        postcode = f"LB{home // 90 % 9 + 1} {home // 10 % 10}AB"
        phone = f"0770090{home:04d}"
        for member in range(chance.randint(1, 5)):
            born = dt.date(
                chance.choice([1985, 1990] if member < 2 else [2010, 2014]), 1, 2
            ) + dt.timedelta(days=chance.randint(0, 1500))
            given = chance.choice(GIVEN)
            number = nhs_number(400_000_000 + home * 50 + member * 7)
            truth = f"{home}-{member}"
            for dataset in chance.sample(
                ["gp-registrations", "council-tax", "tenancies", "police-incidents"],
                chance.randint(2, 4),
            ):
                street.add(
                    truth,
                    **_mistaken(
                        chance, dataset, given, family, born, address, postcode, phone, number, home
                    ),
                )
    return street


def _mistaken(chance, dataset, given, family, born, address, postcode, phone, number, home):
    if chance.random() < 0.08:
        given = FAMILIAR.get(given, given)
    if chance.random() < 0.03:
        family = family[:-2] + family[-1] + family[-2]
    if chance.random() < 0.02 and born.day <= 12:
        born = born.replace(month=born.day, day=born.month)
    return {
        "dataset": dataset,
        "partner": dataset,
        "given_name": given,
        "family_name": family,
        "birth_date": None if dataset == "council-tax" and chance.random() < 0.4 else born,
        "sex": None,
        "address": address,
        "postcode": postcode,
        "uprn": 10_000_000 + home if chance.random() < 0.8 else None,
        "phone": phone if chance.random() < 0.5 else None,
        "nhs_number": number if dataset == "gp-registrations" else None,
    }


def store_of(table: pa.Table) -> Store:
    """Return a store that holds table `records`."""
    store = Store(threads=2)
    store.register("given", table)
    store.run("CREATE TABLE records AS SELECT * FROM given")
    return store


def partition_of(store: Store) -> set[frozenset[str]]:
    """Return the people found as sets of record ids."""
    people: dict[str, set[str]] = {}
    for row in store.rows("SELECT record_id, person_id FROM person_records"):
        people.setdefault(row["person_id"], set()).add(row["record_id"])
    return {frozenset(found) for found in people.values()}
