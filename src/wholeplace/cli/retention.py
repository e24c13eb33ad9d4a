"""`wholeplace erase`, `retention`, `backup` and `restore-backup`."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from wholeplace.cli.options import PLACE
from wholeplace.foundation.errors import NotFoundError, UnsafeActionError, WholeplaceError

if TYPE_CHECKING:
    from wholeplace.web.accounts.models import User
    from wholeplace.web.gateway.wiring import OpenPlace

__all__ = ["backup", "erase", "restore_backup", "retention"]


def _open(folder: Path) -> "OpenPlace":
    from wholeplace.cli.serve import prepare_database
    from wholeplace.web.gateway.wiring import open_place

    opened = open_place(folder)
    prepare_database()
    return opened


@click.command()
@PLACE
@click.option("--person", help="Person number: everything that every partner sent of them.")
@click.option("--record", nargs=2, metavar="DATASET SOURCE_ID", help="One record of one partner.")
@click.option("--reason", help="Why: request, objection, withdrawn-record, partner-left, unlawful.")
@click.option("--by", help="Email address of whoever asks; they sign in here.")
@click.option("--carry-out", "request_id", help="Carry out a request that was approved.")
def erase(
    place: Path,
    person: str | None,
    record: tuple[str, str] | None,
    reason: str | None,
    by: str | None,
    request_id: str | None,
) -> None:
    """Ask that somebody be erased, or carry out a request that was approved.

    Partners answer and a second person approves on the page Erasure. Stopped half-way, carry it
    out again: it goes on to its end.
    """
    opened = _open(place)
    from wholeplace.web.retention.carrying_out import carry_out
    from wholeplace.web.retention.receipts import tell_trail
    from wholeplace.web.retention.requests import ask_person, ask_record

    if request_id:
        done = carry_out(
            opened, request_id, "system", step=lambda name: click.echo(f"{name} ...", err=True)
        )
        tell_trail(opened)
        click.echo(f"Erased. Receipt {done.ledger_position}: {done.ledger_hash}")
        return
    if bool(person) == bool(record):
        raise WholeplaceError(
            "Nothing was asked.", "Name a person or a record.", "Use --person or --record."
        )
    user = _user(by)
    who = (str(user.pk), user.organisation)
    if person:
        made = ask_person(opened, person, reason or "", "", *who)
    else:
        dataset, source_id = record or ("", "")
        made = ask_record(opened, dataset, source_id, reason or "", "", *who)
    click.echo(f"Asked: request {made.pk}. Partners answer and somebody else approves it.")


def _user(email: str | None) -> "User":
    from wholeplace.web.accounts.models import User

    found = User.objects.filter(email__iexact=email or "", is_active=True).first()
    if found is None:
        raise NotFoundError(
            "Nothing was asked.",
            "It must be known who asks.",
            "Give --by with the email address of somebody who signs in here.",
        )
    return found


@click.group()
def retention() -> None:
    """Receipts of what was deleted, and the proof that it is gone."""


@retention.command("receipts")
@PLACE
@click.option("--json", "as_json", is_flag=True, help="Print the receipts as JSON.")
def list_receipts(place: Path, *, as_json: bool) -> None:
    """List every deletion, newest first; none says whose data it was."""
    opened = _open(place)
    from wholeplace.web.retention import receipts

    found = receipts.list_receipts(opened)
    if as_json:
        click.echo(json.dumps([asdict(each) for each in found], indent=2, default=str))
        return
    if not found:
        click.echo("Nothing was deleted yet.")
    for each in found:
        about = f" ({each.about})" if each.about else ""
        click.echo(
            f"{each.position:>5}  {each.at:%Y-%m-%d %H:%M}  {each.what}{about}  {each.counted}"
        )


@retention.command("verify")
@PLACE
@click.option("--json", "as_json", is_flag=True, help="Print the verdict as JSON.")
def verify(place: Path, *, as_json: bool) -> None:
    """Prove the ledger's chain again, and that nothing kept is about anybody erased."""
    opened = _open(place)
    from wholeplace.web.retention.receipts import verify_deletions

    verdict = verify_deletions(opened)
    if as_json:
        facts = {"entries": verdict.entries, "erased": verdict.erased, "left": dict(verdict.left)}
        click.echo(json.dumps(facts, indent=2))
    elif verdict.is_whole:
        click.echo(f"{verdict.entries} entries hold; nothing kept is about anybody erased.")
    if not verdict.is_whole:
        raise UnsafeActionError(
            "Something about somebody erased is still kept.",
            f"It stands in: {', '.join(sorted(verdict.left))}.",
            "Run `wholeplace run`, then verify again.",
        )


@click.command()
@PLACE
@click.option(
    "--to", "folder", required=True, type=click.Path(file_okay=False, path_type=Path),
    help="A new folder for the backup.",
)  # fmt: skip
@click.option("--keys", "with_keys", is_flag=True, help="Copy the keys too. Keep them elsewhere.")
def backup(place: Path, folder: Path, *, with_keys: bool) -> None:
    """Copy everything that this deployment holds into a new folder."""
    opened = _open(place)
    from wholeplace.web.retention.backup import make_backup

    made = make_backup(opened, folder, with_keys=with_keys)
    click.echo(f"Backed up {len(made['files']):,} files into {folder}.")
    if not with_keys:
        click.echo(
            "The keys are not in it. Without keys/deletions it cannot be restored.", err=True
        )


@click.command("restore-backup")
@PLACE
@click.option(
    "--from", "folder", required=True, type=click.Path(file_okay=False, path_type=Path),
    help="The backup's folder.",
)  # fmt: skip
@click.confirmation_option(prompt="What stands now is replaced. Go on?")
def restore_backup(place: Path, folder: Path) -> None:
    """Put a backup in the place of what stands, without whoever was erased since. Stop the site first."""
    opened = _open(place)
    from wholeplace.web.retention import backup as backups
    from wholeplace.web.retention.receipts import tell_trail

    manifest, verdict = backups.restore_backup(opened, folder)
    tell_trail(opened)
    click.echo(
        f"Restored the backup of {manifest['made_at']}. {verdict.entries} entries of the deletions "
        "ledger were applied; nothing restored is about anybody erased."
    )
