"""`wholeplace init`, `check` and `diff`: the place folder."""

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from wholeplace.foundation.errors import CheckFailedError, Fault

__all__ = ["COMMANDS", "check", "diff", "init"]


def _with_place(command: Callable[..., Any]) -> Callable[..., Any]:
    option = click.option(
        "--place",
        "place",
        type=click.Path(path_type=Path),
        help="The place folder. The folder you stand in when left out.",
    )
    argument = click.argument("folder", required=False, type=click.Path(path_type=Path))
    as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")
    return option(argument(as_json(command)))


def _chosen(folder: Path | None, place: Path | None) -> Path:
    if folder is not None and place is not None and folder != place:
        raise click.UsageError("Name the place folder once, either as FOLDER or with --place.")
    return folder or place or Path()


def _print_json(value: Any) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--name", help="What people call the place. The folder's name when left out.")
@click.option("--id", "id_", help="Its id: small letters, digits, hyphens. Made from the name.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")
def init(folder: Path, name: str | None, id_: str | None, as_json: bool) -> None:
    """Write a new, commented place folder in FOLDER."""
    from wholeplace.partnership.writing import name_to_id, write_place

    chosen = name or folder.resolve().name.replace("-", " ").replace("_", " ").title()
    written = write_place(folder, id_ or name_to_id(chosen), chosen)
    files = sorted(p.relative_to(written).as_posix() for p in written.rglob("*") if p.is_file())
    if as_json:
        _print_json({"folder": str(written), "name": chosen, "files": files})
        return
    click.echo(f"Wrote a place folder for {chosen} in {written}:")
    for file in files:
        click.echo(f"  {file}")
    click.echo("Next: replace the words in capitals in partners.yaml, then run")
    click.echo(f"  wholeplace check {written}")


@click.command()
@_with_place
def check(folder: Path | None, place: Path | None, as_json: bool) -> None:
    """Check a place folder and name every fault at once.

    Each fault says its file and line, what is wrong, what was expected and how to mend it.
    Ends with code 2 when there are faults.
    """
    from wholeplace.agreements import check_agreements
    from wholeplace.directory.feeds.checking import check_directory
    from wholeplace.money import check_money
    from wholeplace.partnership import check_place
    from wholeplace.places import check_places

    chosen = _chosen(folder, place)
    faults = check_place(chosen, [check_agreements, check_places, check_directory, check_money])
    if as_json:
        _print_json({"faults": [asdict(fault) for fault in faults]})
    elif faults:
        _print_faults(faults)
    else:
        click.echo(f"{chosen.resolve().name}: no faults.")
    if faults:
        raise SystemExit(CheckFailedError.exit_code)


def _print_faults(faults: list[Fault]) -> None:
    for fault in faults:
        click.echo(f"{fault.file}:{fault.line}: {fault.what}")
        if fault.expected:
            click.echo(f"    expected: {fault.expected}")
        if fault.mend:
            click.echo(f"    to mend it: {fault.mend}")
    files = len({fault.file for fault in faults})
    click.echo(
        f"{len(faults)} fault{'' if len(faults) == 1 else 's'} "
        f"in {files} file{'' if files == 1 else 's'}.",
        err=True,
    )


@click.command()
@_with_place
def diff(folder: Path | None, place: Path | None, as_json: bool) -> None:
    """Show where a place departs from the frameworks that it adopted."""
    from wholeplace.partnership import diff_place, load_place

    chosen = _chosen(folder, place)
    differences = diff_place(chosen)
    if as_json:
        _print_json({"differences": [asdict(each) for each in differences]})
        return
    adopted = load_place(chosen).place.frameworks
    if not adopted:
        click.echo("This place has adopted no framework.")
    for framework in adopted:
        ours = [each for each in differences if each.framework == framework.id]
        if not ours:
            click.echo(f"{framework.id} {framework.version}: as published.")
            continue
        counts = Counter(each.kind for each in ours)
        words = ", ".join(f"{counts[kind]} {kind}" for kind in ("changed", "added", "dropped"))
        click.echo(f"{framework.id} {framework.version}: {words}.")
        for each in ours:
            click.echo(f"\n{each.headline}: {each}")
            click.echo(f"  stated in: {each.file}")


COMMANDS: list[click.Command] = [init, check, diff]
