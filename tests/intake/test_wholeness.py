"""A full extract that is far too short lifts nothing and ends nothing, until it is confirmed."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from tests.intake.contracts import SmallPlace, claim, claims, csv_text, everything, put

from wholeplace.cli.intake import intake
from wholeplace.foundation.errors import NotFoundError, UnsafeActionError
from wholeplace.foundation.folders import DataFolder
from wholeplace.foundation.store import Store
from wholeplace.intake import build_standard, confirm_extract, load_inbox
from wholeplace.intake.ledger import Ledger
from wholeplace.intake.report import FileReport, LoadReport
from wholeplace.intake.wholeness import least_share, list_judged

LIST = claims(
    file={"pattern": "claims_{date}.csv", "format": "csv", "update": "full"},
    flags=({"flag": "sealed", "column": "hidden", "authoritative": True},),
)
AT = dt.datetime(2026, 10, 2, 9, tzinfo=dt.UTC)
DAYS = ("2026-08-01", "2026-09-01", "2026-10-01")


def load(data: DataFolder, day: str, count: int, **changes: str) -> LoadReport:
    rows = [claim(n, customer=f"c{n}", **(changes if n == 7 else {})) for n in range(count)]
    put(data, "jobcentre", f"claims_{day}.csv", csv_text(rows))
    return load_inbox(SmallPlace({"claims": LIST}), data, everything)


def standing(data: DataFolder) -> tuple[str, dt.date | None]:
    """The flag and the end of the claim of the person who is in the first extract alone."""
    with Store() as store:
        build_standard(store, SmallPlace({"claims": LIST}), data)
        flag = store.value("SELECT value FROM flags WHERE source_id = 'c7'")
        return flag, store.value("SELECT end_on FROM events WHERE source_id = 'c7'")


def entry(number: int, rows: int, *, is_whole: bool) -> FileReport:
    return FileReport(
        dataset="claims",
        partner="jobcentre",
        file=f"claims_{number}.csv",
        extract_on=dt.date(2026, 1, 1) + dt.timedelta(days=number),
        file_hash=f"{number:064d}",
        fingerprint=str(number),
        status="loaded",
        is_whole=is_whole,
        rows_read=rows,
    )


@given(st.lists(st.tuples(st.integers(0, 60), st.booleans()), max_size=7), st.randoms())
def test_what_is_short_depends_on_the_extracts_alone_and_never_lowers_the_measure(
    tmp_path_factory: pytest.TempPathFactory, sizes: list[tuple[int, bool]], chance: Any
) -> None:
    ledger = Ledger(DataFolder(tmp_path_factory.mktemp("data")), "claims")
    entries = [entry(n, rows, is_whole=whole) for n, (rows, whole) in enumerate(sizes)]
    for each in chance.sample(entries, len(entries)):
        ledger.enter(each)
    judged = list_judged(LIST, ledger)
    assert [each.file for each in judged] == [each.file for each in entries]
    taken: list[FileReport] = []
    for each, before in zip(judged, entries, strict=True):
        last_whole = max((n for n, one in enumerate(taken) if one.is_whole), default=0)
        expected = max((one.rows_read for one in taken[last_whole:]), default=0)
        assert each.is_short == (each.rows_read < expected * least_share())
        assert each.short_of == (expected if each.is_short else 0)
        assert each.is_whole == (before.is_whole and not each.is_short)
        if not each.is_short:
            taken.append(each)
    assert list_judged(claims(), ledger) == ledger.list()


def test_a_short_list_lifts_no_seal_and_ends_nothing_and_says_so(tmp_path: Path) -> None:
    data = DataFolder(tmp_path / "data")
    load(data, DAYS[0], 12, hidden="Y")
    report = load(data, DAYS[1], 5)
    assert standing(data) == ("yes", None)
    newest = report.files[-1]
    assert (newest.is_whole, newest.short_of) == (False, 12)
    assert "5 rows where 12 were sent before" in newest.notes[-1]
    assert any("claims_2026-09-01.csv is shorter than expected" in note for note in report.notes)
    (dataset,) = report.datasets
    assert dataset.newest_believed is not None
    assert dataset.newest_believed.file == "claims_2026-08-01.csv"
    # The next whole one settles it, and the short one needs no word any more.
    report = load(data, DAYS[2], 6)
    assert standing(data) == ("no", dt.date(2026, 10, 1))
    assert report.notes == ()


def test_a_steward_confirms_a_short_list_and_that_content_alone(tmp_path: Path) -> None:
    data = DataFolder(tmp_path / "data")
    load(data, DAYS[0], 12, hidden="Y")
    load(data, DAYS[1], 5)
    with pytest.raises(NotFoundError, match="No extract nonsense"):
        confirm_extract({"claims": LIST}, data, "nonsense.csv", by="steward", at=AT)
    with pytest.raises(UnsafeActionError, match="not found to be shorter"):
        confirm_extract({"claims": LIST}, data, "claims_2026-08-01.csv", by="steward", at=AT)
    with pytest.raises(NotFoundError):
        confirm_extract({"claims": LIST}, data, "police/claims_2026-09-01.csv", by="s", at=AT)
    name = "jobcentre/claims_2026-09-01.csv"
    assert confirm_extract({"claims": LIST}, data, name, by="steward", at=AT).is_whole
    assert standing(data) == ("no", dt.date(2026, 9, 1))
    (word,) = Ledger(data, "claims").confirmed().values()
    assert (word.rows, word.expected, word.confirmed_by) == (5, 12, "steward")
    # Loaded again under less, the word stays; sent again with other content, it does not hold.
    report = load_inbox(SmallPlace({"claims": LIST}), data, lambda _: frozenset({"identity"}))
    assert report.files[-1].is_whole
    assert "steward confirmed on 2 October 2026" in report.files[-1].notes[-1]
    report = load(data, DAYS[1], 4)
    assert report.files[-1].is_short


def test_the_command_confirms(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from wholeplace.partnership import folder as partnership

    data = DataFolder(tmp_path / "place-data")
    load(data, DAYS[0], 12)
    load(data, DAYS[1], 5)
    monkeypatch.setattr(partnership, "load_place", lambda _: SmallPlace({"claims": LIST}))
    given_place = ["--place", str(tmp_path / "place"), "--by", "jo"]
    done = CliRunner().invoke(intake, ["confirm", *given_place, "claims_2026-09-01.csv"])
    assert done.exit_code == 0, done.output
    assert "Confirmed as whole: jobcentre/claims_2026-09-01.csv, 5 rows." in done.output
    (word,) = Ledger(data, "claims").confirmed().values()
    assert word.confirmed_by == "jo"
