"""`wholeplace link`: score links, report on them, explain one, look a person up."""

import json
import sys
from pathlib import Path
from typing import Any

import click

from wholeplace.cli.options import PLACE
from wholeplace.cli.review import card, review
from wholeplace.foundation.errors import NotFoundError, WholeplaceError
from wholeplace.foundation.folders import DataFolder
from wholeplace.foundation.snapshots import Snapshot, Snapshots

__all__ = ["link"]

_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")


@click.group()
def link() -> None:
    """Find, score and explain which records are one person; look one up."""


link.add_command(review)
link.add_command(card)


@link.command("run")
@PLACE
@click.option("--full", is_flag=True, help="Link all records anew and learn again from them.")
@_JSON
def run_linkage(place: Path, full: bool, as_json: bool) -> None:
    """Run the pipeline, linking what changed or, where the schedule asks for it, everything.

    People, index and all that rests on them are published in one step.
    """
    from wholeplace.cli.run import run_place

    run_place(place, linking="full" if full else "auto", as_json=as_json)


@link.command()
@PLACE
@_JSON
def delta(place: Path, as_json: bool) -> None:
    """Run the pipeline, linking only what changed; refuse where that cannot be done."""
    from wholeplace.cli.run import run_place

    run_place(place, linking="delta", as_json=as_json)


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
        households=pq.read_table(snapshot.table("households")),
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
    if lodgings := result["lodgings"]:
        click.echo(
            f"{lodgings['pairs']} pairs of people shared only a communal or temporary address; "
            f"{lodgings['taken_for_families']} of them were taken for one family."
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
    if "why" in found:
        click.echo(
            f"linkage: {found['why']}; learnt on {found['trained_on']} "
            f"(version {found['version'][:12]})."
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


@link.command()
@PLACE
@click.option(
    "--facts",
    type=click.Path(path_type=Path, allow_dash=True),
    default=Path("-"),
    help="JSON file of what is known of the person; standard input when absent.",
)
@click.option("--most", type=click.IntRange(1, 100), default=10, help="At most so many people.")
@_JSON
def lookup(place: Path, facts: Path, most: int, as_json: bool) -> None:
    """Ask whether a person is already known, from a JSON object of facts.

    The facts come from a file or standard input, so that nothing personal stands in the
    history of a shell. Names person ids, levels and weights; never a value that a record holds.
    """
    from dataclasses import asdict

    from wholeplace.linkage.lookup import PersonIndex, read_facts
    from wholeplace.linkage.model import read_model

    sought = read_facts(_read_json(facts))
    with PersonIndex(_published(place).path, read_model(place)) as index:
        found = index.look_up(sought, most=most)
    if as_json:
        _print_json([asdict(each) for each in found])
        return
    if not found:
        click.echo("Nobody in the published snapshot may be this person.")
    for each in found:
        click.echo(
            f"{each.person_id}: probability {each.probability:.4f}, odds {each.weight:+.1f} bits "
            f"(record {each.record_id})"
        )
        for label, level, bits in each.evidence:
            if bits:
                click.echo(f"  {label}: {level} {bits:+.1f}")


@link.command()
@click.argument("wanted", metavar="ID")
@PLACE
@_JSON
def history(wanted: str, place: Path, as_json: bool) -> None:
    """Say what became of an id, and which ids its records went by before."""
    from dataclasses import asdict

    from wholeplace.linkage.explain import tell_history

    told = tell_history(_published(place).path, wanted)
    if as_json:
        _print_json(asdict(told))
        return
    click.echo(
        f"{wanted} is {told.person_id} now."
        if told.person_id
        else f"{wanted} was retired: its records have left."
    )
    for event in told.events:
        where = f" to {event.new_id}" if event.new_id else ""
        click.echo(
            f"{event.happened_on}  {event.old_id} {event.kind}{where} ({event.records} records)"
        )
    if not told.events:
        click.echo("Nothing has happened to it.")


def _read_json(path: Path) -> Any:
    text = sys.stdin.read() if str(path) == "-" else _text_of(path)
    try:
        return json.loads(text)
    except ValueError:
        # Not chained: the parser's own message may quote a fact.
        raise WholeplaceError(
            "The facts could not be read.",
            "They are not JSON.",
            'Write them like {"given_name": "...", "birth_date": "2001-12-31"}.',
        ) from None


def _text_of(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        raise NotFoundError(
            "The facts could not be read.",
            "There is no such file, or it is not UTF-8 text.",
            "Name a JSON file, or leave --facts out and give them on standard input.",
        ) from None


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
