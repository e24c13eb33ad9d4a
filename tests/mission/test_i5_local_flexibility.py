"""I5, in part: one folder of plain text configures a place, and its departures are shown."""

import datetime as dt
import shutil
from pathlib import Path
from typing import Any

import pytest
from tests.journeys.walking import become, check_page
from tests.web.town import Town, copy_deletions_key

OVERRIDE = """\
framework: supporting-families
override: persistent-absence
why: The schools asked for an earlier warning.
rule:
  all:
    - event: education.attendance
      where: {absence_share: {gte: 0.05}}
      at_least: 1
      within_days: 365
      age_from: 4
      age_to: 17
"""


@pytest.mark.browser
def test_a_programme_lead_sees_each_departure_beside_what_was_published(
    browser_page: Any,
) -> None:
    become(browser_page, "fiona-clark", "/needs/")
    said = browser_page.locator("main").inner_text()
    assert "Supporting Families" in said
    table = browser_page.locator("table").first.inner_text()
    assert "changed" in table.lower() and "added" in table.lower()
    assert "3" in table and "2" in table and "needs/repeated-suspension.yaml" in table
    check_page(browser_page)


def test_a_changed_threshold_changes_the_needs_without_code(town: Any, tmp_path: Path) -> None:
    from wholeplace.agreements import MemorySignOffs, SignOff, agreement_hash, read_agreements
    from wholeplace.foundation.folders import DataFolder
    from wholeplace.foundation.snapshots import Snapshots
    from wholeplace.foundation.store import Store
    from wholeplace.partnership import diff_place, load_place
    from wholeplace.pipeline import run_pipeline

    shutil.copytree(town.place, tmp_path / "larkbridge")
    hidden = shutil.ignore_patterns("database", "keys")
    shutil.copytree(town.data, tmp_path / "larkbridge-data", symlinks=True, ignore=hidden)
    copy_deletions_key(town, Town(tmp_path))
    place, data = tmp_path / "larkbridge", DataFolder(tmp_path / "larkbridge-data")
    at = dt.datetime.now(dt.UTC)
    signed = MemorySignOffs(
        [
            SignOff(each.id, agreement_hash(each), party.partner, "director", at)
            for each in read_agreements(load_place(place))
            for party in each.parties
        ]
    )

    def people_with_the_need() -> int:
        run_pipeline(place, data, sign_offs=signed, at=at)
        snapshot = Snapshots(data.snapshots).current()
        assert snapshot is not None
        with Store() as store:
            store.view_parquet("person_needs", snapshot.table("person_needs"))
            return int(
                store.value("SELECT count(*) FROM person_needs WHERE need = 'persistent-absence'")
            )

    as_published = people_with_the_need()
    (place / "needs" / "persistent-absence.yaml").write_text(OVERRIDE)
    here = people_with_the_need()
    assert here > as_published
    changed = [each for each in diff_place(place) if each.need == "persistent-absence"]
    assert changed and changed[0].why == "The schools asked for an earlier warning."
