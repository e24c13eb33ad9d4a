"""Options that most commands share."""

from pathlib import Path

import click

__all__ = ["PLACE"]

PLACE = click.option(
    "--place",
    "place",
    envvar="WHOLEPLACE_PLACE",
    default=".",
    show_default="this folder, or WHOLEPLACE_PLACE",
    type=click.Path(file_okay=False, path_type=Path),
    help="The place folder.",
)
"""Which place the command is about."""
