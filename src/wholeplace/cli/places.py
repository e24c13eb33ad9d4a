"""`wholeplace places`: boundary sets, converting figures, and who is responsible."""

import csv
import datetime as dt
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from wholeplace.cli.options import PLACE

__all__ = ["places"]

_DAY = click.DateTime(["%Y-%m-%d"])
_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")


@click.group()
def places() -> None:
    """Areas and boundaries: import, convert, compare, and who is responsible."""


@places.command("import")
@click.argument("file", type=click.Path(exists=True, path_type=Path))
@PLACE
@click.option("--id", "id_", required=True, help="Id of the new set: small letters, hyphens.")
@click.option("--title", required=True, help="What people call it.")
@click.option("--kind", required=True, help="Such as ward, police-beat, nhs-locality.")
@click.option("--from", "valid_from", type=_DAY, required=True, help="First day it holds.")
@click.option("--to", "valid_to", type=_DAY, help="Last day it holds.")
@click.option("--source", required=True, help="Where it comes from, with its licence.")
@click.option("--code", help="Column of the codes. Found by its name when left out.")
@click.option("--name", "name_column", help="Column of the names. Likewise.")
@click.option("--layer", help="Of a file with several.")
@click.option(
    "--postcodes",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    required=True,
    help="CSV with postcode and either lon and lat, or a column of the set's codes.",
)
def import_set(file: Path, place: Path, id_: str, postcodes: Path, **given: Any) -> None:
    """Write a boundary file (GeoJSON, shapefile, GeoPackage) into the place folder as a set.

    Which postcode lies in which area is worked out from the postcodes' positions.
    """
    from wholeplace.places.boundaries.reading import read_outlines
    from wholeplace.places.boundaries.writing import NewSet, write_area_set

    outlines = read_outlines(file, given["code"], given["name_column"], given["layer"])
    new = NewSet(
        id_,
        given["title"],
        given["kind"],
        given["valid_from"].date(),
        given["valid_to"].date() if given["valid_to"] else None,
        given["source"],
    )
    written = write_area_set(place, new, outlines, postcodes)
    click.echo(
        f"Wrote {len(outlines.codes)} areas and {written.postcodes} postcodes to areas/{id_}.*"
    )
    if written.outside:
        click.echo(f"{written.outside} postcodes lie in none of its areas.", err=True)
    click.echo(f"Next: run `wholeplace check {place}`")


@places.command()
@click.argument("counts", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@PLACE
@click.option("--from", "source", required=True, help="Id of the set that the counts are of.")
@click.option("--to", "target", required=True, help="Id of the set to convert to.")
@click.option("--on", type=_DAY, help="Boundaries of this day. Today's when left out.")
@_JSON
def convert(
    counts: Path, place: Path, source: str, target: str, on: dt.datetime | None, as_json: bool
) -> None:
    """Convert a CSV of counts (columns code, count) to another set, each with its range."""
    from wholeplace.foundation.errors import NotFoundError
    from wholeplace.places.converting.counts import convert_counts

    ground = _ground(place, on)
    for name in (source, target):
        if name not in ground.sets:
            raise NotFoundError(
                "The counts were not converted.",
                f"There is no set {name} that holds on that day.",
                f"Use one of: {', '.join(ground.sets)}.",
            )
    found = convert_counts(ground.crosswalk(source, target), _read_counts(counts))
    rows = [
        (code, ground.names[target].get(code, ""), int(each.value), int(each.low), int(each.high),
         each.how)
        for code, each in found.figures.items()
    ]  # fmt: skip
    if found.outside is not None:
        each = found.outside
        rows.append(
            ("", "outside every area", int(each.value), int(each.low), int(each.high), each.how)
        )
    _print_table(("code", "name", "count", "low", "high", "how"), rows, as_json)


@places.command()
@PLACE
@click.option("--on", type=_DAY, help="Boundaries of this day. Today's when left out.")
@_JSON
def fit(place: Path, on: dt.datetime | None, as_json: bool) -> None:
    """Show for each pair of sets how many people live outside the main match."""
    from wholeplace.places.converting.misalignment import compare_sets

    ground = _ground(place, on)
    rows = []
    for one in ground.sets:
        for two in ground.sets:
            if one != two:
                found = compare_sets(ground.units(one, two))
                rows.append(
                    (one, two, round(found.outside_share, 4), round(found.outside),
                     round(found.people))
                )  # fmt: skip
    _print_table(("set", "against", "outside_share", "outside", "people"), rows, as_json)


@places.command()
@click.argument("postcode")
@click.option(
    "--place", type=click.Path(file_okay=False, path_type=Path), envvar="WHOLEPLACE_PLACE",
    help="The place folder. Not needed with --lookup.",
)  # fmt: skip
@click.option(
    "--lookup", "lookups", multiple=True, type=click.Path(exists=True, path_type=Path),
    help="A lookup of the Office for National Statistics (CSV); may be given several times.",
)  # fmt: skip
@click.option("--topic", "topics", multiple=True, help="What it is about. Everything if left out.")
@click.option("--age", type=click.IntRange(0, 120), help="Of the person, in years.")
@click.option("--on", type=_DAY, help="The day. Today when left out.")
@_JSON
def who(
    postcode: str,
    place: Path | None,
    lookups: tuple[Path, ...],
    topics: tuple[str, ...],
    age: int | None,
    on: dt.datetime | None,
    as_json: bool,
) -> None:
    """Say who commissions, funds, delivers, regulates and inspects for a postcode."""
    from wholeplace.places.bodies.definitions import LocalBodies, england
    from wholeplace.places.bodies.finding import find_responsible
    from wholeplace.places.bodies.local import read_local_bodies
    from wholeplace.places.boundaries.hierarchy import read_hierarchy, trace_postcode

    day = on.date() if on else dt.datetime.now(dt.UTC).date()
    local: tuple[LocalBodies, ...] = ()
    if lookups:
        where = trace_postcode(read_hierarchy(lookups), postcode)
    else:
        where = _ground(place or Path(), on).whereabouts(postcode)
        local = read_local_bodies(place or Path())
    for kind, (code, name) in where.items():
        click.echo(f"{kind}: {name or code} ({code})", err=True)
    rows: list[tuple[str, ...]] = []
    for topic in topics or tuple(each.id for each in england().topics):
        found = find_responsible(england(), local, topic, where, age=age, on=day)
        for part, bodies in found.parts.items():
            rows += [
                (topic, part, each.body, each.area, each.law, each.source_on.isoformat(),
                 each.confidence)
                for each in bodies
            ]  # fmt: skip
            if part in found.gaps:
                rows.append((topic, part, "GAP", "", found.gaps[part], "", ""))
    _print_table(("topic", "part", "body", "area", "law", "source_on", "confidence"), rows, as_json)


def _ground(place: Path, on: dt.datetime | None) -> Any:
    from wholeplace.partnership import load_place
    from wholeplace.places.fitting import read_ground
    from wholeplace.places.indicators import read_indicators

    day = on.date() if on else dt.datetime.now(dt.UTC).date()
    return read_ground(load_place(place), read_indicators(place), day)


def _read_counts(file: Path) -> dict[str, int]:
    from wholeplace.foundation.errors import WholeplaceError

    try:
        with file.open(encoding="utf-8-sig", newline="") as stream:
            return {row["code"].strip(): int(row["count"]) for row in csv.DictReader(stream)}
    except (OSError, KeyError, ValueError, AttributeError) as error:
        raise WholeplaceError(
            f"The counts in {file.name} cannot be used.",
            "It is not a CSV with the columns code and count, of whole numbers.",
            "Mend the file.",
        ) from error


def _print_table(columns: Sequence[str], rows: Sequence[Sequence[Any]], as_json: bool) -> None:
    if as_json:
        listed = [dict(zip(columns, row, strict=True)) for row in rows]
        click.echo(json.dumps(listed, ensure_ascii=False, indent=2))
        return
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
