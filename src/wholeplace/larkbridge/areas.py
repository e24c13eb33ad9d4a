"""Writing the three area sets: GeoJSON boundaries and postcode lookups."""

import csv
import io
import json
from pathlib import Path

from wholeplace.larkbridge.ground import AREA_SETS, draw_plan
from wholeplace.larkbridge.people import Dwelling

__all__ = ["write_areas"]


def write_areas(folder: Path, dwellings: list[Dwelling]) -> None:
    """Write boundaries and lookups of every set into a place's `areas` folder."""
    from shapely import unary_union
    from shapely.geometry import mapping

    folder.mkdir(parents=True, exist_ok=True)
    plan = draw_plan()
    homes = {each.postcode: each.block for each in dwellings}
    for area_set in AREA_SETS:
        features = []
        for code, name in plan.area_names[area_set].items():
            shape = unary_union(
                [block.outline for block in plan.blocks if block.areas[area_set] == code]
            )
            features.append(
                {
                    "type": "Feature",
                    "properties": {"code": code, "name": name},
                    "geometry": mapping(shape),
                }
            )
        text = json.dumps(
            {"type": "FeatureCollection", "features": features}, separators=(",", ":")
        )
        (folder / f"{area_set}.geojson").write_text(text + "\n", "utf-8")
        rows = [
            (postcode, plan.blocks[block].areas[area_set])
            for postcode, block in sorted(homes.items())
        ]
        _write_csv(folder / f"{area_set}.csv", ("postcode", "code"), rows)


def _write_csv(path: Path, names: tuple[str, ...], rows: list[tuple[str, str]]) -> None:
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(names)
    writer.writerows(rows)
    path.write_text(stream.getvalue(), "utf-8")
