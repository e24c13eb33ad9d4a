"""`wholeplace database`: the embedded database."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from wholeplace.cli.options import PLACE

if TYPE_CHECKING:
    from wholeplace.web.database.cluster import Cluster

__all__ = ["database"]


@click.group()
def database() -> None:
    """The place's own database."""


@database.command()
@PLACE
def status(place: Path) -> None:
    """Say where the database is, which version, and whether it runs."""
    cluster = _cluster(place)
    state = "running" if cluster.is_running() else "stopped"
    click.echo(f"PostgreSQL {cluster.binaries.major} in {cluster.home}: {state}.")
    if cluster.account.is_other:
        click.echo(f"Its server runs as {cluster.account.name}, who may not connect to it.")


@database.command()
@PLACE
def start(place: Path) -> None:
    """Start it and leave it running until `wholeplace database stop`."""
    cluster = _cluster(place)
    cluster.ensure_running()
    cluster.keep_running()
    click.echo(f"Running. Connect with: psql -h '{cluster.socket_folder}' -U wholeplace wholeplace")


@database.command()
@PLACE
def stop(place: Path) -> None:
    """Stop it, whoever uses it."""
    cluster = _cluster(place)
    cluster.stop()
    click.echo("Stopped.")


def _cluster(place: Path) -> "Cluster":
    from wholeplace.foundation.folders import DataFolder
    from wholeplace.web.database.cluster import Cluster

    return Cluster.of(DataFolder.of_place(place.resolve()).make().database)
