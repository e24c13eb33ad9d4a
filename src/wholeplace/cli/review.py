"""`wholeplace link review` and `wholeplace link card`: what is in doubt, decided, and how good links are."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from wholeplace.cli.options import PLACE
from wholeplace.foundation.errors import NotFoundError
from wholeplace.foundation.folders import DataFolder
from wholeplace.foundation.snapshots import Snapshot, Snapshots
from wholeplace.foundation.store import Store

if TYPE_CHECKING:
    from wholeplace.linkage.review import MatchDecision
    from wholeplace.web.gateway.wiring import OpenPlace

__all__ = ["card", "review"]

_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")


@click.group()
def review() -> None:
    """See what is in doubt, what people decided, and how good links are. People decide on screen."""


@review.command()
@PLACE
@click.option("--most", type=click.IntRange(1, 10_000), default=20, help="At most so many pairs.")
@_JSON
def queue(place: Path, most: int, as_json: bool) -> None:
    """List doubtful pairs, the most valuable first: ids and figures, never a value of a record."""
    from wholeplace.linkage.review.queue import find_doubts

    decided = {(each.left, each.right) for each in _decisions(place)}
    with _reading(place, "link_edges", "person_records") as store:
        every = find_doubts(store)
    found = [each for each in every if (each.left, each.right) not in decided]
    if as_json:
        plain = ({**asdict(each), "datasets": each.datasets} for each in found[:most])
        hidden = ("left", "right", "levels")
        _print_json(
            [{key: value for key, value in each.items() if key not in hidden} for each in plain]
        )
        return
    click.echo(f"{len(found):,} pairs are in doubt.")
    for each in found[:most]:
        click.echo(
            f"  {each.value:6.2f}  {each.kind}  {each.record_l} and {each.record_r}  "
            f"{each.probability:.4f}  {each.datasets}"
            + (f"  refused: {each.reason}" if each.reason else "")
        )


@review.command()
@PLACE
@_JSON
def decisions(place: Path, as_json: bool) -> None:
    """Count what people decided, and list decisions that contradict each other."""
    from wholeplace.linkage.review import bind_decisions

    constraints = bind_decisions(_decisions(place))
    found = constraints.contradictions
    if as_json:
        told = [
            {"datasets": [each.apart.left[0], each.apart.right[0]], "chain": len(each.chain)}
            for each in found
        ]
        _print_json({"counts": constraints.counts, "contradictions": told})
        return
    for name, count in constraints.counts.items():
        click.echo(f"{name}: {count}")
    if not found:
        click.echo("No decisions contradict each other.")
    for number, each in enumerate(found, 1):
        click.echo(
            f"Contradiction {number}: held to be two people ({each.apart.left[0]} and "
            f"{each.apart.right[0]}), yet one by {len(each.chain)} "
            f"decision{'s' if len(each.chain) > 1 else ''}. See Doubtful matches on screen."
        )


@review.command()
@PLACE
@_JSON
def quality(place: Path, as_json: bool) -> None:
    """Say how good links are by people's labels on the newest sample, and how reviewers agree."""
    opened = _open(place)
    from wholeplace.web.linkage.models import MatchSample
    from wholeplace.web.linkage.quality import how_reviewers_agree, quality_of

    sample = MatchSample.objects.first()
    agreement = how_reviewers_agree()
    found = quality_of(opened, sample) if sample else None
    if as_json:
        _print_json(
            {
                "sample": sample.pk if sample else None,
                "drawn_at": sample.drawn_at if sample else None,
                "quality": asdict(found) if found else None,
                "agreement": asdict(agreement) if agreement else None,
            }
        )
        return
    if found is None:
        click.echo("No sample has been drawn. A data steward draws one on screen.")
        return
    for name, each in (("precision", found.precision), ("recall", found.recall)):
        click.echo(
            f"{name:<9} {each.share:.4f}, 95% interval {each.low:.4f} to {each.high:.4f}, "
            f"{each.labels} labels"
            if each
            else f"{name:<9} not known yet"
        )
    if agreement and agreement.kappa is not None:
        click.echo(
            f"kappa     {agreement.kappa:.2f}, 95% interval {agreement.low:.2f} to "
            f"{agreement.high:.2f}, {agreement.pairs} pairs"
        )


@click.command()
@PLACE
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="Write model-card.md and its charts into this folder.",
)
@_JSON
def card(place: Path, out: Path | None, as_json: bool) -> None:
    """Print the model card: how records are matched, in plain words, from the model itself."""
    from wholeplace.linkage.model import MODEL_FILE, read_model
    from wholeplace.linkage.review.card import card_charts, card_markdown, make_card

    model, is_own = read_model(place), (place / MODEL_FILE).exists()
    snapshot = Snapshots(DataFolder.of_place(place).snapshots).current()
    if snapshot and "link_edges" in snapshot.tables:
        with _reading(place, "link_edges") as store:
            learnt = snapshot.manifest.get("link")
            made = make_card(model, is_own=is_own, learnt=learnt, reads=store)
    else:
        made = make_card(model, is_own=is_own)
    if as_json:
        _print_json(made.as_plain())
        return
    charts = card_charts(made)
    if out is None:
        click.echo(card_markdown(made, charts))
        return
    folder = out / "charts"
    folder.mkdir(parents=True, exist_ok=True)
    for name, svg in charts.items():
        (folder / f"{name}.svg").write_text(svg, "utf-8")
    (out / "model-card.md").write_text(card_markdown(made, charts, folder="charts"), "utf-8")
    click.echo(f"Wrote {out / 'model-card.md'} and {len(charts)} charts.")


def _open(place: Path) -> "OpenPlace":
    from wholeplace.cli.serve import prepare_database
    from wholeplace.web.gateway.wiring import open_place

    opened = open_place(place)
    prepare_database()
    return opened


def _decisions(place: Path) -> "list[MatchDecision]":
    _open(place)
    from wholeplace.web.linkage.reviews import list_decisions

    return list_decisions()


@contextmanager
def _reading(place: Path, *tables: str) -> Iterator[Store]:
    snapshot = _published(place)
    with Store(memory_limit_mb=1_000) as store:
        for name in tables:
            store.view_parquet(name, snapshot.table(name))
        yield store


def _published(place: Path) -> Snapshot:
    snapshot = Snapshots(DataFolder.of_place(place).snapshots).current()
    if snapshot is None:
        raise NotFoundError(
            "Nothing has been published for this place yet.",
            "No run has completed.",
            "Run `wholeplace run`.",
        )
    return snapshot


def _print_json(value: Any) -> None:
    click.echo(json.dumps(value, indent=2, sort_keys=True, default=str))
