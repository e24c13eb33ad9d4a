"""`wholeplace audit`: is the record of who looked whole?"""

import json
import sys
from pathlib import Path

import click

__all__ = ["audit"]


@click.group()
def audit() -> None:
    """The record of who looked."""


@audit.command()
@click.option(
    "--place",
    type=click.Path(path_type=Path),
    default=Path(),
    help="The place folder. The folder you stand in when left out.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")
def verify(place: Path, *, as_json: bool) -> None:
    """Compute every seal of the record again. Ends with 1 where it does not hold."""
    from wholeplace.cli.serve import prepare_database
    from wholeplace.web.gateway.wiring import open_place

    open_place(place)
    prepare_database()
    from wholeplace.web.chain.trail import verify_trail

    verdict = verify_trail()
    fault = verdict.fault
    if as_json:
        found = {"position": fault.position + 1, "what": fault.what} if fault else None
        click.echo(json.dumps({"entries": verdict.entries, "head": verdict.head, "fault": found}))
    elif fault is None:
        click.echo(f"The record is whole: {verdict.entries:,} entries. Its head is {verdict.head}.")
    else:
        click.echo(f"The record does not hold: entry {fault.position + 1:,} was {fault.what}.")
    sys.exit(0 if fault is None else 1)
