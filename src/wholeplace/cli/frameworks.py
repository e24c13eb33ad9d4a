"""`wholeplace frameworks list | show | adopt`: the programmes that a place can take on."""

import json
from pathlib import Path
from typing import Any

import click

from wholeplace.cli.options import PLACE

__all__ = ["frameworks"]


@click.group()
def frameworks() -> None:
    """List, show and adopt frameworks."""


@frameworks.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")
def list_(as_json: bool) -> None:
    """List every framework that ships with Wholeplace, by version."""
    from wholeplace.partnership import list_frameworks, load_framework

    rows = []
    for each in list_frameworks():
        found = load_framework(each.id, each.version)
        rows.append(
            {
                "id": each.id,
                "version": each.version,
                "title": each.title,
                "ran": found.ran,
                "unit": found.unit,
                "headlines": len(found.headlines),
                "needs": sum(len(headline.needs) for headline in found.headlines),
                "claim_rules": len(found.claims.rules) if found.claims else 0,
            }
        )
    if as_json:
        click.echo(json.dumps({"frameworks": rows}, ensure_ascii=False, indent=2))
        return
    for row in rows:
        click.echo(
            f"{row['id']} {row['version']}: {row['title']} "
            f"({row['headlines']} headlines, {row['needs']} needs, {row['claim_rules']} claim rules)"
        )


@frameworks.command()
@click.argument("id_", metavar="ID")
@click.argument("version", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")
def show(id_: str, version: str | None, as_json: bool) -> None:
    """Show one framework: outcomes, needs, claim rules, forms, money and sources."""
    from wholeplace.partnership import load_framework

    found = load_framework(id_, _version(id_, version))
    if as_json:
        click.echo(found.model_dump_json(indent=2))
        return
    for line in _describe(found):
        click.echo(line)


@frameworks.command()
@click.argument("id_", metavar="ID")
@click.argument("version", required=False)
@PLACE
def adopt(id_: str, version: str | None, place: Path) -> None:
    """Adopt a framework: add it to place.yaml, or move to another version of it.

    Cases begun under the version before keep its rules.
    """
    from wholeplace.partnership.adopting import adopt_framework

    done = adopt_framework(place, id_, _version(id_, version))
    click.echo(done.words)
    click.echo("Next: wholeplace check, and wholeplace diff to see where you depart from it.")


def _version(id_: str, version: str | None) -> str:
    """Return the version asked for, or the newest that there is."""
    from wholeplace.partnership import list_frameworks

    if version is not None:
        return version
    return max((each.version for each in list_frameworks() if each.id == id_), default="")


def _describe(found: Any) -> list[str]:
    from wholeplace.partnership.claim_departures import describe_claim_rule

    lines = [f"{found.title} ({found.id} {found.version})", found.source]
    lines += [found.purpose] if found.purpose else []
    lines += ["", "Headline outcomes"]
    for headline in found.headlines:
        lines.append(f"  {headline.label}")
        lines += [f"    {need.label}: {need.evidence}" for need in headline.needs]
    if found.measures:
        lines += ["", "Measures"]
        lines += [
            f"  {each.label} ({each.unit}; {each.better} is better)" for each in found.measures
        ]
    if found.claims:
        labels = {each.id: each.label for each in found.claims.counts}
        lines += ["", "Rules of a claim"]
        for rule in found.claims.rules:
            lines.append(f"  {rule.label} [{rule.stage}]")
            lines.append(f"    {describe_claim_rule(rule, labels)}")
            lines.append(f"    source: {rule.source}")
    if found.allocation:
        lines += ["", "How the fund is shared out", f"  {found.allocation.says}"]
    for title, listed in (
        ("Returns", [each.label for each in found.returns]),
        ("Forms", [f"{each.title} ({len(each.fields)} fields)" for each in found.forms]),
        ("Money", [f"{each.label}: {each.says} ({each.source})" for each in found.money]),
        ("Sources", [f"{each.title}, {each.published}: {each.says}" for each in found.sources]),
        ("Left out, because no source that was checked says it", list(found.left_out)),
    ):
        if listed:
            lines += ["", title, *(f"  {each}" for each in listed)]
    return lines
