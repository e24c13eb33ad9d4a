"""`wholeplace link`: score links against known truth, report on them, explain one."""

import json
from pathlib import Path
from typing import Any

import click

from wholeplace.cli.options import PLACE
from wholeplace.foundation.errors import NotFoundError
from wholeplace.foundation.folders import DataFolder
from wholeplace.foundation.snapshots import Snapshot, Snapshots

__all__ = ["link"]

_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")


@click.group()
def link() -> None:
    """Score and explain which records are one person."""


@link.command()
@PLACE
@click.option(
    "--truth", required=True, type=click.Path(path_type=Path), help="Folder with rows.parquet."
)
@_JSON
def score(place: Path, truth: Path, as_json: bool) -> None:
    """Compare the published snapshot with who each row is really about."""
    import pyarrow.parquet as pq

    from wholeplace.linkage.score import score_links

    snapshot = _published(place)
    rows = truth / "rows.parquet"
    if not rows.exists():
        raise NotFoundError(
            f"There is no truth in {truth}.",
            "Scoring needs rows.parquet with dataset, file, row_number and person_true_id.",
            "Only invented or labelled data has one; `wholeplace demo` writes it for Larkbridge.",
        )
    spells = truth / "household_spells.parquet"
    result = score_links(
        pq.read_table(snapshot.table("person_records")),
        pq.read_table(snapshot.table("record_rows")),
        pq.read_table(rows),
        link_edges=pq.read_table(
            snapshot.table("link_edges"), columns=["record_id_l", "record_id_r", "outcome"]
        ),
        spells=pq.read_table(spells) if spells.exists() else None,
        household_members=pq.read_table(snapshot.table("household_members")),
    ).as_plain()
    if as_json:
        _print_json(result)
        return
    click.echo(
        f"{result['records']} records of {result['people_true']} people; {result['people_found']} people found."
    )
    for name in ("pairwise", "cluster", "households"):
        if result[name]:
            quality = result[name]
            click.echo(
                f"{name:<11} precision {quality['precision']:.4f}  recall {quality['recall']:.4f}  F1 {quality['f1']:.4f}"
            )
    worst = sorted(result["by_source_pair"].items(), key=lambda item: item[1]["f1"])[:5]
    for pair, quality in worst:
        click.echo(f"  weakest: {pair}  F1 {quality['f1']:.4f}")


@link.command()
@PLACE
@_JSON
def report(place: Path, as_json: bool) -> None:
    """Print the link report of the published snapshot."""
    snapshot = _published(place)
    found = snapshot.manifest.get("link")
    if not found:
        raise NotFoundError(
            f"The snapshot {snapshot.id} has no link report.",
            "It was built without linkage.",
            "Run `wholeplace run`.",
        )
    if as_json:
        _print_json(found)
        return
    click.echo(
        f"{found['records']} records, {found['people']} people, {found['pairs']} pairs compared."
    )
    for kind, count in found["households"].items():
        click.echo(f"households of kind {kind}: {count}")
    click.echo(f"possible links for a person to look at: {found['possible_links']}")
    for reason, count in found["refused"].items():
        click.echo(f"kept apart ({reason}): {count}")
    for rule, count in found["passed_over"].items():
        click.echo(f"shared by too many to compare ({rule}): {count} records")
    click.echo("what each level is worth, in bits:")
    for comparison, levels in found["parameters"]["levels"].items():
        for level, worth in levels.items():
            click.echo(f"  {comparison:<14}{level:<20}{worth['bits']:+7.2f}")


@link.command()
@click.argument("wanted", metavar="ID")
@PLACE
@_JSON
def explain(wanted: str, place: Path, as_json: bool) -> None:
    """Say why records are held to be one person, by person id or record id.

    Names sources, levels and weights; never a value that a record holds.
    """
    from dataclasses import asdict

    from wholeplace.linkage.explain import explain_person
    from wholeplace.linkage.model import read_model

    told = explain_person(_published(place).path, wanted, read_model(place))
    if as_json:
        _print_json(asdict(told))
        return
    click.echo(f"{told.person_id}: {len(told.records)} records")
    for record, dataset, partner in told.records:
        click.echo(f"  {record}  {dataset} ({partner})")
    for title, links in (
        ("Held together by (weakest first):", told.links),
        ("Doubtful:", told.doubts),
    ):
        if links:
            click.echo(title)
        for one in links[:20]:
            click.echo(f"  {one.record_id_l} and {one.record_id_r}: {one.in_words()}")


def _published(place: Path) -> Snapshot:
    snapshot = Snapshots(DataFolder.of_place(place).snapshots).current()
    if snapshot is None:
        raise NotFoundError(
            "Nothing has been published for this place yet.",
            "No run has completed.",
            "Run `wholeplace run`.",
        )
    return snapshot


def _print_json(value: Any) -> None:
    click.echo(json.dumps(value, indent=2, sort_keys=True, default=str))
