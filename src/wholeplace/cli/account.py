"""`wholeplace account`: the first administrator."""

import datetime as dt
from pathlib import Path

import click

from wholeplace.cli.options import PLACE

__all__ = ["account"]


@click.group()
def account() -> None:
    """Accounts of the people who sign in."""


@account.command("first-administrator")
@PLACE
@click.option("--email", required=True, help="The administrator's work address.")
@click.option(
    "--address",
    default="http://127.0.0.1:8000",
    show_default=True,
    help="Where people reach these pages; the link begins with it.",
)
def first_administrator(place: Path, email: str, address: str) -> None:
    """Print a link with which the first administrator chooses a password.

    The link works once, for seven days. There is no link once there is an administrator.
    """
    from wholeplace.cli.serve import prepare_database
    from wholeplace.web.gateway.wiring import open_place

    open_place(place)
    prepare_database()
    from django.urls import reverse

    from wholeplace.web.accounts.people import invite_first_administrator

    secret = invite_first_administrator(email, dt.datetime.now(dt.UTC))
    click.echo(
        "Open this link to set up the first administrator's account. It works once:", err=True
    )
    click.echo(address.rstrip("/") + reverse("accounts:accept", args=[secret]))
