"""`wholeplace audit`: is the record of who looked whole, and who can prove it?"""

import datetime as dt
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from wholeplace.cli.options import PLACE
from wholeplace.foundation.errors import NotFoundError, UnsafeActionError, WholeplaceError

if TYPE_CHECKING:
    from wholeplace.foundation.evidence import HeadFile
    from wholeplace.foundation.tampering import TrailVerdict

__all__ = ["audit"]


def _with_place(command: Callable[..., Any]) -> Callable[..., Any]:
    return PLACE(command)


_file = click.Path(path_type=Path, dir_okay=False)


@click.group()
def audit() -> None:
    """The record of who looked."""


@audit.command()
@_with_place
@click.option("--head", "heads", type=_file, multiple=True, help="A head file that was kept.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")
def verify(place: Path, heads: tuple[Path, ...], *, as_json: bool) -> None:
    """Compute every seal of the record again. Ends with 1 where it does not hold.

    Give the head files that partners keep with --head, as often as there are some: only
    against them does a record show that was rewritten whole.
    """
    kept = {}
    for path in heads:
        file = _read(path)
        whose = f"{file.keeper}’s" if file.keeper else "the"
        kept[f"{whose} head of {file.head.size:,} entries in {path.name}"] = file
    _open(place)
    from wholeplace.web.chain.heads import take_due_head
    from wholeplace.web.chain.verifying import verify_trail

    verdict = verify_trail(kept)
    if verdict.is_whole:
        # A trail that does not hold is left as it is.
        take_due_head()
    if as_json:
        click.echo(json.dumps(_as_mapping(verdict)))
    else:
        _tell(verdict)
    sys.exit(0 if verdict.is_whole else 1)


@audit.command()
@_with_place
@click.option("--out", type=_file, help="Write the head file here, to hand to partners.")
@click.option(
    "--since", type=click.IntRange(1), multiple=True, help="Prove that a head this large stands."
)
@click.option("--new-key", is_flag=True, help="The signing key was lost; go on with a new one.")
@click.option("--json", "as_json", is_flag=True, help="Print the head file.")
def head(
    place: Path, out: Path | None, since: tuple[int, ...], *, new_key: bool, as_json: bool
) -> None:
    """Sign a head of the record as it stands. Run it every hour, by cron or a timer."""
    _open(place)
    from wholeplace.foundation.evidence import write_head_file
    from wholeplace.web.chain.heads import make_head_file, take_head
    from wholeplace.web.chain.witnesses import newest_sizes

    taken = take_head(may_change_key=new_key)
    if out or as_json:
        file = make_head_file(taken, {*since, *newest_sizes()})
        if out:
            _write(out, write_head_file(file))
        if as_json:
            click.echo(write_head_file(file), nl=False)
            return
    click.echo(f"Head of {taken.size:,} entries, taken at {taken.taken_at}.")
    click.echo(f"Root {taken.root}")
    click.echo(f"Signed by key {taken.key}")


@audit.command()
@click.option("--out", type=_file, required=True, help="File for the key; it must not exist.")
def key(out: Path) -> None:
    """Make a partner's own signing key."""
    from wholeplace.foundation.evidence import make_key, public_key_of, write_private_key

    made = make_key()
    _write(out, write_private_key(made), is_secret=True)
    click.echo(f"Your public key is {public_key_of(made)}")
    click.echo(f"Keep {out.name} where the host of Wholeplace cannot reach it, and a copy of it.")


@audit.command()
@click.option(
    "--head", "head_file", type=_file, required=True, help="The head file you were given."
)
@click.option("--partner", required=True, help="Your organisation's id.")
@click.option("--key", "key_file", type=_file, required=True, help="Your own signing key.")
@click.option(
    "--kept",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder of the heads you keep. Beside the key when left out.",
)
@click.option("--out", type=_file, help="Also write the countersigned file here, to hand back.")
def countersign(
    head_file: Path, partner: str, key_file: Path, kept: Path | None, out: Path | None
) -> None:
    """Check a head against the last one you kept, countersign it and keep it.

    Needs neither the place nor its database: run it on a machine of your own.
    """
    from wholeplace.foundation.evidence import countersign_head, read_private_key, write_head_file

    folder = kept or key_file.parent / f"kept-{partner}"
    last = _last_kept(folder)
    made = countersign_head(
        _read(head_file), partner, read_private_key(_text(key_file)), last, dt.datetime.now(dt.UTC)
    )
    text = write_head_file(made)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    name = f"head-{made.head.size:012d}.json"
    if not (folder / name).exists():
        _write(folder / name, text)
    if out:
        _write(out, text)
    if last is None:
        click.echo("This is the first head you keep, so there was none to check it against.")
        click.echo(f"Ask the host by telephone whether its key is {made.head.key}")
    else:
        click.echo(f"All {last.head.size:,} entries of your last head stand in it, unchanged.")
    click.echo(f"Countersigned and kept: {made.head.size:,} entries ({name}).")


@audit.command()
@_with_place
@click.option("--head", "head_file", type=_file, required=True, help="The countersigned file.")
@click.option("--new-key", is_flag=True, help="The partner told you that it has a new key.")
def receive(place: Path, head_file: Path, *, new_key: bool) -> None:
    """Take a countersigned head that a partner handed back."""
    file = _read(head_file)
    opened = _open(place)
    if file.keeper not in opened.place.partners:
        raise UnsafeActionError(
            "The countersignature was not taken.",
            "It is by no partner of this place.",
            "Ask whoever handed it in for the file that `wholeplace audit countersign` wrote.",
        )
    from wholeplace.web.chain.witnesses import receive_countersignature

    taken = receive_countersignature(file, file.keeper, "system", may_change_key=new_key)
    click.echo(f"{taken.partner} keeps a head of {taken.size:,} entries.")


@audit.command()
@_with_place
@click.option("--format", "form", type=click.Choice(["fhir"]), default="fhir", show_default=True)
@click.option("--person", required=True, help="Person number of whom it tells.")
@click.option("--officer", required=True, help="Address of the data protection officer who asks.")
@click.option("--reference", required=True, help="Reference of the request, like SAR-2026-014.")
@click.option("--from", "start", type=click.DateTime(["%Y-%m-%d"]), help="First day (YYYY-MM-DD).")
@click.option("--to", "end", type=click.DateTime(["%Y-%m-%d"]), help="Last day (YYYY-MM-DD).")
@click.option("--out", type=_file, help="Write the file here; it is printed when left out.")
def export(
    place: Path,
    form: str,
    person: str,
    officer: str,
    reference: str,
    start: dt.datetime | None,
    end: dt.datetime | None,
    out: Path | None,
) -> None:
    """Export who looked at one person, and what they said about sharing, as HL7 FHIR R4.

    It tells what their own account tells. What is left out there, because telling would put
    somebody in danger, is left out here. That it was made stands in the record of who looked.
    """
    _open(place)
    from wholeplace.web.residents.exporting import export_for_officer
    from wholeplace.web.residents.forms import is_reference

    if not is_reference(reference):
        raise click.BadParameter("give letters, then numbers, like SAR-2026-014", param_hint="--reference")  # fmt: skip
    made = export_for_officer(
        officer, person, reference, start.date() if start else None, end.date() if end else None
    )
    text = json.dumps(made, ensure_ascii=False, indent=1) + "\n"
    if out is None:
        click.echo(text, nl=False)
        return
    _write(out, text, is_secret=True)
    click.echo(f"{len(made['entry']):,} resources in {out.name}.")


def _open(place: Path) -> Any:
    from wholeplace.cli.serve import prepare_database
    from wholeplace.web.gateway.wiring import open_place

    opened = open_place(place)
    prepare_database()
    return opened


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        raise NotFoundError(
            f"{path.name} could not be read.",
            "It is not there, or it is no text.",
            "Check its name.",
        ) from None


def _read(path: Path) -> "HeadFile":
    from wholeplace.foundation.evidence import read_head_file

    return read_head_file(_text(path))


def _write(path: Path, text: str, *, is_secret: bool = False) -> None:
    """Write a whole file or none; a secret one is nobody else's to read and replaces nothing."""
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600 if is_secret else 0o644)
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as stream:
                stream.write(text)
            if is_secret:
                os.link(aside, path)
            else:
                aside.replace(path)
        finally:
            aside.unlink(missing_ok=True)
    except OSError as error:
        raise WholeplaceError(
            f"{path.name} could not be written.",
            "There is one of this name already."
            if isinstance(error, FileExistsError)
            else "The folder is not there, or may not be written to.",
            "Choose another name or folder.",
        ) from None


def _last_kept(folder: Path) -> "HeadFile | None":
    found = [_read(path) for path in sorted(folder.glob("head-*.json"))]
    return max(found, key=lambda each: each.head.size, default=None)


def _tell(verdict: "TrailVerdict") -> None:
    from wholeplace.web.audit.faults import tell_fault

    if verdict.is_whole:
        click.echo(f"The record is whole: {verdict.entries:,} entries. Its head is {verdict.head}.")
    else:
        click.echo("The record does not hold:")
        for fault in verdict.faults:
            click.echo(f"  {tell_fault(fault)}")
        if verdict.faults_left_out:
            click.echo(f"  and {verdict.faults_left_out:,} more.")
        click.echo("Leave this machine as it is, and tell every partner.")
    for keeper, size in sorted(verdict.anchors.items()):
        click.echo(f"Kept by {keeper}: a head of {size:,} entries, which holds.")
    if verdict.anchored:
        click.echo(f"Anchored: entries 1 to {verdict.anchored:,}.")
    else:
        click.echo("Anchored: none.")
    if verdict.unanchored > 0:
        click.echo(
            f"Unanchored: entries {verdict.anchored + 1:,} to {verdict.entries:,}. No partner keeps a "
            "head of them that holds, so whether they were rewritten whole cannot be told."
        )
    else:
        click.echo("Unanchored: none.")


def _as_mapping(verdict: "TrailVerdict") -> dict[str, Any]:
    faults = [
        {
            "what": each.what,
            "first": each.first,
            "last": each.last,
            "against": list(each.against),
        }
        for each in verdict.faults
    ]
    return {
        "entries": verdict.entries,
        "head": verdict.head,
        "root": verdict.root,
        "is_whole": verdict.is_whole,
        "faults": faults,
        "faults_left_out": verdict.faults_left_out,
        "anchors": dict(verdict.anchors),
        "anchored": [1, verdict.anchored] if verdict.anchored else None,
        "unanchored": [verdict.anchored + 1, verdict.entries] if verdict.unanchored > 0 else None,
    }
