"""Working on business cases: starting one, changing figures, measuring them, deciding."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from django.db import transaction

from wholeplace.agreements.subjects.request import Viewer
from wholeplace.foundation.errors import NotFoundError, UnsafeActionError
from wholeplace.foundation.lifecycle import check_version
from wholeplace.money.benefits import Intervention, parameters_of, with_values
from wholeplace.money.benefits.workings import number, percent
from wholeplace.money.investment import CASE_LIFE, case_actors
from wholeplace.web.gateway.wiring import OpenPlace
from wholeplace.web.money.counting import read_counts
from wholeplace.web.money.models import BusinessCase
from wholeplace.web.money.place_money import find_intervention, place_money
from wholeplace.web.money.steps import check_words, last_words, new_id, note_step, tell

__all__ = [
    "change_figures",
    "find_case",
    "intervention_of",
    "is_measured",
    "measure_figures",
    "start_case",
    "take_case_step",
]

_MEASURED = "Measured"


def find_case(case_id: str, *, lock: bool = False) -> BusinessCase:
    """Return one case.

    Raises:
        NotFoundError: if there is none.
    """
    rows = BusinessCase.objects.select_for_update() if lock else BusinessCase.objects
    found = rows.filter(id=case_id).first()
    if found is None:
        raise NotFoundError("There is no such case.")
    return found


def intervention_of(served: OpenPlace, case: BusinessCase) -> Intervention:
    """Return the case's intervention with the figures that were changed in the case.

    Raises:
        NotFoundError: if the place no longer states the intervention.
    """
    stated = find_intervention(place_money(served), case.intervention)
    known = {each.id for each in parameters_of(stated)}
    values = {key: Decimal(text) for key, text in case.values.items() if key in known}
    return with_values(stated, values)


def is_measured(case: BusinessCase) -> bool:
    """Tell whether some figure of a case is a count of residents."""
    return any(text.startswith(_MEASURED) for text in case.reasons.values())


def start_case(
    served: OpenPlace, viewer: Viewer, intervention_id: str, title: str, at: dt.datetime
) -> BusinessCase:
    """Begin a case with the place's own figures.

    Raises:
        NotFoundError: if there is no such intervention.
    """
    find_intervention(place_money(served), intervention_id)
    case_id = new_id()
    tell("money.case-started", viewer, case=case_id, intervention=intervention_id)
    with transaction.atomic():
        case = BusinessCase.objects.create(
            id=case_id,
            title=" ".join(title.split())[:200],
            intervention=intervention_id,
            state=CASE_LIFE.first,
            written_by=viewer.user_id,
            made_at=at,
        )
        note_step(case_id, "start", viewer, at)
    return case


def change_figures(
    served: OpenPlace,
    viewer: Viewer,
    case_id: str,
    version: int,
    values: Mapping[str, str],
    why: str,
    at: dt.datetime,
) -> BusinessCase:
    """Change figures of a draft; those that are the place's own again are no longer kept.

    Args:
        served: the place.
        viewer: who changes them.
        case_id: of the case.
        version: that the viewer saw.
        values: id of a figure → text: shares as a share of one.
        why: what they were changed for.
        at: now.

    Raises:
        NotFoundError: if there is no such case or figure.
        ChangedMeanwhileError: if somebody else changed it since.
        UnsafeActionError: if it is not a draft, nothing was changed, or a figure cannot be.
    """
    with transaction.atomic():
        case = find_case(case_id, lock=True)
        check_version(case.version, version, [last_words(case_id)])
        _check_draft(case, viewer)
        stated = find_intervention(place_money(served), case.intervention)
        before = {each.id: each for each in parameters_of(intervention_of(served, case))}
        own = {each.id: each.value for each in parameters_of(stated)}
        changed: dict[str, Decimal] = {}
        for name, text in values.items():
            value = _read_figure(text)
            if name not in before or value != before[name].value:
                changed[name] = value
        with_values(stated, changed)
        if not changed:
            raise UnsafeActionError(
                "Nothing was changed.", "Every figure is as it was.", "Change one, or go back."
            )
        said = check_words(why)
        tell("money.case-changed", viewer, case=case_id, figures=sorted(changed))
        for name, value in changed.items():
            case.values.pop(name, None)
            case.reasons.pop(name, None)
            if value != own[name]:
                case.values[name] = str(value)
                case.reasons[name] = said
        case.version += 1
        case.save(update_fields=["values", "reasons", "version"])
        words = "; ".join(
            f"{before[name].label}: {_shown(before[name].kind, value)}"
            for name, value in changed.items()
        )
        note_step(case_id, "change", viewer, at, f"{words}. {said}"[:1000])
    return case


def measure_figures(
    served: OpenPlace, viewer: Viewer, case_id: str, version: int, at: dt.datetime
) -> tuple[str, ...]:
    """Put protected counts of the linked records in place of what was assumed.

    Returns:
        What was measured, in words; nothing where no figure could be.

    Raises:
        NotFoundError: if there is no such case.
        ChangedMeanwhileError: if somebody else changed it since.
        UnsafeActionError: if it is not a draft, or nothing may be counted.
    """
    counts = read_counts(served, viewer, why_asked="case")
    households = counts.households
    if households is None or not households.households.shown:
        raise UnsafeActionError(
            "Nothing was measured.",
            counts.why or "The count is too small to be shown.",
            "The figures stay as they were assumed.",
        )
    everybody = households.households.shown
    found = {"households/all": Decimal(everybody)}
    if households.several.shown is not None:
        share = Decimal(households.several.shown) / everybody
        found["households/several-needs"] = share.quantize(Decimal("0.0001"))
    snapshot = served.snapshot_reader.snapshot
    how = f"{_MEASURED} from linked records as of {str(snapshot.manifest['as_of'])[:10]}, protected"
    with transaction.atomic():
        case = find_case(case_id, lock=True)
        check_version(case.version, version, [last_words(case_id)])
        _check_draft(case, viewer)
        measured = []
        for each in parameters_of(intervention_of(served, case)):
            if each.measured in found:
                case.values[each.id] = str(found[each.measured])
                case.reasons[each.id] = how
                measured.append(f"{each.label}: {_shown(each.kind, found[each.measured])}")
        if measured:
            tell("money.case-measured", viewer, case=case_id, snapshot=snapshot.id)
            case.version += 1
            case.save(update_fields=["values", "reasons", "version"])
            note_step(case_id, "measure", viewer, at, "; ".join(measured))
    return tuple(measured)


def take_case_step(
    viewer: Viewer, case_id: str, event: str, version: int, words: str, at: dt.datetime
) -> BusinessCase:
    """Take one step of a case's life.

    Raises:
        NotFoundError: if there is no such case.
        ChangedMeanwhileError: if it changed since the viewer saw it.
        UnsafeActionError: if it is not theirs to take, or words are missing.
    """
    with transaction.atomic():
        case = find_case(case_id, lock=True)
        actors = case_actors(viewer.user_id, viewer.role, case.offered_by)
        target = CASE_LIFE.take(case.state, event, actors)
        check_version(case.version, version, [last_words(case_id)])
        step = next(
            each for each in CASE_LIFE.steps_from(case.state, actors) if each.event == event
        )
        said = check_words(words) if "words" in step.asks else ""
        tell(f"money.case-{event}", viewer, case=case_id, version=case.version)
        case.state, case.version = target, case.version + 1
        if event == "offer":
            case.offered_by = viewer.user_id
        if event == "agree":
            case.decided_by, case.decided_at = viewer.user_id, at
        case.save(update_fields=["state", "version", "offered_by", "decided_by", "decided_at"])
        note_step(case_id, event, viewer, at, said)
    return case


def _check_draft(case: BusinessCase, viewer: Viewer) -> None:
    if case.state != "draft" or "writer" not in case_actors(viewer.user_id, viewer.role, ""):
        raise UnsafeActionError(
            "Nothing was changed.",
            f"The case is “{CASE_LIFE.states[case.state].lower()}”, or it is not yours to change.",
            "Figures are changed while a case is a draft.",
        )


def _read_figure(text: str) -> Decimal:
    try:
        value = Decimal(text)
        if not value.is_finite() or abs(value) > 10**9:
            raise InvalidOperation
    except InvalidOperation:
        raise UnsafeActionError(
            "Nothing was changed.", "One of the figures is no number.", "Type a number."
        ) from None
    return value.normalize()


def _shown(kind: str, value: Decimal) -> str:
    return percent(value) if kind == "share" else number(value)
