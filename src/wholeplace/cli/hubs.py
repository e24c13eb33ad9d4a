"""`wholeplace hubs`: candidate sites, and a choice of hubs without a browser."""

import json
from pathlib import Path

import click

from wholeplace.cli.options import PLACE

__all__ = ["hubs"]


@click.group()
def hubs() -> None:
    """Sites where several partners see people together."""


@hubs.command()
@PLACE
def sites(place: Path) -> None:
    """List candidate sites and hubs, and check `hubs/sites.yaml` on the way."""
    from wholeplace.partnership import load_place
    from wholeplace.places.hubs.sites import read_sites

    found = read_sites(place, load_place(place).partners)
    if found is None or not found.sites:
        click.echo("There are no sites: the place folder has no hubs/sites.yaml.")
        return
    for each in found.sites:
        state = f"hub since {each.hub_since}" if each.hub_since else "candidate"
        click.echo(f"{each.id}: {each.name}, {state}, can take {each.can_take:,} a year")


@hubs.command()
@PLACE
@click.option("--partner", required=True, help="Whose agreements the counts are made under.")
@click.option("--role", default="commissioner", show_default=True, help="In which role.")
@click.option("--count", default=3, show_default=True, type=click.IntRange(min=1), help="How many.")
@click.option(
    "--used",
    default="two-or-more",
    show_default=True,
    help="For whom: two-or-more, three-or-more, or two partners joined by a plus.",
)
@click.option("--areas", default="", help="In which set of areas; the finest when left out.")
@click.option("--keep", multiple=True, help="A site that must stay; may be repeated.")
@click.option("--without", multiple=True, help="A site that cannot be had; may be repeated.")
@click.option("--heed-room", is_flag=True, help="Send no site more people than it can take.")
@click.option(
    "--cap-m",
    type=int,
    default=None,
    help="How far the tenth who travel furthest may go, in metres.",
)
@click.option("--title", default="", help="Name of the choice.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def choose(
    place: Path, partner: str, role: str, count: int, used: str, areas: str,
    keep: tuple[str, ...], without: tuple[str, ...], heed_room: bool, cap_m: int | None,
    title: str, as_json: bool,
) -> None:  # fmt: skip
    """Choose hubs as the page does, keep the choice and print it. Protected counts alone go in."""
    from wholeplace.cli.serve import prepare_database
    from wholeplace.foundation.errors import NotFoundError
    from wholeplace.web.gateway.wiring import open_place

    opened = open_place(place)
    prepare_database()
    from django.utils import timezone

    from wholeplace.agreements import Viewer
    from wholeplace.web.hubs.access import sites_of
    from wholeplace.web.hubs.planning.rights import read_rights
    from wholeplace.web.hubs.planning.running import finest_first, work_out

    viewer, known = Viewer("system", partner, role), sites_of(opened)
    rights = read_rights(opened, viewer)
    if rights.why or known is None:
        raise NotFoundError(
            "No hubs were chosen.", rights.why or "The place folder has no hubs/sites.yaml.",
            "Ask whoever looks after the agreements and the place folder.",
        )  # fmt: skip
    if wrong := [each for each in (*keep, *without) if known.site(each) is None]:
        raise NotFoundError(f"There is no site {wrong[0]}.", "", "See `wholeplace hubs sites`.")
    asked = {
        "count": count, "used": used, "areas": areas or finest_first(opened)[0][0],
        "keep": sorted(keep), "barred": sorted(without), "heed_room": heed_room, "cap_m": cap_m,
    }  # fmt: skip
    made = work_out(opened, viewer, rights, known, asked, title, timezone.now())
    if as_json:
        click.echo(json.dumps(made.result, indent=1))
        return
    found = made.result
    click.echo(
        "\n".join(f"{each['name']}: {each['share']} % of the people" for each in found["sites"])
    )
    proof = "proved the best" if found["is_proved"] else f"at most {found['gap_percent']} % better"
    click.echo(
        f"One way: {found['mean_m']:,} m on average, {found['worst_off_m']:,} m for the tenth who "
        f"travel furthest; {proof}."
    )
