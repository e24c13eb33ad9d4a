"""Faults of outcomes/*.yaml: departures from claim terms, funds, boards and targets."""

from collections.abc import Iterable, Iterator

from wholeplace.foundation.errors import Fault, NotFoundError
from wholeplace.partnership.definitions import Framework
from wholeplace.partnership.draft import Defined, PlaceDraft
from wholeplace.partnership.frameworks import load_framework
from wholeplace.partnership.wording import suggest_word

__all__ = ["outcome_faults"]


def outcome_faults(draft: PlaceDraft) -> Iterator[Fault]:
    """Name faults of what stands in `outcomes/`."""
    adopted = {each.id: each for each in _adopted(draft)}
    for each in (*draft.claim_departures, *draft.funds, *draft.boards, *draft.targets):
        if each.definition is None or draft.place is None:
            continue
        named = each.definition.framework
        if named not in adopted:
            yield each.text.fault(
                ("framework",),
                f"`{named}` is not a framework that this place adopted",
                "one listed in place.yaml",
                suggest_word(named, adopted),
            )
    for each in draft.claim_departures:
        if each.definition is not None and each.definition.framework in adopted:
            yield from _claim_faults(each, adopted[each.definition.framework])
    for each in (*draft.funds, *draft.boards):
        if each.definition is not None and each.definition.area_set not in draft.area_set_ids:
            yield each.text.fault(
                ("area_set",),
                f"there is no area set `{each.definition.area_set}`",
                "the id of a file in areas/",
                suggest_word(each.definition.area_set, draft.area_set_ids),
            )
    yield from _twice(draft.funds, "fund")
    yield from _twice(draft.boards, "board")
    yield from _twice(draft.targets, "target")


def _adopted(draft: PlaceDraft) -> Iterator[Framework]:
    for adopted in draft.place.frameworks if draft.place else ():
        try:
            yield load_framework(adopted.id, adopted.version)
        except NotFoundError:
            continue


def _claim_faults(each: Defined, framework: Framework) -> Iterator[Fault]:
    departure = each.definition
    if framework.claims is None:
        yield each.text.fault(
            ("framework",),
            f"`{framework.id}` has no claims",
            "a framework with claims",
            "delete it",
        )
        return
    rules = {rule.id for rule in framework.claims.rules}
    for key in ("override", "drop"):
        named = getattr(departure, key)
        if named is not None and named not in rules:
            yield each.text.fault(
                (key,),
                f"the framework has no claim rule `{named}`",
                f"a rule of {framework.id} {framework.version}",
                suggest_word(named, rules),
            )
    is_rule = departure.claims == "rule"
    if is_rule == ((departure.override is None) == (departure.drop is None)):
        yield each.text.fault(
            ("claims",),
            "the file must say one thing",
            "`claims: rule` with one of `override` and `drop`, or `claims: terms` with neither",
            "put the two into two files",
        )
    if not departure.why.strip():
        yield each.text.fault(("why",), "no reason is given", "a line `why: …`", "say why")
    routes = {route.id for route in framework.claims.routes}
    for route in departure.routes_pence or {}:
        if route not in routes:
            yield each.text.fault(
                ("routes_pence", route),
                f"there is no way to claim called `{route}`",
                "one of the framework's routes",
                suggest_word(route, routes),
            )


def _twice(given: Iterable[Defined], key: str) -> Iterator[Fault]:
    seen: dict[str, str] = {}
    for each in given:
        if each.definition is None:
            continue
        name = getattr(each.definition, key)
        if name in seen:
            yield each.text.fault(
                (key,), f"`{name}` stands in {seen[name]} too", "each once", "join the two files"
            )
        seen[name] = each.text.file
