"""The deletions ledger: nobody can change it unseen, and it names nobody."""

import datetime as dt
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wholeplace.foundation.deletions import Deletions, newer_ledger
from wholeplace.foundation.errors import UnsafeActionError
from wholeplace.foundation.folders import DataFolder

AT = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)
ANCHORS = st.tuples(st.sampled_from(["pupils", "incidents"]), st.sampled_from("ABCDE"))


@pytest.fixture
def ledger(tmp_path):
    return Deletions(DataFolder(tmp_path / "data").make())


@given(steps=st.lists(st.tuples(st.sampled_from(["erased", "readmitted"]), ANCHORS), max_size=12))
def test_who_is_erased_is_who_was_erased_last(tmp_path_factory, steps):
    ledger = Deletions(DataFolder(tmp_path_factory.mktemp("data")))
    wanted: set[tuple[str, str]] = set()
    for kind, anchor in steps:
        ledger.append_anchors(kind, AT, [anchor])
        wanted = wanted | {anchor} if kind == "erased" else wanted - {anchor}
    found = {
        (dataset, source_id)
        for dataset in ("pupils", "incidents")
        for source_id in ledger.find_erased(dataset, "ABCDE")
    }
    assert found == wanted


@given(
    before=st.lists(ANCHORS, min_size=2, max_size=5),
    place=st.integers(0, 3),
    how=st.sampled_from(["edit", "remove", "swap"]),
)
def test_a_changed_ledger_is_refused(tmp_path_factory, before, place, how):
    ledger = Deletions(DataFolder(tmp_path_factory.mktemp("data")))
    for anchor in before:
        ledger.append_anchors("erased", AT, [anchor])
    lines = ledger.path.read_text().splitlines()
    place %= len(lines) - 1
    if how == "edit":
        held = json.loads(lines[place])
        held["event"]["at"] = "2020-01-01"
        lines[place] = json.dumps(held)
    elif how == "remove":
        del lines[place]
    else:
        lines[place], lines[place + 1] = lines[place + 1], lines[place]
    ledger.path.write_text("\n".join(lines) + "\n")
    with pytest.raises(UnsafeActionError, match="does not hold"):
        Deletions(ledger._data).erased()


def test_it_names_nobody(ledger):
    ledger.append_anchors("erased", AT, [("pupils", "S0004711")], request="r1")
    text = ledger.path.read_text()
    assert "S0004711" not in text
    assert "pupils" not in text
    assert ledger.find_erased("pupils", ["S1", "S0004711"]) == ["S0004711"]
    assert ledger.path.stat().st_mode & 0o077 == 0


def test_without_its_key_nothing_can_be_said(ledger):
    ledger.append_anchors("erased", AT, [("pupils", "S1")])
    key = ledger._data.keys / "deletions"
    kept = key.read_text()
    key.unlink()
    with pytest.raises(UnsafeActionError, match="missing"):
        Deletions(ledger._data).erased()
    key.write_text("00" * 32 + "\n")
    with pytest.raises(UnsafeActionError, match="another"):
        Deletions(ledger._data).erased()
    key.write_text(kept)
    assert len(Deletions(ledger._data).erased()) == 1


def test_half_a_line_of_a_killed_append_is_no_entry(ledger):
    ledger.append_anchors("erased", AT, [("pupils", "S1")])
    with ledger.path.open("ab") as stream:
        stream.write(b'{"position":3,"previous":"ab')
    assert len(ledger.entries()) == 2
    assert ledger.append("retention", AT).position == 3
    assert [each.kind for each in ledger.entries()] == ["opened", "erased", "retention"]


def test_the_longer_of_two_copies_counts_and_contradiction_is_refused(ledger, tmp_path):
    ledger.append_anchors("erased", AT, [("pupils", "S1")])
    copy = tmp_path / "copy.jsonl"
    copy.write_bytes(ledger.path.read_bytes())
    ledger.append_anchors("erased", AT, [("pupils", "S2")])
    assert newer_ledger(copy, ledger.path) == newer_ledger(ledger.path, copy) == ledger.path
    other = Deletions(DataFolder(tmp_path / "other").make())
    other.append_anchors("erased", AT, [("pupils", "S3")])
    with pytest.raises(UnsafeActionError, match="contradict"):
        newer_ledger(ledger.path, other.path)
