"""`wholeplace agreements`: list, show, explain what somebody may see; export and import."""

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from wholeplace.cli.agreement_formats import export_agreement, import_agreement
from wholeplace.cli.options import PLACE
from wholeplace.foundation.errors import NotFoundError

if TYPE_CHECKING:
    from wholeplace.agreements import Agreement, Request, Rules, Standing

__all__ = ["agreements"]

_STATES = {
    "in-force": "in force",
    "unsigned": "not signed by all",
    "suspended": "suspended",
    "not-started": "not started",
    "ended": "ended",
    "terminated": "ended by notice",
    "superseded": "replaced",
}


def _with_place(command: Callable[..., Any]) -> Callable[..., Any]:
    place = PLACE
    on = click.option(
        "--on", type=click.DateTime(["%Y-%m-%d"]), help="Another day than today (YYYY-MM-DD)."
    )
    as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")
    return place(on(as_json(command)))


@click.group()
def agreements() -> None:
    """List, show, explain, export and import agreements."""


agreements.add_command(export_agreement)
agreements.add_command(import_agreement)


@agreements.command("list")
@_with_place
def list_agreements(place: Path, on: dt.datetime | None, as_json: bool) -> None:
    """List the agreements and whether each is in force."""
    rules = _rules(place, on)
    rows = [_as_mapping(rules.agreements[each], rules.standings[each]) for each in rules.agreements]
    if as_json:
        _print_json({"on": rules.on.isoformat(), "ruleset": rules.hash, "agreements": rows})
        return
    for row in rows:
        click.echo(f"{row['id']}  version {row['version']}  {_STATES[row['state']]}")
        click.echo(f"    {row['title']}")
        for sentence in row["why"]:
            click.echo(f"    {sentence}")
    if not rows:
        click.echo("This place has no agreements, so nobody sees another partner's data.")


@agreements.command("show")
@click.argument("agreement_id", metavar="ID")
@_with_place
def show_agreement(agreement_id: str, place: Path, on: dt.datetime | None, as_json: bool) -> None:
    """Show one agreement in plain English, and who has signed it."""
    from wholeplace.agreements import agreement_text

    rules = _rules(place, on)
    agreement = rules.agreements.get(agreement_id)
    if agreement is None:
        raise NotFoundError(
            f"There is no agreement {agreement_id}.",
            "No file in agreements/ has that id.",
            "List them with `wholeplace agreements list`.",
        )
    standing = rules.standings[agreement_id]
    text = agreement_text(agreement, rules.terms)
    if as_json:
        _print_json({**_as_mapping(agreement, standing), "text": text})
        return
    click.echo(text)
    click.echo(f"On {rules.on:%-d %B %Y}: {_STATES[standing.state]}.")
    for sentence in standing.why:
        click.echo(f"  {sentence}")
    for each in standing.signed:
        name = rules.terms.words("partner", each.partner)
        click.echo(f"  Signed by {each.signatory} for {name} on {each.signed_at:%-d %B %Y}.")


@agreements.command("warnings")
@_with_place
def list_warnings(place: Path, on: dt.datetime | None, as_json: bool) -> None:
    """List what ends or is due for review within 90, 30 or 7 days."""
    from wholeplace.agreements import find_deadlines

    rules = _rules(place, on)
    found = find_deadlines(list(rules.agreements.values()), rules.standings, rules.on)
    if as_json:
        rows = [
            {
                "agreement": each.agreement_id,
                "title": each.title,
                "kind": each.kind,
                "on": each.on.isoformat(),
                "days_left": each.days_left,
                "within_days": each.within_days,
            }
            for each in found
        ]
        _print_json({"on": rules.on.isoformat(), "warnings": rows})
        return
    for each in found:
        click.echo(f"{each.agreement_id}  {each.title}")
        click.echo(f"    {each.words}")
    if not found:
        click.echo("Nothing ends or is due for review within the days that people are warned of.")


@agreements.command("explain")
@click.option("--viewer", required=True, metavar="ORG/ROLE", help="Partner and role of who looks.")
@click.option("--purpose", required=True, help="What for.")
@click.option("--field", "name", required=True, help="A field, or a field group.")
@click.option("--source", help="Whose data. Every other partner that shares it when left out.")
@click.option("--no-reason", is_flag=True, help="As if the viewer had no live reason.")
@click.option(
    "--flag",
    "flags",
    multiple=True,
    metavar="FLAG=VALUE",
    help="A flag of the person, such as restricted=yes or consent=yes. May be repeated.",
)
@click.option(
    "--factors",
    type=click.IntRange(0, 13),
    help="How many of the thirteen disadvantages are known in the household. Not counted when "
    "left out.",
)
@_with_place
def explain_sight(
    viewer: str,
    purpose: str,
    name: str,
    source: str | None,
    no_reason: bool,
    flags: tuple[str, ...],
    factors: int | None,
    place: Path,
    on: dt.datetime | None,
    as_json: bool,
) -> None:
    """Explain how much somebody may see, by which clause, and what would give more."""
    from wholeplace.agreements import explain

    rules = _rules(place, on)
    request = _request(rules, viewer, purpose, flags, factors, has_reason=not no_reason)
    names = _known_fields(rules, name)
    sources = [_known(source, rules.terms.partners, "partner")] if source else None
    found = [
        (each, field, explain(rules, request, each, field))
        for field in names
        for each in sources or sorted(key for key, have in rules.supplied.items() if field in have)
    ]
    if as_json:
        _print_json(
            [
                {
                    "source": each,
                    "field": field,
                    "level": words.decision.level.name.lower(),
                    "clauses": words.decision.clauses,
                    "blocks": words.decision.blocks,
                    "near_misses": [
                        {"but_for": m.but_for, "clause": m.clause, "level": m.level.name.lower()}
                        for m in words.decision.near_misses
                    ],
                    "sentences": words.sentences,
                    "ask": words.ask,
                    "ruleset": rules.hash,
                }
                for each, field, words in found
            ]
        )
        return
    for each, field, words in found:
        click.echo(f"{each}, {field}: {words.decision.level.label}")
        for sentence in words.sentences:
            click.echo(f"    {sentence}")
        if words.ask:
            click.echo(f"    {words.ask}")
    if not found:
        click.echo("No agreement names this field, so nobody shares it.")


@agreements.command("use")
@click.option(
    "--days", default=90, show_default=True, type=click.IntRange(1, 3660), help="How far back."
)
@click.option("--partner", help="Only what this partner gives or is given.")
@_with_place
def show_use(
    days: int, partner: str | None, place: Path, on: dt.datetime | None, as_json: bool
) -> None:
    """Show how clauses are used: never used, refused repeatedly, fields seen most.

    Counts about residents are rounded, and small ones are not told.
    """
    from wholeplace.cli.serve import prepare_database

    rules = _rules(place, on)
    if partner:
        _known(partner, rules.terms.partners, "partner")
    prepare_database()
    from wholeplace.web.audit.folding import read_report
    from wholeplace.web.audit.use import as_mapping

    starts_on = rules.on - dt.timedelta(days=days - 1)
    report = as_mapping(read_report(rules, starts_on, rules.on, partner or ""), rules)
    if as_json:
        _print_json(report)
        return
    click.echo(f"From {starts_on:%-d %B %Y} to {rules.on:%-d %B %Y}.")
    click.echo(f"Never used: {len(report['unused'])} clauses")
    for ref in report["unused"]:
        click.echo(f"    {ref}")
    click.echo("Refused again and again:")
    for each in report["refused"]:
        who = f"{each['organisation']}/{each['role']} for {each['purpose']}"
        near = ", ".join(f"{one['clause']} ({one['but_for']})" for one in each["near_misses"])
        click.echo(f"    {who}: {each['source']} {each['field']}, {each['requests']} requests")
        click.echo(f"        near: {near or 'no clause'}")
    click.echo("Seen most:")
    for each in report["seen"][:20]:
        click.echo(f"    {each['source']} {each['field']}: {each['sights']}")


def _rules(place: Path, on: dt.datetime | None) -> "Rules":
    from wholeplace.web.gateway.wiring import open_place

    opened = open_place(place)
    return opened.rules(on.date() if on else opened.today)


def _request(
    rules: "Rules",
    viewer: str,
    purpose: str,
    flags: tuple[str, ...],
    factors: int | None,
    *,
    has_reason: bool,
) -> "Request":
    from wholeplace.agreements import Request, Subject, Viewer, open_duty_reason

    organisation, _, role = viewer.partition("/")
    _known(organisation, rules.terms.partners, "partner")
    _known(role, rules.terms.roles, "role")
    _known(purpose, rules.terms.purposes, "purpose")
    who, at = Viewer("example", organisation, role), dt.datetime.now(dt.UTC)
    text = "An example, to explain what the rules say."
    reason = open_duty_reason("example", who, text, ["example"], purpose, at)
    stated = tuple(_flag(each, purpose) for each in flags)
    subject = Subject("example", "example", stated, factors=factors)
    return Request(who, purpose, reason if has_reason else None, at, subject)


def _flag(text: str, purpose: str) -> Any:
    from wholeplace.agreements import Flag

    flag, _, value = text.partition("=")
    known = ("sealed", "restricted", "objection", "national-opt-out", "consent")
    if flag not in known or value not in ("yes", "no", "unknown"):
        raise click.BadParameter(
            f"“{text}” is not FLAG=VALUE: the flags are {', '.join(known)}; "
            "the values are yes, no, unknown.",
            param_hint="--flag",
        )
    stated: Any = (flag, value, purpose if flag in ("objection", "consent") else "")
    return Flag(*stated)


def _known(name: str, table: Any, kind: str) -> str:
    if name not in table:
        raise NotFoundError(
            f"There is no {kind} “{name}” here.", "", f"Use one of: {', '.join(sorted(table))}."
        )
    return name


def _known_fields(rules: "Rules", name: str) -> tuple[str, ...]:
    fields = rules.terms.expand(name)
    if not fields:
        _known(name, [*rules.terms.groups, *rules.terms.fields], "field or field group")
    return fields


def _as_mapping(agreement: "Agreement", standing: "Standing") -> dict[str, Any]:
    return {
        "id": agreement.id,
        "version": agreement.version,
        "title": agreement.title,
        "hash": standing.hash,
        "state": standing.state,
        "why": list(standing.why),
        "starts_on": agreement.starts_on.isoformat(),
        "ends_on": agreement.ends_on.isoformat(),
        "review_on": agreement.review_on.isoformat(),
        "signed": [
            {
                "partner": each.partner,
                "signatory": each.signatory,
                "signed_at": each.signed_at.isoformat(),
            }
            for each in standing.signed
        ],
        "unsigned": list(standing.unsigned),
        "suspended_by": list(standing.suspended_by),
        "last_on": standing.last_on.isoformat() if standing.last_on else None,
    }


def _print_json(value: Any) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))
