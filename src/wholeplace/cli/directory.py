"""`wholeplace directory`: import feeds of services, validate, publish."""

import datetime as dt
import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from wholeplace.cli.options import PLACE

if TYPE_CHECKING:
    from wholeplace.web.directory.importing import ImportReport

__all__ = ["directory"]

_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")
_SHOWN = 50


@click.group()
def directory() -> None:
    """Import feeds of services, validate what is published, publish it as files."""


@directory.command("import")
@PLACE
@click.argument("feeds", nargs=-1)
@_JSON
def import_(place: Path, feeds: tuple[str, ...], *, as_json: bool) -> None:
    """Import the place's feeds (or only FEEDS) and look for services that are listed twice.

    Run it daily. What could not be read is reported and kept as it was; the command ends with 1
    where a feed could not be read at all.
    """
    from wholeplace.web.gateway.wiring import open_place

    opened = open_place(place)
    # Its models can be imported only once the place is open.
    from wholeplace.web.directory.importing import import_feeds

    reports = import_feeds(opened, "system", dt.datetime.now(dt.UTC), feeds)
    if as_json:
        click.echo(json.dumps([_plain(each) for each in reports], indent=2))
    elif not reports:
        click.echo("This place reads no feed: directory/feeds.yaml names none.")
    for each in () if as_json else reports:
        counts = each.counts
        click.echo(
            f"{each.feed}: {_OUTCOMES[each.outcome]}; {counts['received']} services: {counts['new']} new, "
            f"{counts['changed']} changed, {counts['same']} the same, {counts['back']} back, {counts['gone']} gone"
        )
        for fault in each.faults:
            click.echo(f"  {fault.count} x {fault.where or 'feed'}: {fault.words}")
    if any(each.outcome == "failed" for each in reports):
        click.get_current_context().exit(1)


_OUTCOMES = {"whole": "read whole", "part": "read in part", "failed": "not read"}


@directory.command()
@PLACE
@click.option("--feed", "address", help="Address of a feed of somebody's, in place of our own.")
@_JSON
def validate(place: Path, address: str | None, *, as_json: bool) -> None:
    """Hold what is published, or a feed at an address, against Open Referral UK 3.0.

    Ends with 2 where anything departs from it.
    """
    from wholeplace.directory.publishing import validate_catalogue

    if address:
        departures = _departures_of(address)
    else:
        from wholeplace.web.gateway.wiring import open_place

        open_place(place)
        from wholeplace.web.directory.shelf import open_catalogue

        departures = [str(each) for each in validate_catalogue(open_catalogue())]
    if as_json:
        click.echo(json.dumps(departures, indent=2))
    else:
        for each in departures[:_SHOWN]:
            click.echo(each)
        count = len(departures)
        click.echo(f"{count} departures from Open Referral UK 3.0." if count else "It conforms.")
    if departures:
        click.get_current_context().exit(2)


@directory.command()
@PLACE
@click.option(
    "--to",
    "folder",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="An empty folder.",
)
def publish(place: Path, folder: Path) -> None:
    """Write the directory as files that conform, for whoever hosts files and no server."""
    from wholeplace.directory.publishing import write_package
    from wholeplace.web.gateway.wiring import open_place

    open_place(place)
    from wholeplace.web.directory.shelf import open_catalogue

    count = write_package(open_catalogue(), folder)
    click.echo(f"{count} services written.")


def _departures_of(address: str) -> list[str]:
    from wholeplace.directory.feeds import FeedPeer, walk_feed
    from wholeplace.directory.publishing import validate_service
    from wholeplace.foundation.errors import NotFoundError

    harvest = walk_feed(FeedPeer(address))
    if not harvest.pages:
        raise NotFoundError(
            "The feed could not be read.",
            "No page of it came.",
            "Check that the address is what stands before /services.",
        )
    found = [
        f"{fault.where or 'feed'}: {fault.words} ({fault.count})"
        for fault in harvest.faults.listed()
    ]
    for each in harvest.services.values():
        found += [str(departure) for departure in validate_service(dict(each.raw))]
    return found


def _plain(report: "ImportReport") -> dict[str, object]:
    faults = [
        {"code": each.code, "where": each.where, "count": each.count} for each in report.faults
    ]
    return {
        "feed": report.feed,
        "outcome": report.outcome,
        "counts": dict(report.counts),
        "faults": faults,
    }
