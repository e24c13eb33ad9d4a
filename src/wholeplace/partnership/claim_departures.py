"""A place's own claim rules and payments in place of a framework's, and the difference in words."""

from collections.abc import Iterable, Sequence

from wholeplace.partnership.definitions import Framework
from wholeplace.partnership.departures import Difference
from wholeplace.partnership.programmes.terms import (
    ClaimDeparture,
    ClaimRoute,
    ClaimRule,
    ClaimTerms,
    FactTest,
)

__all__ = ["apply_claims", "describe_claim_rule", "describe_test", "list_claim_differences"]

CLAIMS = "claims"
"""What stands for a headline where a difference is about claims."""


def apply_claims(framework: Framework, departures: Iterable[ClaimDeparture]) -> Framework:
    """Return the framework with its claim terms as the place uses them."""
    terms = framework.claims
    if terms is None:
        return framework
    for each in departures:
        if each.framework == framework.id:
            terms = _depart(terms, each)
    return framework.model_copy(update={"claims": terms})


def _depart(terms: ClaimTerms, departure: ClaimDeparture) -> ClaimTerms:
    rules = tuple(
        _override(rule, departure) if rule.id == departure.override else rule
        for rule in terms.rules
        if rule.id != departure.drop
    )
    pence = departure.routes_pence or {}
    routes = tuple(
        route.model_copy(
            update={
                "rules": tuple(each for each in route.rules if each != departure.drop),
                "pence": pence.get(route.id, route.pence),
            }
        )
        for route in terms.routes
    )
    changed = {
        "most_pence": departure.most_pence,
        "attachment_percent": departure.attachment_percent,
    }
    payments = terms.payments.model_copy(
        update={key: value for key, value in changed.items() if value is not None}
    )
    days = departure.sustained_days
    return terms.model_copy(
        update={
            "rules": rules,
            "routes": routes,
            "payments": payments,
            "sustained_days": terms.sustained_days if days is None else days,
        }
    )


def _override(rule: ClaimRule, departure: ClaimDeparture) -> ClaimRule:
    update: dict[str, object] = {}
    if departure.all is not None or departure.either is not None:
        update |= {"all": departure.all or (), "either": departure.either or ()}
    if departure.label is not None:
        update["label"] = departure.label
    return rule.model_copy(update=update)


def list_claim_differences(
    framework: Framework, stated: Sequence[tuple[str, ClaimDeparture]]
) -> list[Difference]:
    """Return every departure from a framework's claim terms.

    Args:
        framework: as published.
        stated: pairs of file and what it says.
    """
    terms = framework.claims
    if terms is None:
        return []
    found = []
    for file, each in stated:
        if each.framework != framework.id:
            continue
        rule = next((one for one in terms.rules if one.id in (each.override, each.drop)), None)
        changes = tuple(_changes(terms, rule, each))
        found.append(
            Difference(
                framework.id,
                CLAIMS,
                rule.id if rule else "terms",
                "dropped" if each.drop else "changed",
                rule.label if rule else "Terms of a claim",
                changes,
                each.why,
                file,
            )
        )
    return found


def _changes(
    terms: ClaimTerms, rule: ClaimRule | None, departure: ClaimDeparture
) -> Iterable[tuple[str, str, str]]:
    if rule is not None and departure.override:
        after = _override(rule, departure)
        if after.label != rule.label:
            yield "label", rule.label, after.label
        if after.alternatives != rule.alternatives:
            yield "rule", describe_claim_rule(rule), describe_claim_rule(after)
    days = departure.sustained_days
    if days is not None and days != terms.sustained_days:
        yield "days to hold", str(terms.sustained_days), str(days)
    for route in terms.routes:
        yield from _route_change(route, (departure.routes_pence or {}).get(route.id))
    most = departure.most_pence
    if most is not None and most != terms.payments.most_pence:
        yield "most for one family", _money(terms.payments.most_pence), _money(most)
    if departure.attachment_percent is not None:
        old, new = terms.payments.attachment_percent, departure.attachment_percent
        yield "share paid at the start", _shares(old), _shares(new)


def _route_change(route: ClaimRoute, pence: int | None) -> Iterable[tuple[str, str, str]]:
    if pence is not None and pence != route.pence:
        yield f"payment for {route.label.lower()}", _money(route.pence), _money(pence)


def _money(pence: int | None) -> str:
    return "not stated" if pence is None else f"£{pence / 100:,.2f}"


def _shares(shares: dict[str, int]) -> str:
    return ", ".join(f"{year} {share}%" for year, share in shares.items()) or "none"


_FACTS = {
    "joined_on": "day the family joined",
    "assessed_on": "day of the whole-family assessment",
    "planned_on": "day of the plan",
    "closed_on": "day the work ended",
    "has_dependent_child": "there is a dependent child",
    "expects_child": "a child is expected",
    "has_lead": "a lead practitioner is named",
    "has_held_long_enough": "it has held long enough",
    "progressed_to_work": "an adult has moved towards work",
    "needs_at_start": "needs at the start",
    "headlines_at_start": "headline outcomes with a need at the start",
    "needs_unmet": "needs that data shows again",
    "in_work_days": "days in work without a break",
}


def describe_test(test: FactTest, labels: dict[str, str] | None = None) -> str:
    """Return one test as a plain sentence part.

    Args:
        test: the test.
        labels: words of the facts that the framework counts itself.
    """
    words = {**_FACTS, **(labels or {})}
    fact = words.get(test.fact, test.fact.replace("_", " "))
    if test.equals is not None:
        return fact if test.equals else f"not: {fact}"
    if test.known is not None:
        return f"the {fact} is {'' if test.known else 'not '}known"
    if test.at_least is not None:
        return f"{test.at_least} or more {fact}"
    if test.at_most is not None:
        return f"no {fact}" if test.at_most == 0 else f"at most {test.at_most} {fact}"
    if test.not_before is not None:
        other = words.get(test.not_before, test.not_before)
        late = f" {test.by_days} days or more after" if test.by_days else " on or after"
        return f"the {fact} is{late} the {other}"
    since = words.get(str(test.since), str(test.since))
    return f"{fact}: down by {test.falls_by_percent} per cent or more from {since[:1].lower()}{since[1:]}"


def describe_claim_rule(rule: ClaimRule, labels: dict[str, str] | None = None) -> str:
    """Return a rule's tests as one plain sentence part."""
    lists = [
        " and ".join(describe_test(test, labels) for test in tests) for tests in rule.alternatives
    ]
    return ", or ".join(lists)
