"""Law: what is held only by partners hidden from a searcher never changes an answer."""

import datetime as dt
from dataclasses import replace

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.agreements.reference import level_by_prose
from tests.agreements.worlds import NOON, PARTNERS, flags, reason, viewers, worlds
from tests.people.conftest import LINKS
from tests.people.rules import PURPOSE, searchable_by

from wholeplace.agreements import Flag, Level, Request, Subject
from wholeplace.foundation.snapshots import Snapshots
from wholeplace.foundation.store import SqlFile, Store
from wholeplace.intake.shapes import RECORDS
from wholeplace.people import Facts, Searchable, SnapshotReader, find_people

PEOPLE = ("p1", "p2", "p3")
COLUMNS = {
    "identity.name": ("given_name", "family_name"),
    "identity.birth-date": ("birth_date",),
    "contact.address": ("postcode",),
}
VALUES = {
    "given_name": ("Ann", "Sam"),
    "family_name": ("Lee", "Roe"),
    "birth_date": (dt.date(1990, 3, 4), dt.date(1990, 4, 3), dt.date(1985, 8, 23)),
    "postcode": ("LB1 4QT", "LB2 1AA"),
}
FLAGS = pa.schema([(name, pa.string()) for name in ("person_id", "flag", "purpose", "value", "partner")])  # fmt: skip

values = st.fixed_dictionaries({name: st.sampled_from(each) for name, each in VALUES.items()})
held = st.fixed_dictionaries({(person, partner): values for person in PEOPLE for partner in PARTNERS})  # fmt: skip
stated = st.fixed_dictionaries({each: st.lists(flags, max_size=1) for each in PEOPLE})
facts = st.fixed_dictionaries(
    {"name": st.sampled_from(["Ann Lee", "Sam Roe", "Ann"])},
    optional={
        "birth_date": st.sampled_from(VALUES["birth_date"]),
        "postcode": st.sampled_from(VALUES["postcode"]),
    },
).filter(lambda chosen: len(chosen) > 1)


def search(folder, records, flags_of, chosen, searchable):
    """Return who is found in a snapshot that holds these records, and how surely."""
    rows, links = [], []
    for (person, partner), columns in records.items():
        of = {"record_id": f"{person}-{partner}", "dataset": partner, "partner": partner, "source_id": person}  # fmt: skip
        rows.append(dict.fromkeys(RECORDS.names) | of | columns)
        links.append(of | {"person_id": person})
    stated_rows = [
        {"person_id": person, "flag": f.flag, "purpose": f.purpose, "value": f.value, "partner": f.partner}
        for person, found in flags_of.items()
        for f in found
    ]  # fmt: skip
    snapshots = Snapshots(folder)
    draft = snapshots.start(NOON)
    with Store(threads=1) as store:
        store.register("records", pa.Table.from_pylist(rows, schema=RECORDS))
        store.register("person_records", pa.Table.from_pylist(links, schema=LINKS))
        store.register("subject_flags", pa.Table.from_pylist(stated_rows, schema=FLAGS))
        for name in ("search_keys", "person_identity"):
            store.materialise(SqlFile.read("people", name))
        for name in ("search_keys", "person_identity", "subject_flags"):
            store.write_parquet(f"SELECT * FROM {name}", draft.table(name))
    reader = SnapshotReader(snapshots.publish(draft, {}))
    found = find_people(reader, Facts(**chosen), searchable)
    reader.close()
    return [(each.person_id, each.certainty, each.matched_fields) for each in found]


def is_hidden(world, asked, person, stated_of, partner, field):
    """Whether the agreements' text lets a viewer with a reason see less than a summary."""
    flags_of = tuple(each for each in stated_of if each.flag != "restricted")
    about = replace(asked, reason=reason(person), subject=Subject(person, "", flags_of))
    return level_by_prose(world, about, partner, field) < Level.SUMMARY


@given(worlds(), viewers, st.sampled_from((PURPOSE, "safeguarding")), held, held, stated, facts)
def test_no_answer_depends_on_what_hidden_partners_hold(
    tmp_path_factory, world, viewer, purpose, records, others, flags_of, chosen
):
    asked = Request(viewer, purpose, None, NOON)
    changed = {}
    for (person, partner), columns in records.items():
        changed[person, partner] = dict(columns)
        for field in COLUMNS:
            if is_hidden(world, asked, person, flags_of[person], partner, field):
                given_instead = others[person, partner]
                changed[person, partner] |= {name: given_instead[name] for name in COLUMNS[field]}
    folder, searchable = tmp_path_factory.mktemp("worlds"), Searchable(world.rules(), asked)
    first = search(folder / "a", records, flags_of, chosen, searchable)
    assert search(folder / "b", changed, flags_of, chosen, searchable) == first


ANN = {"given_name": "Ann", "family_name": "Lee", "birth_date": dt.date(1990, 3, 4), "postcode": "LB1 4QT"}  # fmt: skip
BOTH = {"name": "Ann Lee", "postcode": "LB1 4QT"}
# given: whose searcher, what the council sees from the police, the person's flags; expected
SPEC = [
    ("police", Level.NOTHING, (), ["p1"]),
    ("council", Level.EXISTENCE, (), []),
    ("council", Level.SUMMARY, (), ["p1"]),
    ("council", Level.DETAIL, (Flag("sealed", "unknown"),), []),
    ("council", Level.DETAIL, (Flag("objection", "yes", PURPOSE),), []),
    ("council", Level.DETAIL, (Flag("objection", "yes", "safeguarding"),), ["p1"]),
    # That they are known, and restricted, has to be learnt before anybody knocks at the door.
    ("council", Level.DETAIL, (Flag("restricted", "yes"),), ["p1"]),
]


@pytest.mark.parametrize(("organisation", "level", "flags_of", "expected"), SPEC)
def test_who_is_found_by_what_one_partner_holds(tmp_path, organisation, level, flags_of, expected):
    searchable = searchable_by(organisation, police=level)
    found = search(tmp_path / "s", {("p1", "police"): ANN}, {"p1": flags_of}, BOTH, searchable)
    assert [each[0] for each in found] == expected
