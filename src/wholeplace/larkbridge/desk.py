"""A partner's desk: who this partner's system thinks a person is.

A person is registered once, with whatever the clerk got wrong, and stays so: later rows
repeat the same details until something true changes and the partner is told, until the
person is typed in afresh, or until the same person is taken for a new one.
"""

import datetime as dt
from dataclasses import dataclass
from random import Random
from typing import Any

from wholeplace.larkbridge.definitions import ErrorRates, read_dataset, read_names
from wholeplace.larkbridge.mistakes import (
    half_name,
    misspell,
    mistake_birth,
    mistype,
    rewrite_address,
    wrong_postcode,
)
from wholeplace.larkbridge.people import Person, Spell

__all__ = ["Desk", "Identity"]

# Standard record column to what the partner holds, with `source_id`; `address` is its lines.
Identity = dict[str, Any]
_TOWN = "Larkbridge"
_NEVER = dt.date(9999, 1, 1)
_IDS = ("nhs_number", "nino", "upn")


@dataclass(slots=True)
class _Entry:
    source_id: str
    identity: Identity
    told_on: dt.date
    seen_on: dt.date
    next_change: dt.date
    doubles: bool


class Desk:
    """One dataset's registration desk.

    Args:
        dataset: its id.
        rates: the reviewed error rates.
        rng: where chance comes from.
    """

    def __init__(self, dataset: str, rates: ErrorRates, rng: Random) -> None:
        self.dataset, self.rng = dataset, rng
        feeds = [str(each["feeds"]) for each in read_dataset(dataset)["fields"] if "feeds" in each]
        self._holds = {feed.removeprefix("record.") for feed in feeds}
        self._rate = {kind: rates.of(kind, dataset) for kind in rates.rates}
        self._opt_out = read_names()["nicknames"]
        self._known: dict[str, _Entry] = {}
        self._order: list[_Entry] = []
        self._numbers = 0
        self._prefix = "".join(part[0] for part in dataset.split("-")).upper()
        self.made: dict[str, int] = {}

    def identify(self, person: Person, on: dt.date) -> Identity:
        """Return what the partner holds about a person at a contact. Call in order of time."""
        entry = self._known.get(person.id)
        if entry is None:
            entry = self._register(person, on)
        elif entry.doubles:
            self._count("duplicate_registration")
            entry = self._register(person, on)
        elif on >= entry.next_change:
            self._follow(person, entry, on)
        elif self._happens("retyped"):
            entry.identity = {**self._write(person, on), "source_id": entry.source_id}
        entry.seen_on = on
        return entry.identity

    def correct(self, person: Person, on: dt.date, held: Identity) -> Identity:
        """Return the details put right, under the number they were held under."""
        spell = person.spell_on(on)
        return {
            **held,
            "given_name": person.given,
            "family_name": person.family_on(on),
            "birth_date": person.born,
            "sex": person.sex,
            **self._place(spell, plain=True),
        }

    def _happens(self, kind: str) -> bool:
        rate = self._rate[kind]
        if rate and self.rng.random() < rate:
            self._count(kind)
            return True
        return False

    def _count(self, kind: str) -> None:
        self.made[kind] = self.made.get(kind, 0) + 1

    def _register(self, person: Person, on: dt.date) -> _Entry:
        self._count("registrations")
        source_id = self._number(on) if not person.cast else self._fresh()
        later = [day for day in person.changes if day > on]
        entry = _Entry(
            source_id, {**self._write(person, on), "source_id": source_id}, on, on,
            later[0] if later else _NEVER, self.rng.random() < self._rate["duplicate_registration"] and not person.flags,
        )  # fmt: skip
        self._known[person.id] = entry
        self._order.append(entry)
        return entry

    def _fresh(self) -> str:
        self._numbers += 1
        return f"{self._prefix}{self._numbers:06d}"

    def _number(self, on: dt.date) -> str:
        """Return a new number, or now and then one freed by somebody long unseen."""
        if self._order and self.rng.random() < self._rate["reused_source_id"]:
            old = self._order[self.rng.randrange(len(self._order))]
            if (on - old.seen_on).days > 180:
                self._count("reused_source_id")
                return old.source_id
        return self._fresh()

    def _follow(self, person: Person, entry: _Entry, on: dt.date) -> None:
        """Take in what truly changed since the partner last heard, if it is told."""
        later = [day for day in person.changes if day > on]
        entry.next_change = later[0] if later else _NEVER
        changed = dict(entry.identity)
        name_before, name_now = person.family_on(entry.told_on), person.family_on(on)
        if name_before != name_now and not self._happens("maiden_kept"):
            changed["family_name"] = name_now
        if person.spell_on(entry.told_on) is not person.spell_on(on) and not self._happens(
            "address_lag"
        ):
            changed.update(self._place(person.spell_on(on)))
        entry.identity, entry.told_on = changed, on

    def _write(self, person: Person, on: dt.date) -> Identity:
        spell = person.spell_on(on)
        if (
            len(person.spells) > 1
            and spell is not person.spells[0]
            and self._happens("old_address")
        ):
            spell = person.spells[person.spells.index(spell) - 1]
        given, family = self._write_name(person, on)
        written: Identity = {"given_name": given, "family_name": family}
        if "middle_names" in self._holds:
            written["middle_names"] = (
                "" if person.middle and self._happens("middle_missing") else person.middle
            )
        written["birth_date"] = self._write_birth(person)
        written["sex"] = None if self._happens("sex_missing") else person.sex
        written.update(self._place(spell))
        written.update(self._write_contacts(person, spell, on))
        for name in _IDS:
            if name in self._holds:
                written[name] = self._write_id(person, spell, name, on)
        return written

    def _write_name(self, person: Person, on: dt.date) -> tuple[str, str]:
        given, family = person.given, person.family_on(on)
        familiar = self._opt_out.get(given)
        if familiar and self._happens("nickname"):
            given = self.rng.choice(familiar)
        if self._happens("given_typo"):
            given = mistype(given, self.rng)
        if "-" in family and self._happens("one_barrel"):
            family = half_name(family, self.rng)
        if self._happens("family_typo"):
            family = mistype(family, self.rng)
        if self._happens("phonetic"):
            if self.rng.random() < 0.5:
                given = misspell(given, self.rng)
            else:
                family = misspell(family, self.rng)
        return (family, given) if self._happens("swapped_names") else (given, family)

    def _write_birth(self, person: Person) -> dt.date | None:
        kinds = ("dob_missing", "dob_first_january", "dob_day_month", "dob_year", "dob_digit")
        for kind in kinds:
            if kind == "dob_day_month" and person.born.day > 12:
                continue
            if self._happens(kind):
                return mistake_birth(person.born, kind.removeprefix("dob_"), self.rng)
        return person.born

    def _write_contacts(self, person: Person, spell: Spell, on: dt.date) -> Identity:
        own = person.age(on) >= 14
        shared = spell.household.phone or person.phone
        phone: str | None = person.phone if own else shared
        if own and self._happens("phone_family"):
            phone = shared
        if self._happens("phone_missing"):
            phone = None
        found: Identity = {"phone": phone}
        if "email" in self._holds:
            email: str | None = person.email if own else spell.household.adults[0].email
            if self._happens("email_family"):
                email = spell.household.adults[0].email
            found["email"] = None if self._happens("email_missing") else email
        return found

    def _write_id(self, person: Person, spell: Spell, name: str, on: dt.date) -> str | None:
        if self._happens("id_missing") or (name == "nino" and person.age(on) < 16):
            return None
        bearer = person
        if self._happens("id_wrong_person"):
            bearer = self.rng.choice(spell.household.members)
        return (
            {"nhs_number": bearer.nhs, "nino": bearer.nino, "upn": bearer.upn}[name]
            if name != "upn" or bearer.age(on) < 20
            else None
        )

    def _place(self, spell: Spell, *, plain: bool = False) -> Identity:
        home = spell.dwelling
        line, flat = home.line, f"Flat {home.flat}" if home.flat else ""
        if not plain and self._happens("address_variant"):
            line, flat = rewrite_address(home.line, home.flat, self.rng)
        first = f"{flat}, {line}" if flat else line
        town = "" if not plain and self.rng.random() < 0.2 else _TOWN
        code = (
            wrong_postcode(home.postcode, self.rng)
            if not plain and self._happens("postcode_wrong")
            else home.postcode
        )
        uprn = None if not plain and self._happens("uprn_missing") else home.uprn
        return {"address": (first, town), "postcode": code, "uprn": uprn}
