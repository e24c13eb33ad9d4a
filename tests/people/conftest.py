"""One invented family in a snapshot of its own, written table by table."""

import datetime as dt
import json

import pyarrow as pa
import pytest

from wholeplace.agreements import CountableFact
from wholeplace.foundation.snapshots import Snapshots
from wholeplace.foundation.store import Store
from wholeplace.intake.shapes import EVENTS, FLAGS, RECORDS
from wholeplace.partnership.definitions import (
    Condition,
    Dataset,
    EventMapping,
    ExtractField,
    FileFormat,
    FlagMapping,
    Framework,
    Headline,
    Need,
    Rule,
)
from wholeplace.people import PEOPLE_TABLES, SnapshotReader, build_people

AS_OF = dt.date(2026, 3, 1)
AT = dt.datetime(2026, 3, 1, 9, tzinfo=dt.UTC)
LINKS = pa.schema(
    [(n, pa.string()) for n in ("record_id", "person_id", "dataset", "partner", "source_id")]
)
MEMBERS = pa.schema(
    [
        ("household_id", pa.string()),
        ("person_id", pa.string()),
        ("start_on", pa.date32()),
        ("end_on", pa.date32()),
    ]
)
AREAS = pa.schema(
    [
        *((n, pa.string()) for n in ("person_id", "partner", "area_set", "area_code")),
        ("recency", pa.int32()),
    ]
)
HOMES = [("jayden", "council"), ("leanne", "police"), ("mia", "nhs")]
# The council may count what it and the police hold, and where the council knows people to live.
COUNTABLE = [
    CountableFact("council", "council", "contact.address", "none"),
    CountableFact("council", "council", "education.suspension", "none"),
    CountableFact("council", "police", "domestic-abuse.incident", "none"),
]

# person, record, dataset, partner, given, family, born, postcode, nhs number, phone
PEOPLE = [
    (
        "leanne",
        "r1",
        "pupils",
        "council",
        "Leanne",
        "Harlow",
        "1991-04-12",
        "LB1 4QT",
        None,
        "07700 900123",
    ),
    (
        "leanne",
        "r2",
        "incidents",
        "police",
        "Leanne",
        "O’Dunn",
        "1991-12-04",
        "LB1 4QT",
        None,
        None,
    ),
    (
        "jayden",
        "r3",
        "pupils",
        "council",
        "Jayden",
        "Harlow",
        "2011-09-03",
        "LB1 4QT",
        "943 476 5919",
        None,
    ),
    (
        "mia",
        "r4",
        "health",
        "nhs",
        "Mía",
        "Harlow-Dunn",
        "2022-06-30",
        "LB1 4QT",
        None,
        "+44 7700 900123",
    ),
    ("other", "r5", "health", "nhs", "Robert", "Harlow", "1955-04-12", "LB2 1AA", None, None),
]
# event, record, kind, start, end, attributes
HAPPENED = [
    ("e1", "r3", "education.attendance", "2025-11-01", "2025-12-19", {"absence_share": 0.3}),
    ("e2", "r3", "education.suspension", "2026-01-10", None, {"days": 2}),
    ("e3", "r2", "domestic-abuse.incident", "2026-02-01", None, {"role": "victim"}),
    (
        "e4",
        "r3",
        "involvement.open-case",
        "2025-10-01",
        None,
        {"service": "Early help", "worker": "A. Reid"},
    ),
    (
        "e5",
        "r3",
        "involvement.open-case",
        "2025-10-01",
        "2025-11-01",
        {"service": "Early help", "worker": "B. Bell"},
    ),
    ("e6", "r2", "domestic-abuse.incident", "2026-02-20", None, {"role": "victim"}),
]


def _need(name, *conditions, joined="all"):
    return Need(
        id=name, label=name.title(), rule=Rule(**{joined: conditions}), evidence="", source=""
    )


FRAMEWORK = Framework(
    id="trial",
    version="1",
    title="Trial",
    source="test",
    reviewed_on=AS_OF,
    headlines=(
        Headline(
            id="education",
            label="Good education",
            needs=(
                _need(
                    "absent",
                    Condition(event="education.attendance", where={"absence_share": {"gte": 0.1}}),
                ),
                _need("suspended", Condition(event="education.suspension")),
                _need(
                    "both",
                    Condition(event="education.attendance"),
                    Condition(event="education.suspension"),
                ),
            ),
        ),
        Headline(
            id="safe",
            label="Safe from domestic abuse",
            needs=(_need("abuse", Condition(event="domestic-abuse.incident", at_least=2)),),
        ),
    ),
)


def date(text):
    return dt.date.fromisoformat(text) if text else None


class _Place:
    def __init__(self):
        pupils = Dataset(
            id="pupils",
            title="Pupils",
            partner="council",
            file=FileFormat(pattern="x-{date}.csv", format="csv"),
            key=("id",),
            fields=(ExtractField(name="id"),),
            events=tuple(
                EventMapping(kind=kind, start="id")
                for kind in ("education.attendance", "education.suspension")
            ),
            flags=(FlagMapping(flag="sealed", column="s", authoritative=True),),
        )
        incidents = pupils.model_copy(
            update={
                "id": "incidents",
                "partner": "police",
                "flags": (),
                "events": (EventMapping(kind="domestic-abuse.incident", start="id"),),
            }
        )
        self.datasets = {"pupils": pupils, "incidents": incidents}


def fill(store):
    """Put the family's records, events, links and household into a store and build the stage."""
    records, links, events = [], [], []
    for person, record, dataset, partner, given, family, born, postcode, nhs, phone in PEOPLE:
        source = {"dataset": dataset, "partner": partner, "source_id": f"s-{record}"}
        row = {
            "record_id": record,
            "given_name": given,
            "family_name": family,
            "birth_date": date(born),
            "address": "4 Mill Lane" if postcode == "LB1 4QT" else "1 Far Road",
            "postcode": postcode,
            "nhs_number": nhs,
            "phone": phone,
            "seen_from": date("2022-06-30" if person == "mia" else "2020-01-01"),
            "seen_to": AS_OF,
        }
        records.append(dict.fromkeys(RECORDS.names) | source | row)
        links.append({"record_id": record, "person_id": person} | source)
    by_record = {row["record_id"]: row for row in records}
    for event, record, kind, start, end, attributes in HAPPENED:
        of = {name: by_record[record][name] for name in ("dataset", "partner", "source_id")}
        events.append(
            of
            | {
                "event_id": event,
                "record_id": record,
                "kind": kind,
                "start_on": date(start),
                "end_on": date(end),
                "attributes": json.dumps(attributes),
            }
        )
    members = [
        {"household_id": "h1", "person_id": p, "start_on": date(s), "end_on": date(e)}
        for p, s, e in (
            ("leanne", "2020-01-01", None),
            ("jayden", "2020-01-01", None),
            ("mia", "2022-06-30", None),
        )
    ]
    areas = [
        {
            "person_id": person,
            "partner": partner,
            "area_set": "wards",
            "area_code": "W1",
            "recency": n,
        }
        for n, (person, partner) in enumerate(HOMES, start=1)
    ]
    known = [{"area_set": "wards", "area_code": code} for code in ("W1", "W2")]
    store.register("records", pa.Table.from_pylist(records, schema=RECORDS))
    store.register("person_records", pa.Table.from_pylist(links, schema=LINKS))
    store.register("events", pa.Table.from_pylist(events, schema=EVENTS))
    store.register("flags", pa.Table.from_pylist([], schema=FLAGS))
    store.register("household_members", pa.Table.from_pylist(members, schema=MEMBERS))
    store.register(
        "households",
        pa.Table.from_pylist(
            [
                {"household_id": each, "kind": "home"}
                for each in {m["household_id"] for m in members}
            ]
        ),
    )
    store.register("person_areas", pa.Table.from_pylist(areas, schema=AREAS))
    store.register("areas", pa.Table.from_pylist(known))
    build_people(
        store, _Place(), [FRAMEWORK], AS_OF, newest_extracts={"pupils": AS_OF}, countable=COUNTABLE
    )


@pytest.fixture(scope="session")
def built():
    """A store in which the people stage has been built for the family."""
    with Store(threads=1) as store:
        fill(store)
        yield store


@pytest.fixture(scope="session")
def harlows(built, tmp_path_factory):
    """A reader of a snapshot that holds the family."""
    snapshots = Snapshots(tmp_path_factory.mktemp("data") / "snapshots")
    draft = snapshots.start(AT)
    for table in (*PEOPLE_TABLES, "person_records", "household_members"):
        built.write_parquet(f"SELECT * FROM {table}", draft.table(table))
    snapshots.publish(draft, {"as_of": AS_OF.isoformat()})
    reader = SnapshotReader(snapshots)
    yield reader
    reader.close()
