"""The worked example of docs/explanation/disclosure.md, as it stands there."""

import re
from pathlib import Path

from wholeplace.foundation.attack import Asked
from wholeplace.foundation.disclosure import (
    PLACE,
    AreaTable,
    protect_areas,
    rounded_number_of_people,
)
from wholeplace.foundation.recovery import attack_on

PAGE = Path(__file__).parents[2] / "docs" / "explanation" / "disclosure.md"
SHAPE = AreaTable(
    {
        "wards": {"common": "A", "street": "A", "elsewhere": "B"},
        "beats": {"common": "X", "street": "Y", "elsewhere": "Y"},
    },
    ("with the need",),
)
NAMES = {
    "Ward A": ("wards", "A"),
    "Beat X": ("beats", "X"),
    "Ward B": ("wards", "B"),
    "Beat Y": ("beats", "Y"),
    "Whole place": (PLACE, PLACE),
}


def protect(street: int):
    people = {"common": 100, "street": street, "elsewhere": 80}
    counts = {(piece, "with the need"): count for piece, count in people.items()}
    return counts, protect_areas(SHAPE, counts)


def test_the_worked_example_is_what_comes_out() -> None:
    counts, table = protect(3)
    rows = re.findall(r"^\| (Ward|Beat|Whole)([^|(]*?)(?: \([^|]*\))? \| (\d+) \| (\d+) \|$",
                      PAGE.read_text("utf-8"), re.MULTILINE)  # fmt: skip
    assert len(rows) == len(NAMES)
    for first, rest, exact, shown in rows:
        area = NAMES[f"{first}{rest}"]
        cells = table.parts()[(*area, "")]
        assert sum(counts[cell] for cell in cells) == int(exact)
        assert table.count(*area).shown == int(shown)


def test_the_street_may_hold_what_the_page_says() -> None:
    _, table = protect(3)
    low, high = attack_on(table, table.error_at_most).range_of(
        Asked((("street", "with the need"),))
    )
    assert (low, high) == (0, 13)


def test_two_or_four_people_in_the_street_look_alike() -> None:
    looks = {tuple(protect(street)[1].as_plain().items()) for street in (3, 4)}
    assert len(looks) == 1


def test_numbers_in_a_sentence_read_as_the_page_says() -> None:
    assert rounded_number_of_people(1238) == "about 1,240"
    assert rounded_number_of_people(7) == rounded_number_of_people(0) == "fewer than 8"
    assert rounded_number_of_people(8) == "about 10"
