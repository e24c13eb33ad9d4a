"""A table of the size of a large county: no count given away, every total near, in seconds."""

import time

import numpy as np
import pytest

from wholeplace.foundation.disclosure import AreaTable, audit_release, protect_areas

pytestmark = pytest.mark.heavy

CATEGORIES = ("none", "one", "two", "three", "four")


def test_seventeen_hundred_small_areas_at_three_levels() -> None:
    draw = np.random.default_rng(11)
    areas: dict[str, dict[str, str]] = {"small": {}, "middle": {}, "district": {}}
    counts = {}
    for number in range(1702):
        piece, middle = f"S{number:04}", number * 353 // 1702
        areas["small"][piece], areas["middle"][piece] = piece, f"M{middle:03}"
        areas["district"][piece] = f"D{middle // 36}"
        share = draw.dirichlet([48, 33, 14.5, 4, 0.35])
        for category, count in zip(CATEGORIES, draw.multinomial(700, share), strict=True):
            counts[piece, category] = int(count)
    started = time.process_time()
    table = protect_areas(AreaTable(areas, CATEGORIES), counts)
    assert time.process_time() - started < 60
    assert audit_release(table) == []
    for figure, cells in table.parts().items():
        exact, shown = sum(counts[cell] for cell in cells), table.figures[figure].shown
        if shown is not None:
            assert exact > 7 and shown % 5 == 0
            assert abs(shown - exact) <= (3 if len(cells) > 1 else 4)
