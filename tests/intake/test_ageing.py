"""What is past its date leaves what is stored; nothing else does."""

import datetime as dt

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from tests.intake.contracts import SmallPlace

from wholeplace.agreements import Keeping
from wholeplace.foundation.deletions import Deletions
from wholeplace.foundation.folders import DataFolder
from wholeplace.foundation.store import Store, quote_text
from wholeplace.intake.ledger import Ledger
from wholeplace.intake.loading import load_inbox
from wholeplace.partnership.definitions import Dataset

DATASET = Dataset.model_validate(
    {
        "id": "visits",
        "title": "Visits",
        "partner": "council",
        "file": {"pattern": "visits_{date}.csv", "format": "csv", "update": "changes"},
        "key": ["row"],
        "observed": "seen",
        "fields": [
            {"name": "row", "constraints": {"required": True}},
            {"name": "id", "feeds": "record.source_id", "constraints": {"required": True}},
            {"name": "family", "feeds": "record.family_name"},
            {"name": "began", "type": "date", "format": "%Y-%m-%d"},
            {"name": "ended", "type": "date", "format": "%Y-%m-%d"},
            {"name": "service"},
            {"name": "sealed", "type": "boolean", "true_values": ["Y"], "false_values": ["N"]},
            {"name": "seen", "type": "date", "format": "%Y-%m-%d"},
        ],
        "events": [
            {
                "kind": "involvement.open-case",
                "start": "began",
                "end": "ended",
                "attributes": {"service": "service"},
            }
        ],
        "flags": [{"flag": "sealed", "column": "sealed", "authoritative": False, "fresh_days": 45}],
    }
)
EVERYTHING = frozenset({"identity", "identity.name", "involvement", "involvement.open-case"})
HEAD = "row,id,family,began,ended,service,sealed,seen"
EXTRACT_ON = dt.date(2026, 3, 1)


def keeping(on, *, name=100, case=30):
    days = {("council", "identity.name"): name, ("council", "involvement.open-case"): case}
    return Keeping(on, days, dict.fromkeys(days, ("a/c",)))


def loaded(home, rows, on, **days):
    data = DataFolder(home).make()
    path = data.inbox / "council" / f"visits_{EXTRACT_ON}.csv"
    path.parent.mkdir(exist_ok=True)
    path.write_text("\n".join([HEAD, *rows]) + "\n")
    place = SmallPlace({"visits": DATASET})
    load_inbox(place, data, lambda _: EVERYTHING, keeping=keeping(on, **days))
    return data


def stored(data):
    ledger = Ledger(data, "visits")
    rows = []
    with Store() as store:
        for entry in ledger.list():
            path = quote_text(str(ledger.partitions / entry.partition))
            rows += store.rows(f"SELECT * FROM read_parquet({path}) ORDER BY _row_number")
    return {row["row"]: row for row in rows}


CASES = [
    # what, row, kept until (the last day), which columns outlive it
    ("ended case", "1,A,Dunn,2026-01-01,2026-01-10,Help,N,2026-01-10", dt.date(2026, 2, 9), {"family"}),
    ("open case counts from the newest extract", "1,A,Dunn,2025-01-01,,Help,N,2026-01-10",
     EXTRACT_ON + dt.timedelta(30), {"family"}),
]  # fmt: skip


@pytest.mark.parametrize(("what", "row", "until", "left"), CASES)
def test_a_value_goes_on_the_day_after_its_last(tmp_path, what, row, until, left):
    on_it = stored(loaded(tmp_path / "on", [row], until, name=400))
    after = stored(loaded(tmp_path / "after", [row], until + dt.timedelta(days=1), name=400))
    assert on_it["1"]["service"] == "Help", what
    assert (after["1"]["service"], after["1"]["began"]) == (None, None), what
    assert {name for name in ("family", "service") if after["1"][name]} == left, what


def test_a_row_goes_when_nothing_of_it_is_kept_and_leaves_a_receipt(tmp_path):
    rows = ["1,A,Dunn,2025-06-01,2025-06-02,Help,N,2025-06-02",
            "2,B,Bell,2026-02-01,2026-02-02,Help,N,2026-02-02"]  # fmt: skip
    data = loaded(tmp_path / "d", rows, dt.date(2026, 3, 1))
    assert set(stored(data)) == {"2"}
    (receipt,) = [each for each in Deletions(data).entries() if each.kind == "retention"]
    assert (receipt.event["dataset"], receipt.event["rows"]) == ("visits", 1)
    assert "Dunn" not in Deletions(data).path.read_text()
    load_inbox(SmallPlace({"visits": DATASET}), data, lambda _: EVERYTHING,
               keeping=keeping(dt.date(2026, 3, 1)))  # fmt: skip
    assert len([each for each in Deletions(data).entries() if each.kind == "retention"]) == 1


def test_a_row_that_seals_somebody_is_never_let_go_by_a_date(tmp_path):
    rows = ["1,A,Dunn,2020-06-01,2020-06-02,Help,Y,2020-06-02"]
    (row,) = stored(loaded(tmp_path / "d", rows, dt.date(2026, 3, 1))).values()
    assert (row["id"], row["sealed"], row["family"], row["service"]) == ("A", True, None, None)


def test_a_correction_is_not_let_go_before_what_it_corrected(tmp_path):
    # The first row said 2026; the correction says 2024, long past its date. Were the correction
    # let go, the first row would count again.
    rows = ["1,A,Dunn,2026-02-20,2026-02-21,Help,N,2026-02-21",
            "1,A,,2024-01-01,2024-01-02,Help,N,2024-01-02"]  # fmt: skip
    data = loaded(tmp_path / "d", rows, dt.date(2026, 3, 1))
    with Store() as store:
        from wholeplace.intake.standard import build_standard

        build_standard(store, SmallPlace({"visits": DATASET}), data)
        assert store.rows("SELECT * FROM events") == []


days_of = st.integers(min_value=1, max_value=400)


@settings(
    max_examples=8, suppress_health_check=list(HealthCheck), phases=[Phase.explicit, Phase.generate]
)
@given(
    facts=st.lists(
        st.tuples(st.dates(dt.date(2025, 1, 1), dt.date(2026, 2, 1)), st.integers(0, 40)),
        min_size=1,
        max_size=6,
    ),
    name=days_of,
    case=days_of,
    more=st.integers(0, 60),
)
def test_more_days_never_keep_less_and_a_later_day_never_more(
    tmp_path_factory, facts, name, case, more
):
    rows = [
        f"{n},P{n},Dunn,{began},{began + dt.timedelta(lasted)},Help,N,{began + dt.timedelta(lasted)}"
        for n, (began, lasted) in enumerate(facts)
    ]
    day = dt.date(2026, 3, 1)

    def kept(on, name, case):
        data = loaded(tmp_path_factory.mktemp("d"), rows, on, name=name, case=case)
        return {
            (row, column)
            for row, values in stored(data).items()
            for column, value in values.items()
            if value is not None
        }

    middle = kept(day, name, case)
    assert middle <= kept(day, name + more, case + more)
    assert kept(day + dt.timedelta(more), name, case) <= middle
