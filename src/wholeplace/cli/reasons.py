"""`wholeplace reasons`: tell those responsible of what is late."""

from pathlib import Path

import click

from wholeplace.cli.options import PLACE

__all__ = ["reasons"]


@click.group()
def reasons() -> None:
    """Reasons to look, their reviews, and requests between partners."""


@reasons.command()
@PLACE
def remind(place: Path) -> None:
    """Tell officers of overdue reviews and answers; let requests expire whose time is over.

    The pages on reasons do so too whenever somebody opens one. Run this every hour, so that it
    does not wait for that. Each person is told once of each thing.
    """
    from wholeplace.cli.serve import prepare_database
    from wholeplace.web.gateway.wiring import open_place

    opened = open_place(place)
    prepare_database()
    from django.utils import timezone

    from wholeplace.web.gateway.models import Notice
    from wholeplace.web.reasons.requests import sweep_requests
    from wholeplace.web.reasons.reviews import tell_of_late

    before, at = Notice.objects.count(), timezone.now()
    tell_of_late(opened.today, at)
    sweep_requests(at)
    told = Notice.objects.count() - before
    click.echo(f"{told} new {'notice' if told == 1 else 'notices'}.")
