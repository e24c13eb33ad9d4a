"""Law: linking people differently never unseals or unrestricts anyone."""

import datetime as dt

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wholeplace.agreements import Anchor, Flag, Statement, strictest_flags, strictness
from wholeplace.foundation.folders import DataFolder
from wholeplace.foundation.store import Store
from wholeplace.intake.shapes import FLAGS, RECORDS
from wholeplace.partnership.definitions import Dataset, ExtractField, FileFormat, FlagMapping
from wholeplace.people.flags import FLAG_REACH, keep_reach, project_flags, read_reach

AS_OF = dt.date(2026, 3, 1)
FRESH = AS_OF - dt.timedelta(days=5)
STALE = AS_OF - dt.timedelta(days=50)
STRICT = {"no": 0, "unknown": 1, "yes": 2}
LINKS = pa.schema(
    [(n, pa.string()) for n in ("record_id", "person_id", "dataset", "partner", "source_id")]
)


@pytest.fixture(scope="module")
def store():
    with Store(threads=1) as opened:
        yield opened


def dataset(name, *flags):
    return Dataset(
        id=name,
        title=name,
        partner=f"partner-{name}",
        file=FileFormat(pattern="x-{date}.csv", format="csv"),
        key=("id",),
        fields=(ExtractField(name="id"),),
        flags=flags,
    )


DATASETS = [
    dataset("one", FlagMapping(flag="sealed", column="s", authoritative=True)),
    dataset("two", FlagMapping(flag="sealed", column="s")),
    dataset("three", FlagMapping(flag="consent", column="c", purpose="safeguarding")),
]


def flags_of(store, records, links, statements, before, newest, datasets=DATASETS):
    """Project; return the value by (person, flag), and the reach."""
    full = [
        dict.fromkeys(RECORDS.names)
        | {"record_id": r, "dataset": d, "partner": f"partner-{d}", "source_id": s}
        for r, (d, s) in records.items()
    ]
    store.register("records", pa.Table.from_pylist(full, schema=RECORDS))
    linked = [
        {
            "record_id": r,
            "person_id": links[r],
            "dataset": d,
            "partner": f"partner-{d}",
            "source_id": s,
        }
        for r, (d, s) in records.items()
    ]
    store.register("person_records", pa.Table.from_pylist(linked, schema=LINKS))
    stated = [
        {
            "dataset": d,
            "partner": f"partner-{d}",
            "source_id": s,
            "flag": flag,
            "purpose": "safeguarding" if flag == "consent" else "",
            "value": value,
            "stated_on": AS_OF,
        }
        for (d, s, flag), value in statements.items()
    ]
    store.register("flags", pa.Table.from_pylist(stated, schema=FLAGS))
    extracts = pa.table(
        {"dataset": list(newest), "newest_on": list(newest.values())},
        schema=pa.schema([("dataset", pa.string()), ("newest_on", pa.date32())]),
    )
    project_flags(store, datasets, before, extracts, AS_OF)
    values: dict[tuple[str, str], str] = {}
    for row in store.rows("SELECT * FROM subject_flags"):
        # A seal has a row for each partner that sealed; the strictest of them holds.
        key = (row["person_id"], row["flag"])
        values[key] = max(
            (values.get(key, row["value"]), row["value"]),
            key=lambda value, flag=row["flag"]: strictness(flag, value),
        )
    return values, store.arrow("SELECT * FROM flag_reach")


@st.composite
def worlds(draw):
    count = draw(st.integers(1, 7))
    sources = st.tuples(st.sampled_from(["one", "two", "three"]), st.sampled_from("123"))
    records = {f"r{n}": draw(sources) for n in range(count)}
    statements = draw(
        st.dictionaries(
            st.tuples(st.sampled_from(["one", "two"]), st.sampled_from("123"), st.just("sealed")),
            st.sampled_from(["yes", "no", "unknown"]),
            max_size=4,
        )
    )
    linkings = draw(
        st.lists(
            st.lists(st.sampled_from("PQR"), min_size=count, max_size=count),
            min_size=2,
            max_size=4,
        )
    )
    return records, statements, linkings


@settings(max_examples=25, deadline=None)
@given(worlds())
def test_relinking_never_unseals_anyone(store, world):
    records, statements, linkings = world
    newest = {"one": FRESH, "two": FRESH, "three": FRESH}
    reach = FLAG_REACH.empty_table()
    strictest = dict.fromkeys(records, 0)
    for linking in linkings:
        links = dict(zip(records, linking, strict=True))
        values, reach = flags_of(store, records, links, statements, reach, newest)
        for record in records:
            now = STRICT[values.get((links[record], "sealed"), "no")]
            assert now >= strictest[record]
            strictest[record] = now


@settings(max_examples=30, deadline=None)
@given(worlds(), st.data())
def test_a_corrected_record_stays_sealed_after_relinking(store, world, data):
    """A reached version that is replaced hands its protection to the version replacing it."""
    records, statements, linkings = world
    newest = {"one": FRESH, "two": FRESH, "three": FRESH}
    first = dict(zip(records, linkings[0], strict=True))
    values, reach = flags_of(store, records, first, statements, FLAG_REACH.empty_table(), newest)
    gone = data.draw(st.sampled_from(sorted(records)))
    renewed = {(f"{r}-new" if r == gone else r): source for r, source in records.items()}
    second = dict(zip(renewed, linkings[1], strict=True))
    after, _reach = flags_of(store, renewed, second, statements, reach, newest)
    was = STRICT[values.get((first[gone], "sealed"), "no")]
    assert STRICT[after.get((second[f"{gone}-new"], "sealed"), "no")] >= was


# given: statement by dataset one, by dataset two, is one fresh, is two fresh; expected
SPEC = [
    ("nobody names them, the list is fresh", None, None, True, True, "no"),
    ("nobody names them, the list is stale", None, None, False, True, "unknown"),
    ("one says yes", "yes", None, True, True, "yes"),
    ("a stale yes is still yes", "yes", None, False, True, "yes"),
    ("a stale no is unknown", "no", None, False, True, "unknown"),
    ("yes beats no", "no", "yes", True, True, "yes"),
    ("a blank in the authoritative list beats no", "unknown", "no", True, True, "unknown"),
    ("a blank elsewhere gives way to the fresh authority", "no", "unknown", True, True, "no"),
    ("and to its silence", None, "unknown", True, True, "no"),
    ("but not to a stale authority", "no", "unknown", False, True, "unknown"),
    ("yes beats unknown", "yes", "unknown", True, True, "yes"),
    ("absence from a list that is not authoritative says nothing", "no", None, True, True, "no"),
    ("a stale no elsewhere gives way to the fresh authority", "no", "no", True, False, "no"),
]


@pytest.mark.parametrize(
    ("_", "one", "two", "one_fresh", "two_fresh", "expected"), SPEC, ids=[s[0] for s in SPEC]
)
def test_the_stricter_statement_wins(store, _, one, two, one_fresh, two_fresh, expected):
    records = {"r1": ("one", "1"), "r2": ("two", "1")}
    statements = {
        (name, "1", "sealed"): value for name, value in (("one", one), ("two", two)) if value
    }
    newest = {"one": FRESH if one_fresh else STALE, "two": FRESH if two_fresh else STALE}
    links = {"r1": "P", "r2": "P"}
    values, _reach = flags_of(store, records, links, statements, FLAG_REACH.empty_table(), newest)
    assert values["P", "sealed"] == expected


@pytest.mark.parametrize(
    ("stated", "expected"),
    [(("yes", "no"), "no"), (("yes", "yes"), "yes"), (("yes", "unknown"), "unknown")],
)
def test_for_consent_a_refusal_is_strictest(store, stated, expected):
    records = {"r1": ("three", "1"), "r2": ("three", "2")}
    statements = {("three", str(n + 1), "consent"): value for n, value in enumerate(stated)}
    values, _reach = flags_of(
        store,
        records,
        {"r1": "P", "r2": "P"},
        statements,
        FLAG_REACH.empty_table(),
        {"three": FRESH},
    )
    assert values["P", "consent"] == expected


def test_silence_states_no_consent(store):
    values, _reach = flags_of(
        store,
        {"r1": ("one", "1")},
        {"r1": "P"},
        {},
        FLAG_REACH.empty_table(),
        {"one": FRESH, "three": FRESH},
    )
    assert ("P", "consent") not in values


def test_a_seal_lifted_by_its_source_is_lifted(store):
    records, links = {"r1": ("one", "1"), "r2": ("two", "9")}, {"r1": "P", "r2": "P"}
    newest = {"one": FRESH}
    sealed, reach = flags_of(
        store, records, links, {("one", "1", "sealed"): "yes"}, FLAG_REACH.empty_table(), newest
    )
    assert sealed["P", "sealed"] == "yes"
    lifted, _reach = flags_of(store, records, links, {("one", "1", "sealed"): "no"}, reach, newest)
    assert lifted["P", "sealed"] == "no"


def test_the_ledger_keeps_reach_that_a_restored_snapshot_forgot(tmp_path):
    data = DataFolder(tmp_path / "data").make()
    newer, older = tmp_path / "newer.parquet", tmp_path / "older.parquet"
    row = dict.fromkeys(FLAG_REACH.names, "x")
    pq.write_table(pa.Table.from_pylist([row], schema=FLAG_REACH), newer)
    pq.write_table(FLAG_REACH.empty_table(), older)
    keep_reach(data, newer)
    assert read_reach(data, [older]).to_pylist() == [row]
    assert read_reach(DataFolder(tmp_path / "none")).num_rows == 0


# ------------------------------------------------------------ flags stated on screen


def stated(name, anchors, value="yes", flag="restricted", **more):
    chosen = frozenset(Anchor(*each) for each in anchors)
    given_ = {"purpose": "safeguarding" if flag == "consent" else "", "partner": "council"}
    given_ |= {"person_id": "P", "reached": chosen} | more
    return Statement(name, flag, value, anchors=chosen, **given_)


def project_again(store, records, links, statements, reach):
    """Project statements made on screen alone; return values by (person, flag), and the reach."""
    full = [
        dict.fromkeys(RECORDS.names)
        | {"record_id": r, "dataset": d, "partner": f"partner-{d}", "source_id": s}
        for r, (d, s) in records.items()
    ]
    store.register("records", pa.Table.from_pylist(full, schema=RECORDS))
    linked = [
        {"record_id": r, "person_id": links[r], "dataset": d, "partner": d, "source_id": s}
        for r, (d, s) in records.items()
    ]
    store.register("person_records", pa.Table.from_pylist(linked, schema=LINKS))
    store.register("flags", FLAGS.empty_table())
    newest = pa.schema([("dataset", pa.string()), ("newest_on", pa.date32())]).empty_table()
    project_flags(store, [], reach, newest, AS_OF, statements)
    rows = store.rows("SELECT * FROM subject_flags WHERE origin = 'screen'")
    values = {(row["person_id"], row["flag"]): row["value"] for row in rows}
    return values, store.arrow("SELECT * FROM flag_reach")


@settings(max_examples=25, deadline=None)
@given(worlds(), st.data())
def test_a_flag_stated_on_screen_is_never_lost(store, world, data):
    """Over random re-linkings, with more stated on the way: whoever was once protected stays so."""
    records, _, linkings = world
    reach, statements = FLAG_REACH.empty_table(), []
    strictest = dict.fromkeys(records, 0)
    for n, linking in enumerate(linkings):
        links = dict(zip(records, linking, strict=True))
        said_of = data.draw(st.sampled_from(sorted(records)))
        theirs = {records[r] for r in records if links[r] == links[said_of]}
        statements.append(
            stated(
                f"s{n}",
                {records[said_of]},
                data.draw(st.sampled_from(["yes", "no", "unknown"])),
                reached=frozenset(Anchor(*each) for each in theirs),
            )
        )
        values, reach = project_again(store, records, links, statements, reach)
        for record in records:
            now = STRICT[values.get((links[record], "restricted"), "no")]
            assert now >= strictest[record]
            strictest[record] = now
        if statements[-1].value != "no":
            assert values[links[said_of], "restricted"] != "no"


def test_a_lift_on_screen_frees_what_its_reach_held(store):
    records = {"r1": ("one", "1"), "r2": ("two", "9")}
    seal = stated("a", [("one", "1")], flag="sealed")
    together, apart = {"r1": "P", "r2": "P"}, {"r1": "P", "r2": "Q"}
    none = FLAG_REACH.empty_table()
    _, reach = project_again(store, records, together, [seal], none)
    split, reach = project_again(store, records, apart, [seal], reach)
    assert split["P", "sealed"] == split["Q", "sealed"] == "yes"
    lift = stated("b", [("one", "1")], "no", flag="sealed", replaces=("a",))
    lifted, _ = project_again(store, records, apart, [seal, lift], reach)
    assert lifted["P", "sealed"] == lifted["Q", "sealed"] == "no"


def test_every_partner_that_seals_is_named(store):
    records = {"r1": ("one", "1"), "r2": ("two", "1")}
    flags_of(
        store, records, {"r1": "P", "r2": "P"},
        {("one", "1", "sealed"): "yes", ("two", "1", "sealed"): "yes"},
        FLAG_REACH.empty_table(), {"one": FRESH, "two": FRESH},
    )  # fmt: skip
    rows = store.rows("SELECT partner FROM subject_flags WHERE flag = 'sealed' ORDER BY partner")
    assert [row["partner"] for row in rows] == ["partner-one", "partner-two"]


@settings(max_examples=20, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["sealed", "consent"]), st.sampled_from(["yes", "no", "unknown"])
        ),
        max_size=6,
    )
)
def test_the_tables_rule_is_the_rooms_rule(store, said):
    """SQL over extracts and `strictest_flags` agree on which value holds."""
    datasets = [
        dataset(f"d{n}", FlagMapping(flag=flag, column="c", purpose="safeguarding" if flag == "consent" else None))
        for n, (flag, _) in enumerate(said)
    ]  # fmt: skip
    records = {f"r{n}": (f"d{n}", "1") for n in range(len(said))}
    statements = {(f"d{n}", "1", flag): value for n, (flag, value) in enumerate(said)}
    values, _ = flags_of(
        store, records, dict.fromkeys(records, "P"), statements, FLAG_REACH.empty_table(),
        {f"d{n}": FRESH for n in range(len(said))}, datasets,
    )  # fmt: skip
    every = strictest_flags(
        Flag(flag, value, "safeguarding" if flag == "consent" else "", "") for flag, value in said
    )
    assert values == {("P", each.flag): each.value for each in every}
