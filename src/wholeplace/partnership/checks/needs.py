"""Faults of needs/*.yaml: departures from frameworks, and the rules that they bring."""

from collections.abc import Iterator, Mapping
from typing import Any

from wholeplace.foundation.errors import Fault, NotFoundError
from wholeplace.partnership.definitions import Condition, Departure, Framework
from wholeplace.partnership.draft import PlaceDraft
from wholeplace.partnership.frameworks import load_framework
from wholeplace.partnership.texts import MarkedText, Marks
from wholeplace.partnership.vocabulary import load_vocabulary
from wholeplace.partnership.wording import list_words, suggest_word

__all__ = ["need_faults", "rule_faults"]

_ADDED = ("headline", "label", "rule", "evidence", "source")
_SORTS: Mapping[str, tuple[type, ...]] = {
    "text": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
}


def need_faults(draft: PlaceDraft) -> Iterator[Fault]:
    """Name faults of the place's departures from its frameworks."""
    adopted = _adopted(draft)
    seen: dict[tuple[str, str], str] = {}
    for each in draft.departures:
        departure = each.definition
        if departure is None:
            continue
        yield from _departure_faults(
            each.text, departure, adopted, is_known=draft.place is not None
        )
        if departure.rule is not None:
            yield from rule_faults(each.text, ("rule",))
        need = departure.override or departure.add or departure.drop
        key = (departure.framework, str(need))
        if key in seen:
            what = f"the need `{need}` is already changed in {seen[key]}"
            yield each.text.fault(
                (_verb(departure),), what, "one file a need", "join the two files"
            )
        seen[key] = each.text.file


def _adopted(draft: PlaceDraft) -> dict[str, Framework]:
    found = {}
    for adopted in draft.place.frameworks if draft.place else ():
        try:
            found[adopted.id] = load_framework(adopted.id, adopted.version)
        except NotFoundError:
            continue
    return found


def _verb(departure: Departure) -> str:
    return next((verb for verb in ("override", "add", "drop") if getattr(departure, verb)), "add")


def _departure_faults(
    text: MarkedText, departure: Departure, adopted: Mapping[str, Framework], *, is_known: bool
) -> Iterator[Fault]:
    verbs = [verb for verb in ("override", "add", "drop") if getattr(departure, verb)]
    if len(verbs) != 1:
        yield text.fault(
            (verbs[1],) if verbs else (),
            "the file must say one thing about one need",
            "exactly one of `override`, `add` and `drop`",
            "split it into one file a need" if verbs else "add one of the three",
        )
        return
    framework = adopted.get(departure.framework)
    if framework is None:
        if is_known:
            yield text.fault(
                ("framework",),
                f"`{departure.framework}` is not a framework that this place adopted",
                "one listed in place.yaml",
                suggest_word(departure.framework, adopted),
            )
        return
    yield from _against_framework(text, departure, framework, verbs[0])


def _against_framework(
    text: MarkedText, departure: Departure, framework: Framework, verb: str
) -> Iterator[Fault]:
    needs = {need.id for headline in framework.headlines for need in headline.needs}
    named = str(getattr(departure, verb))
    if verb != "add" and named not in needs:
        what = f"the framework has no need `{named}`"
        yield text.fault((verb,), what, f"a need of {framework.id}", suggest_word(named, needs))
    if verb == "add":
        yield from _added_faults(text, departure, framework, needs)
    elif verb == "drop":
        if not (departure.why or "").strip():
            yield text.fault(
                ("drop",),
                "no reason is given",
                "a line `why: …`",
                "say why the need is switched off",
            )
        for key in (*_ADDED, "numbers"):
            if getattr(departure, key) is not None:
                what = f"`{key}` means nothing for a need that is switched off"
                yield text.fault((key,), what, "only `framework`, `drop` and `why`", "delete it")
    elif all(getattr(departure, key) is None for key in (*_ADDED[1:], "numbers")):
        what = "nothing is changed"
        yield text.fault(("override",), what, "a `rule`, or new words", "add what changes")


def _added_faults(
    text: MarkedText, departure: Departure, framework: Framework, needs: set[str]
) -> Iterator[Fault]:
    if departure.add in needs:
        what = f"the framework already has a need `{departure.add}`"
        yield text.fault(("add",), what, "a new id", "use `override`, or another id")
    for key in _ADDED:
        value = getattr(departure, key)
        if value is None or (isinstance(value, str) and not value.strip()):
            what = f"`{key}` is missing; an added need must be whole"
            yield text.fault(("add",), what, f"a line `{key}: …`", f"add `{key}`")
    headlines = {headline.id for headline in framework.headlines}
    if departure.headline and departure.headline not in headlines:
        what = f"the framework has no headline `{departure.headline}`"
        mend = suggest_word(departure.headline, headlines)
        yield text.fault(("headline",), what, f"a headline of {framework.id}", mend)


def rule_faults(text: MarkedText, at: Marks) -> Iterator[Fault]:
    """Name faults of the rule that stands at a path of a text and has the right shape."""
    rule: Any = text.data
    for part in at:
        rule = rule[part]
    if not rule.get("all") and not rule.get("any"):
        yield text.fault(
            at, "the rule has no condition", "`all:` or `any:` with conditions", "add one"
        )
    for joined in ("all", "any"):
        for place, raw in enumerate(rule.get(joined) or ()):
            condition = Condition.model_validate(raw)
            yield from _condition_faults(text, (*at, joined, place), condition)


def _condition_faults(text: MarkedText, at: Marks, condition: Condition) -> Iterator[Fault]:
    events = load_vocabulary().events
    youngest, oldest = condition.age_from, condition.age_to
    if youngest is not None and oldest is not None and youngest > oldest:
        what = "`age_from` is above `age_to`, so the condition shows nobody"
        yield text.fault((*at, "age_from"), what, "the younger age first", "swap the two")
    for key in ("age_from", "age_to"):
        age = getattr(condition, key)
        if age is not None and not 0 <= age <= 130:
            yield text.fault((*at, key), f"`{key}` is not an age", "0 to 130 years", "correct it")
    event = events.get(condition.event)
    if event is None:
        what = f"there is no event `{condition.event}`"
        mend = suggest_word(condition.event, events)
        yield text.fault((*at, "event"), what, "an event of the vocabulary", mend)
        return
    for attribute, tests in condition.where.items():
        here = (*at, "where", attribute)
        known = event.attributes.get(attribute)
        if known is None:
            what = f"the event `{condition.event}` has no attribute `{attribute}`"
            mend = suggest_word(attribute, event.attributes)
            yield text.fault(here, what, list_words(event.attributes) or "none", mend)
            continue
        if not tests:
            yield text.fault(here, f"`{attribute}` has no test", "such as {gte: 2}", "add one")
        for operator, value in tests.items():
            yield from _test_faults(text, (*here, operator), attribute, known.type, operator, value)


def _test_faults(
    text: MarkedText, at: Marks, attribute: str, sort: str, operator: str, value: Any
) -> Iterator[Fault]:
    values = value if operator == "in" else [value]
    if operator == "in" and (not isinstance(value, list | tuple) or not value):
        yield text.fault(at, f"`in` of `{attribute}` is not a list", "[a, b]", "write a list")
        return
    if operator in ("gte", "lte") and sort in ("text", "boolean"):
        what = f"`{attribute}` is {'text' if sort == 'text' else 'true or false'} and has no order"
        yield text.fault(at, what, "`eq` or `in`", "use one of these")
        return
    for each in values:
        if not _is_of_sort(each, sort):
            words = {"boolean": "true or false", "date": "a day", "text": "text"}
            expected = words.get(sort, f"a {'whole ' if sort == 'integer' else ''}number")
            what = f"`{attribute}` is tested against a value of another type"
            yield text.fault(at, what, expected, "correct the value")
            return


def _is_of_sort(value: Any, sort: str) -> bool:
    if sort == "date":
        return hasattr(value, "isoformat")
    if isinstance(value, bool):
        return sort == "boolean"
    return isinstance(value, _SORTS[sort])
