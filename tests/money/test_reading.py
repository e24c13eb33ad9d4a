"""The folder `money/`: sound, or every fault with its line."""

import shutil
from pathlib import Path

import pytest

from wholeplace.foundation.errors import CheckFailedError
from wholeplace.larkbridge.definitions import place_source
from wholeplace.money import check_money, read_money
from wholeplace.partnership.draft import read_draft


@pytest.fixture
def place(tmp_path: Path) -> Path:
    folder = tmp_path / "place"
    shutil.copytree(place_source() / "money", folder / "money")
    for name in ("place.yaml", "partners.yaml"):
        shutil.copy(place_source() / name, folder)
    return folder


def change(place: Path, file: str, old: str, new: str) -> None:
    path = place / "money" / file
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def faults(place: Path) -> list[str]:
    return [str(each) for each in check_money(read_draft(place))]


def test_larkbridges_folder_has_no_fault(place: Path) -> None:
    assert faults(place) == []
    money = read_money(place)
    assert money.settings and len(money.funds) == 5 and len(money.pools) == 1


def test_a_place_without_money_states_nothing(tmp_path: Path) -> None:
    assert read_money(tmp_path).settings is None


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("settings.yaml", "green-book-2026", "green-book-1066", "no discount schedule"),
        ("settings.yaml", '"2023/24"', '"2031/32"', "cannot be compared"),
        ("settings.yaml", "council: council-children", "council: council-kids", "no partner"),
        ("settings.yaml", "  - {grade: 5", "  - {grade: 4", "exactly one of each grade"),
        ("interventions.yaml", "unit_cost: cr2-0", "unit_cost: cr99", "no unit cost"),
        ("interventions.yaml", "effect: absence-share", "effect: luck", "not given"),
        ("interventions.yaml", 'low: "-0.07"', 'low: "-0.01"', "interval"),
        ("interventions.yaml", "lag_years: 0", "lag_years: -1", "lag_years"),
        ("funds.yaml", "ends_on: 2027-03-31", "ends_on: 2020-03-31", "must come after"),
        ("funds.yaml", "holder: council-children", "holder: council-kids", "no partner"),
        ("funds.yaml", "intervention: larkbridge-together", "intervention: nothing", "no intervention"),
        ("funds.yaml", "id: recovery-grant", "id: keyworker-grant", "stands twice"),
        ("funds.yaml", "pence: 21450000", "pounds: 214500", "pounds"),
        ("pools.yaml", "host: council-children", "host: nobody", "no partner"),
        ("pools.yaml", 'risk_share: "0.65"', 'risk_share: "0.66"', "exactly 1"),
    ],
)  # fmt: skip
def test_each_fault_is_named_with_its_file(
    place: Path, file: str, old: str, new: str, said: str
) -> None:
    change(place, file, old, new)
    found = faults(place)
    assert any(said in each and each.startswith(f"money/{file}:") for each in found), found


def test_faults_of_several_files_come_at_once_and_nothing_is_read(place: Path) -> None:
    change(place, "settings.yaml", "green-book-2026", "green-book-1066")
    change(place, "pools.yaml", 'risk_share: "0.65"', 'risk_share: "0.66"')
    (place / "money" / "fund.yaml").write_text("funds: []\n", "utf-8")
    assert len(faults(place)) >= 3
    with pytest.raises(CheckFailedError) as error:
        read_money(place)
    assert len(error.value.faults) >= 3


def test_interventions_need_settings(place: Path) -> None:
    (place / "money" / "settings.yaml").unlink()
    assert any("settings.yaml is missing" in each for each in faults(place))
