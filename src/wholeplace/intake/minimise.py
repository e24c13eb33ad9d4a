"""What may be kept: only what a clause in force lets somebody see.

UK GDPR Article 5(1)(c), data minimisation. The source id, the key, the observed day and the
flag columns always stay: without them a row could not be corrected, withdrawn or sealed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from ruamel.yaml import YAML

from wholeplace.foundation.store import quote_text
from wholeplace.intake.report import Dropped
from wholeplace.partnership.definitions import Dataset, EventMapping, ExtractField

__all__ = ["Minimised", "is_event_sql", "list_always_kept", "minimise_dataset", "record_fields"]


@dataclass(frozen=True)
class Minimised:
    """What is kept of one dataset under the agreements in force.

    Attributes:
        kept: column → SQL over `value_N` that gives what is stored.
        columns_dropped: columns not stored, and why.
        events_dropped: event kinds not stored, and why.
        condition_by_kind: event kind that is dropped → SQL over `value_N`, true where a row is one.
        marks: the decisions as text; a change means that files must be loaded again.
    """

    kept: Mapping[str, str]
    columns_dropped: tuple[Dropped, ...]
    events_dropped: tuple[Dropped, ...]
    condition_by_kind: Mapping[str, str]
    marks: tuple[str, ...]


@cache
def record_fields() -> Mapping[str, str]:
    """Return the vocabulary's record field of every column of the record shape."""
    text = (files("wholeplace.partnership") / "vocabulary" / "fields.yaml").read_text("utf-8")
    vocabulary = YAML(typ="safe").load(text)
    return {
        column: name for name, entry in vocabulary["record"].items() for column in entry["columns"]
    }


def list_always_kept(dataset: Dataset) -> frozenset[str]:
    """Return the columns that are stored whatever the agreements say."""
    source = {field.name for field in dataset.fields if field.feeds == "record.source_id"}
    observed = {dataset.observed} if dataset.observed else set()
    return frozenset(source | observed | set(dataset.key) | {flag.column for flag in dataset.flags})


def minimise_dataset(dataset: Dataset, covered: frozenset[str]) -> Minimised:
    """Decide which columns and events of a dataset are stored.

    Args:
        dataset: the contract.
        covered: vocabulary fields (or groups) of its partner that a clause in force covers.
    """
    always = list_always_kept(dataset)
    kept: dict[str, str] = {}
    dropped: list[Dropped] = []
    for place, field in enumerate(dataset.fields):
        if field.name in always:
            kept[field.name] = f"value_{place}"
            continue
        why = _why_dropped(dataset, field, covered)
        if why:
            dropped.append(Dropped(name=field.name, why=why))
        else:
            kept[field.name] = _kept_sql(dataset, place, covered)
    unseen = {
        e.kind: _nobody(e.kind, dataset) for e in dataset.events if not _is_in(e.kind, covered)
    }
    conditions = {
        kind: " OR ".join(
            f"({is_event_sql(dataset, event)})" for event in dataset.events if event.kind == kind
        )
        for kind in unseen
    }
    events = tuple(Dropped(name=kind, why=why) for kind, why in sorted(unseen.items()))
    marks = sorted(kept) + ["events:"] + [f"-{drop.name}" for drop in events]
    return Minimised(kept, tuple(dropped), events, conditions, tuple(marks))


def is_event_sql(dataset: Dataset, event: EventMapping, value: str = "value_{}") -> str:
    """Return SQL that is true where a row is the event that the mapping means.

    Args:
        dataset: the contract.
        event: the mapping.
        value: how the Nth column is written, with `{}` for N.
    """
    places = {field.name: place for place, field in enumerate(dataset.fields)}
    tests = [f"{value.format(places[event.start])} IS NOT NULL"]
    for column, texts in sorted(event.when.items()):
        field = dataset.fields[places[column]]
        wanted = ", ".join(quote_text(_as_stored(field, text)) for text in texts)
        tests.append(f"CAST({value.format(places[column])} AS VARCHAR) IN ({wanted or 'NULL'})")
    return " AND ".join(tests)


def _as_stored(field: ExtractField, text: str) -> str:
    if field.type == "boolean":
        return "true" if text in field.true_values else "false"
    return text


def _events_of(dataset: Dataset, field: ExtractField) -> list[EventMapping]:
    return [
        event
        for event in dataset.events
        if field.name in {event.start, event.end, *event.when, *event.attributes.values()}
    ]


def _why_dropped(dataset: Dataset, field: ExtractField, covered: frozenset[str]) -> str:
    """Return why a column is not stored, or nothing where it is."""
    if field.shares and not _is_in(field.shares, covered):
        return _nobody(field.shares, dataset)
    events = _events_of(dataset, field)
    fed = record_fields().get((field.feeds or "").removeprefix("record."))
    if field.shares and not events:
        return ""
    if fed and (field.shares or _is_in(fed, covered)):
        return ""
    if any(_is_in(event.kind, covered) for event in events):
        return ""
    wanted = sorted({event.kind for event in events} | ({fed} if fed else set()))
    if not wanted:
        return "nothing here uses it"
    return _nobody(" or ".join(wanted), dataset)


def _kept_sql(dataset: Dataset, place: int, covered: frozenset[str]) -> str:
    field = dataset.fields[place]
    events = _events_of(dataset, field)
    fed = record_fields().get((field.feeds or "").removeprefix("record."))
    if not events or (fed and _is_in(fed, covered)):
        return f"value_{place}"
    seen = [event for event in events if _is_in(event.kind, covered)]
    if len(seen) == len(events) == len(dataset.events):
        return f"value_{place}"
    # One column may serve several kinds of event: its value stays only on rows of a kind that
    # somebody may see.
    conditions = " OR ".join(f"({is_event_sql(dataset, event)})" for event in seen)
    return f"CASE WHEN {conditions} THEN value_{place} END" if seen else f"value_{place}"


def _is_in(field: str, covered: frozenset[str]) -> bool:
    return field in covered or field.partition(".")[0] in covered


def _nobody(field: str, dataset: Dataset) -> str:
    return f"no agreement in force lets anyone see {field} from {dataset.partner}"
