"""`wholeplace teams`: reminders of what waits, and referrals that nobody decided in time."""

from pathlib import Path

import click

from wholeplace.cli.options import PLACE

__all__ = ["teams"]


@click.group()
def teams() -> None:
    """Referrals, cases and plans."""


@teams.command()
@PLACE
@click.option("--address", default="", help="Where this place is served, for the link in the mail.")
def remind(place: Path, address: str) -> None:
    """Send each person one e-mail a day about how much waits for them, outside quiet hours.

    Run it every hour: whoever is in their quiet hours is reminded at the next run. The mail says
    how much waits and nothing of whom. Referrals that are late are passed up too.
    """
    from wholeplace.cli.serve import prepare_database
    from wholeplace.web.gateway.wiring import open_place

    opened = open_place(place)
    prepare_database()
    from django.utils import timezone

    from wholeplace.web.teams.changes.triaging import sweep_late
    from wholeplace.web.teams.reminders import send_digests

    at = timezone.now()
    late = sweep_late(at)
    done = send_digests(opened, at, address)
    click.echo(
        f"{done.sent} reminded, {done.quiet} in their quiet hours, {done.nothing} with nothing that "
        f"waits, {done.failed} not reached. {late} late {'referral' if late == 1 else 'referrals'} passed up."
    )
