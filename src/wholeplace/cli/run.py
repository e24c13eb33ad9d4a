"""`wholeplace run` and `wholeplace snapshots`: build, list and restore what people see."""

import datetime as dt
import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from wholeplace.cli.options import PLACE
from wholeplace.foundation.errors import NotFoundError
from wholeplace.foundation.folders import DataFolder

if TYPE_CHECKING:
    from rich.status import Status

    from wholeplace.pipeline import Progress, StageReport

__all__ = ["run", "run_place", "snapshots"]

_WORDS = {
    "check": "Reading the place folder",
    "rules": "Compiling the agreements in force",
    "intake": "Loading partners' extracts",
    "standard": "Bringing records into one shape",
    "link": "Finding who is who",
    "places": "Placing residents",
    "people": "Working out timelines, needs and flags",
    "publish": "Publishing",
}


@click.command()
@PLACE
@click.option(
    "--as-of",
    type=click.DateTime(["%Y-%m-%d"]),
    help="Day on which needs and flags are judged (default: today).",
)
@click.option("--engine", default="duckdb", show_default=True, help="Engine to run on.")
@click.option("--json", "as_json", is_flag=True, help="Print a summary as JSON.")
def run(place: Path, as_of: dt.datetime | None, engine: str, as_json: bool) -> None:
    """Run the pipeline and publish a snapshot.

    Stages whose inputs have not changed are not run again. A run that fails or is stopped
    leaves the last snapshot serving.
    """
    run_place(place, as_of=as_of, engine=engine, as_json=as_json)


def run_place(
    place: Path,
    *,
    as_of: dt.datetime | None = None,
    engine: str = "duckdb",
    linking: str = "auto",
    as_json: bool = False,
) -> None:
    """Run the pipeline of a place and print what it did.

    Args:
        place: the place folder.
        as_of: day on which needs and flags are judged; today when absent.
        engine: engine to run on.
        linking: see `wholeplace.pipeline.run_pipeline`.
        as_json: print JSON for programs.
    """
    from wholeplace.pipeline import run_pipeline
    from wholeplace.pipeline.run import check_engine

    check_engine(engine)
    _check_is_place(place)
    from wholeplace.cli.serve import prepare_database
    from wholeplace.web.gateway.wiring import open_place

    opened = open_place(place)
    prepare_database()
    from wholeplace.web.linkage.reviews import list_decisions

    with _show_progress() as progress:
        report = run_pipeline(
            opened.folder,
            opened.data,
            sign_offs=opened.sign_offs,
            at=dt.datetime.now(dt.UTC),
            statements=opened.flag_statements,
            decisions=list_decisions(),
            as_of=as_of.date() if as_of else None,
            progress=progress,
            engine=engine,
            linking=linking,
        )
    opened.refresh_caseloads()
    from wholeplace.web.retention.receipts import tell_trail

    tell_trail(opened)
    for note in report.notes:
        click.echo(f"Note: {note}", err=True)
    if as_json:
        click.echo(json.dumps(report.as_plain(), indent=2, sort_keys=True))
    else:
        click.echo(f"{report.text} {report.seconds:.1f} seconds.")
        if report.linking:
            click.echo(f"Linkage: {report.linking}.")


@click.group()
def snapshots() -> None:
    """List and restore snapshots."""


@snapshots.command("list")
@PLACE
@click.option("--json", "as_json", is_flag=True, help="Print the list as JSON.")
def list_snapshots(place: Path, as_json: bool) -> None:
    """List snapshots, newest first; the published one is marked."""
    from wholeplace.foundation.snapshots import Snapshots

    _check_is_place(place)
    held = Snapshots(DataFolder.of_place(place).snapshots)
    current = held.current_id()
    rows: list[dict[str, Any]] = [
        {
            "id": each.id,
            "is_published": each.id == current,
            "built_at": each.manifest.get("built_at", ""),
            "as_of": each.manifest.get("as_of", ""),
            "people": each.manifest.get("link", {}).get("people", 0),
            "restored_from": each.manifest.get("restored_from"),
        }
        for each in held.list()
    ]
    if as_json:
        click.echo(json.dumps(rows, indent=2))
        return
    if not rows:
        click.echo("There is no snapshot yet. Run `wholeplace run`.")
    for row in rows:
        mark = "published" if row["is_published"] else ""
        origin = f"restored from {row['restored_from']}" if row["restored_from"] else ""
        line = f"{row['id']}  as of {row['as_of']}  {row['people']:>9,} people  {mark}  {origin}"
        click.echo(line.rstrip())


@snapshots.command("restore")
@click.argument("snapshot_id")
@PLACE
def restore(snapshot_id: str, place: Path) -> None:
    """Publish an earlier snapshot again, with the flags of today.

    What no agreement in force covers any more is cut out of it first.
    """
    from wholeplace.agreements import countable_facts, find_keeping, kept_fields
    from wholeplace.cli.serve import prepare_database
    from wholeplace.pipeline import restore_snapshot
    from wholeplace.pipeline.cutting import find_coverage
    from wholeplace.web.gateway.wiring import open_place

    _check_is_place(place)
    opened = open_place(place)
    prepare_database()
    rules, known = opened.rules(opened.today), opened.place
    kept = {
        partner: known.vocabulary.expand(kept_fields(rules, partner)) for partner in known.partners
    }
    snapshot = restore_snapshot(
        opened.data,
        snapshot_id,
        dt.datetime.now(dt.UTC),
        coverage=find_coverage(
            known,
            kept,
            countable_facts(rules),
            opened.flag_statements.statements(),
            find_keeping(rules),
        ),
    )
    opened.refresh_caseloads()
    click.echo(f"Published: {snapshot.id}")


def _check_is_place(place: Path) -> None:
    if not (place / "place.yaml").is_file():
        raise NotFoundError(
            f"{place} is not a place folder.",
            "It has no place.yaml.",
            "Name the folder that holds place.yaml with --place.",
        )


@contextmanager
def _show_progress() -> "Iterator[Progress]":
    """Live on a terminal, plain lines otherwise; on standard error in both cases."""
    if not sys.stderr.isatty():
        yield _PlainProgress()
        return
    from rich.console import Console

    console = Console(stderr=True)
    with console.status("Starting") as status:
        yield _LiveProgress(status)


class _PlainProgress:
    """One line when a stage begins and one when it ends."""

    def start(self, stage: str) -> None:
        click.echo(f"{stage}: {_WORDS[stage]} ...", err=True)

    def note(self, stage: str, text: str) -> None:
        click.echo(f"{stage}: {text}", err=True)

    def finish(self, stage: "StageReport") -> None:
        click.echo(_line(stage), err=True)


class _LiveProgress:
    """A moving line for the stage at work, and a line that stays for each that ended."""

    def __init__(self, status: "Status") -> None:
        self._status = status
        self._began = time.perf_counter()

    def start(self, stage: str) -> None:
        self._status.update(_WORDS[stage])

    def note(self, stage: str, text: str) -> None:
        self._status.update(f"{_WORDS[stage]}: {text}")

    def finish(self, stage: "StageReport") -> None:
        self._status.console.print(_line(stage), highlight=False, markup=False)


def _line(stage: "StageReport") -> str:
    what = "unchanged, taken over" if stage.is_reused else f"{stage.rows:,} rows"
    return f"{stage.name}: {what} in {stage.seconds:.1f} s"
