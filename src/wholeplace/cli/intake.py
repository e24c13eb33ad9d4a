"""`wholeplace intake`: load partners' extracts, report on them, check or confirm one file."""

import datetime as dt
import getpass
import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import click

from wholeplace.cli.options import PLACE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from wholeplace.intake.report import FileReport, LoadReport
    from wholeplace.partnership.definitions import Dataset

__all__ = ["intake"]

JSON = click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def intake() -> None:
    """Load partners' extracts, report on them, check or confirm one file."""


@intake.command()
@PLACE
@JSON
def load(place: Path, *, as_json: bool) -> None:
    """Load every new extract of the inbox, under the agreements in force today."""
    from wholeplace.agreements import find_keeping, kept_fields
    from wholeplace.intake import load_inbox
    from wholeplace.web.gateway.wiring import open_place

    opened = open_place(place)
    rules = opened.rules(opened.today)
    report = load_inbox(
        opened.place,
        opened.data,
        lambda partner: kept_fields(rules, partner),
        progress=lambda text: click.echo(text, err=True),
        keeping=find_keeping(rules),
    )
    _print_report(report, as_json=as_json, only_new=True)


@intake.command()
@PLACE
@JSON
def report(place: Path, *, as_json: bool) -> None:
    """Say what is loaded, what was rejected and why, and what was not kept."""
    from wholeplace.foundation.folders import DataFolder
    from wholeplace.intake import read_report

    found = read_report(DataFolder.of_place(place))
    _print_report(found, as_json=as_json, only_new=False)


@intake.command()
@PLACE
@JSON
@click.option("--dataset", "dataset_id", help="The dataset, where the file's name does not tell.")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def check(place: Path, file: Path, dataset_id: str | None, *, as_json: bool) -> None:
    """Check FILE against its contract, loading and keeping nothing."""
    from wholeplace.foundation.folders import DataFolder
    from wholeplace.intake import check_extract
    from wholeplace.partnership.folder import load_place

    dataset, extract_on = _find_dataset(load_place(place).datasets, file, dataset_id)
    data = DataFolder.of_place(place).make()
    with tempfile.TemporaryDirectory(dir=data.path) as scratch:
        found = check_extract(dataset, file, extract_on, Path(scratch))
    if as_json:
        click.echo(found.model_dump_json(indent=2))
    else:
        _print_file(found)
    if found.status == "refused" or found.rejected or found.unreadable:
        click.get_current_context().exit(2)


@intake.command()
@PLACE
@click.option(
    "--by",
    default=getpass.getuser,
    show_default="the account that you are signed in with",
    help="Who confirms it.",
)
@click.argument("file")
def confirm(place: Path, file: str, by: str) -> None:
    """Confirm that FILE is whole, though it is far shorter than the extract before.

    Ask the partner first. From the next run on, whoever is absent from it counts as absent:
    what was open for them ends, and an authoritative list lifts its flags. Name FILE as it
    stands in the inbox, for example council/pupils_2026-03-01.csv.
    """
    from wholeplace.foundation.folders import DataFolder
    from wholeplace.intake import confirm_extract
    from wholeplace.partnership.folder import load_place

    found = confirm_extract(
        load_place(place).datasets,
        DataFolder.of_place(place),
        file,
        by=by,
        at=dt.datetime.now(dt.UTC),
    )
    click.echo(f"Confirmed as whole: {found.partner}/{found.file}, {found.rows_read:,} rows.")
    click.echo("Run `wholeplace run` to let it count.")


@intake.command()
@PLACE
@click.argument("dataset")
def schema(place: Path, dataset: str) -> None:
    """Print the contract of DATASET as Table Schema JSON, for the partner's own tools."""
    from wholeplace.intake import export_table_schema
    from wholeplace.partnership.folder import load_place

    found, _ = _find_dataset(load_place(place).datasets, None, dataset)
    click.echo(json.dumps(export_table_schema(found), indent=2, ensure_ascii=False))


def _find_dataset(
    datasets: "Mapping[str, Dataset]", file: Path | None, dataset_id: str | None
) -> "tuple[Dataset, dt.date]":
    from wholeplace.foundation.errors import NotFoundError
    from wholeplace.intake.inbox import match_extract

    if dataset_id:
        if dataset_id not in datasets:
            raise NotFoundError(
                f"There is no dataset {dataset_id}.",
                f"The place folder has {', '.join(sorted(datasets)) or 'none'}.",
                "Name one of these.",
            )
        matched = match_extract(datasets[dataset_id], file) if file else None
        today = dt.datetime.now(dt.UTC).date()
        return datasets[dataset_id], matched.extract_on if matched else today
    for _, dataset in sorted(datasets.items()):
        if file and (found := match_extract(dataset, file)):
            return dataset, found.extract_on
    raise NotFoundError(
        f"No dataset expects a file named {file.name if file else ''}.",
        "Its name fits no file pattern of the place folder.",
        "Name the dataset with --dataset.",
    )


def _print_report(report: "LoadReport", *, as_json: bool, only_new: bool) -> None:
    if as_json:
        click.echo(report.model_dump_json(indent=2))
        return
    files = report.new_files if only_new else report.files
    for file in files:
        _print_file(file)
    if only_new and not files:
        click.echo("Nothing new: every file in the inbox is loaded.")
    for name in report.unknown_files:
        click.echo(f"{name}: no dataset expects this file, so it was not read.")
    for note in report.notes:
        click.echo(note)


def _print_file(file: "FileReport") -> None:
    click.echo(f"{file.dataset}: {file.file} ({file.partner})")
    if file.status == "refused":
        click.echo(f"  refused. {file.why_refused} {file.do_next}")
        return
    click.echo(
        f"  {file.rows_read:,} rows read: {file.accepted:,} accepted, {file.rejected:,} rejected, "
        f"{file.unreadable:,} unreadable; {file.blanked:,} values left out; {file.seconds:.1f} s"
    )
    for reason in file.reasons:
        # A row that could not be told into columns names none.
        what = " ".join(part for part in (reason.column, reason.words) if part)
        click.echo(f"  {reason.count:,} {reason.action}: {what}")
    for drop in (*file.columns_dropped, *file.events_dropped):
        click.echo(f"  not kept: {drop.name} ({drop.why})")
    if file.columns_unknown:
        click.echo(f"  not in the contract, not kept: {', '.join(file.columns_unknown)}")
    if file.columns_absent:
        click.echo(f"  missing from the file: {', '.join(file.columns_absent)}")
    for note in file.notes:
        click.echo(f"  {note}")
