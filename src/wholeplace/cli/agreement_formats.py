"""`wholeplace agreements export` and `import`: to other systems and back."""

import json
from pathlib import Path

import click

from wholeplace.cli.options import PLACE
from wholeplace.foundation.errors import (
    CheckFailedError,
    NotFoundError,
    UnsafeActionError,
    WholeplaceError,
)

__all__ = ["export_agreement", "import_agreement"]


@click.command("export")
@click.argument("agreement_id", metavar="ID")
@click.option(
    "--format",
    "form",
    type=click.Choice(["odrl", "text", "annex-b"]),
    default="odrl",
    show_default=True,
    help="Linked data, the text that is signed, or the request and decision forms.",
)
@PLACE
def export_agreement(agreement_id: str, form: str, place: Path) -> None:
    """Write one agreement to standard output, as other systems or people read it."""
    from wholeplace.agreements import agreement_text
    from wholeplace.agreements.drafting.writing import annex_b_text
    from wholeplace.agreements.texts.odrl import export_odrl
    from wholeplace.web.gateway.wiring import open_place

    opened = open_place(place)
    agreement = next((each for each in opened.agreements if each.id == agreement_id), None)
    if agreement is None:
        raise NotFoundError(
            f"There is no agreement {agreement_id}.",
            "No file in agreements/ has that id.",
            "List them with `wholeplace agreements list`.",
        )
    if form == "odrl":
        document = export_odrl(agreement, opened.terms)
        click.echo(json.dumps(document, ensure_ascii=False, indent=2))
    elif form == "text":
        click.echo(agreement_text(agreement, opened.terms), nl=False)
    else:
        click.echo(annex_b_text(agreement, opened.terms), nl=False)


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@PLACE
def import_agreement(file: Path, place: Path) -> None:
    """Read an agreement that was exported as ODRL, and write it into the place folder.

    It is written only where no agreement of that id stands and the place knows its words.
    """
    from wholeplace.agreements import agreement_hash, check_agreement
    from wholeplace.agreements.drafting.writing import agreement_yaml
    from wholeplace.agreements.texts.odrl import import_odrl
    from wholeplace.partnership.texts import parse_yaml
    from wholeplace.web.gateway.wiring import open_place

    try:
        document = json.loads(file.read_text("utf-8"))
    except (UnicodeDecodeError, json.JSONDecodeError):
        document = None
    if not isinstance(document, dict):
        raise WholeplaceError(
            f"{file.name} was not read.",
            "It is not JSON.",
            "Give a file that was exported as ODRL.",
        )
    agreement = import_odrl(document)
    opened = open_place(place)
    name = f"agreements/{agreement.id}.yaml"
    written = agreement_yaml(agreement)
    text, faults = parse_yaml(written, name)
    if text is not None:
        faults = [*faults, *check_agreement(text, opened.terms)]
    if faults:
        raise CheckFailedError(faults)
    target = opened.folder / name
    if target.exists():
        raise UnsafeActionError(
            f"{name} was not written.",
            "An agreement of that id stands there already, and people may have signed it.",
            "Compare the two, and move one away first.",
        )
    target.parent.mkdir(exist_ok=True)
    target.write_text(written, "utf-8")
    click.echo(f"Written to {name}. Its hash is {agreement_hash(agreement)}.")
    click.echo("It is in force for nobody until every party has signed it.")
