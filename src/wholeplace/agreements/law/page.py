"""The reference page of legal gateways, written from the data so that it cannot drift."""

from collections.abc import Iterator

from wholeplace.agreements.law.reading import Gateway, Law

__all__ = ["law_page"]

_CONFIDENCE = {
    "text": "the statute's text was read",
    "guidance": "official guidance was read",
    "unverified": "not checked: it refuses nothing",
}


def law_page(law: Law) -> str:
    """Return docs/reference/legal-gateways.md."""
    parts = [
        "# Legal gateways",
        f"Written from `agreements/law/gateways.yaml`, reviewed on {law.reviewed_on}. A test holds "
        "this page equal to it. It is not legal advice: which purposes a power serves is a "
        "judgement that each place's own lawyer should review.",
        "A party names gateways by id beside the words of `legal_power`, which must name the same "
        "statute. Public bodies "
        f"({', '.join(sorted(law.public_kinds))}) must name one. [Agreements]"
        "(../explanation/agreements.md) says what is checked.",
        *(part for each in law.gateways.values() for part in _gateway(each)),
        "## The thirteen factors",
        law.factors_source,
        "\n".join(
            [
                "| factor | shown by |",
                "|---|---|",
                *(
                    f"| {each.label} | "
                    f"{', '.join(f'`{c.event}`' for c in each.shown_by) or each.not_shown} |"
                    for each in law.factors
                ),
            ]
        ),
    ]
    return "\n\n".join(parts) + "\n"


def _gateway(gateway: Gateway) -> Iterator[str]:
    yield f"## `{gateway.id}`"
    yield f"{gateway.title}: a {gateway.kind} in the {gateway.citation}."
    yield gateway.says
    rows = [
        ("may share", _kinds(gateway.may_disclose)),
        ("may receive", _kinds(gateway.may_receive)),
        ("for", ", ".join(gateway.purposes)),
        ("fits", ", ".join(gateway.bases)),
        *_conditions(gateway),
        ("in force", _dates(gateway)),
        ("source", gateway.source),
        ("checked", f"{gateway.checked_on}, {_CONFIDENCE[gateway.confidence]}"),
    ]
    yield "\n".join(["| | |", "|---|---|", *(f"| {key} | {value} |" for key, value in rows)])


def _conditions(gateway: Gateway) -> Iterator[tuple[str, str]]:
    if gateway.consent:
        yield "consent", "`consent: required`"
    if gateway.factors:
        free = f"; none for {', '.join(gateway.identifying)}" if gateway.identifying else ""
        yield "factors", f"`needs_factors: {gateway.factors}` or more{free}"
    if gateway.arranged_by:
        yield "a party must be", " or ".join(gateway.arranged_by)
    if gateway.for_others:
        yield "also", "whoever names such a body as `acting_for`"


def _kinds(kinds: tuple[str, ...] | None) -> str:
    return ", ".join(kinds) if kinds else "any kind of organisation"


def _dates(gateway: Gateway) -> str:
    if gateway.in_force_from is None:
        return "not confirmed" + ("; switched off" if gateway.is_verified else "")
    until = f" to {gateway.in_force_to}" if gateway.in_force_to else ""
    return f"from {gateway.in_force_from} at the latest{until}"
