"""`wholeplace money`: cases, cliffs and unit costs from a place folder, without the pages."""

import datetime as dt
import json
from pathlib import Path

import click

from wholeplace.cli.options import PLACE

__all__ = ["money"]

_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")


@click.group()
def money() -> None:
    """Cost and benefit by agency, funds that end, and unit costs."""


@money.command("unit-costs")
@_JSON
def unit_costs(as_json: bool) -> None:
    """List every unit cost with who bears it and its price year."""
    from dataclasses import asdict

    from wholeplace.foundation.values import format_pence
    from wholeplace.money.unit_costs import load_cost_source, load_unit_costs

    if as_json:
        listed = [asdict(each) for each in load_unit_costs().values()]
        click.echo(json.dumps(listed, ensure_ascii=False, indent=2))
        return
    for each in load_unit_costs().values():
        value = format_pence(each.value_pence)
        click.echo(
            f"{each.id:10} {value:>12}  {each.price_year}  {each.agency:9} {each.description}"
        )
    source = load_cost_source()
    click.echo(f"From {source.title}, {source.publisher}.", err=True)


@money.command("case")
@click.argument("intervention")
@PLACE
@_JSON
def case(intervention: str, place: Path, as_json: bool) -> None:
    """Work an INTERVENTION out with the place's own figures: who pays and who gains."""
    from wholeplace.foundation.errors import NotFoundError
    from wholeplace.foundation.values import format_pence
    from wholeplace.money import read_money
    from wholeplace.money.benefits import appraise, flows_of, totals_of

    known = read_money(place)
    if known.settings is None or intervention not in known.interventions:
        raise NotFoundError(
            "There is no such intervention.",
            f"The place states: {', '.join(known.interventions) or 'none'}.",
            "Write it in money/interventions.yaml, or choose one of these.",
        )
    appraisal = appraise(known.interventions[intervention], known.settings)
    totals, flows = totals_of(appraisal), flows_of(appraisal)
    if as_json:
        click.echo(
            json.dumps(
                {
                    "cost_pence": totals.cost.pence,
                    "fiscal_pence": totals.fiscal.pence,
                    "public_pence": totals.public.pence,
                    "fiscal_ratio": str(totals.fiscal_ratio),
                    "payback": totals.payback_words,
                    "agencies": [
                        {
                            "agency": e.agency,
                            "pays_pence": e.pays_pence,
                            "gains_pence": e.gains_pence,
                        }
                        for e in flows
                    ],
                },
                indent=2,
            )
        )
        return
    click.echo(f"Costs {totals.cost}, saves {totals.fiscal}, public value {totals.public}.")
    click.echo(
        f"£{totals.fiscal_ratio} for each £1; paid back in {totals.payback_words or 'no year'}."
    )
    for each in flows:
        pays, gains = format_pence(each.pays_pence), format_pence(each.gains_pence)
        click.echo(f"{each.agency:10} pays {pays:>14}  gains {gains:>14}")


@money.command("cliffs")
@PLACE
def cliffs(place: Path) -> None:
    """Name the months in which money ends. Families are counted on the pages alone."""
    from wholeplace.money import read_money
    from wholeplace.money.benefits import appraise
    from wholeplace.money.funds import cliffs_of
    from wholeplace.money.unit_costs import load_cost_source

    known = read_money(place)
    settings = known.settings
    cases = (
        {k: appraise(each, settings) for k, each in known.interventions.items()} if settings else {}
    )
    found = cliffs_of(
        known.funds.values(),
        dt.datetime.now(dt.UTC).date(),
        appraisals=cases,
        count_families=lambda _: "",
    )
    for each in found:
        click.echo(each.sentence(load_cost_source().agencies))
    if not found:
        click.echo("No fund ends from today on.")
