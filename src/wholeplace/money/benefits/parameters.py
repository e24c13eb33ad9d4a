"""What may be different in a case: every assumption and effect by one name, and how to set it."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from wholeplace.foundation.errors import NotFoundError, UnsafeActionError
from wholeplace.money.benefits.definitions import Assumption, Intervention

__all__ = ["Parameter", "parameters_of", "with_values"]

Kind = Literal["count", "share", "effect", "number"]
_OF_ALL = {
    "population": ("Who it could be for", "count"),
    "need_share": ("Share of them with the need", "share"),
    "take_up": ("Share who take it up, each year", "share"),
}
_OF_BENEFIT: dict[str, tuple[str, Kind]] = {
    "people_per_reached": ("people in each family whom it changes", "number"),
    "deadweight": ("share that would have happened anyway", "share"),
    "retention": ("share of the gain kept each year", "share"),
    "cashable": ("share that can be taken out of a budget", "share"),
}


@dataclass(frozen=True)
class Parameter:
    """One figure of a case.

    Attributes:
        id: for example `take_up`, `deadweight:truancy`, `effect:absence-share`.
        source: who says so.
        measured: the need by which the linked cohort can measure it.
        changes_net: False for a figure that the net value does not rest on.
    """

    id: str
    label: str
    kind: Kind
    value: Decimal
    low: Decimal
    high: Decimal
    source: str
    measured: str = ""
    changes_net: bool = True

    @property
    def is_range(self) -> bool:
        """Tell whether it is known to be uncertain."""
        return self.low < self.high

    @property
    def domain(self) -> tuple[Decimal, Decimal]:
        """The least and the most that it can be at all."""
        if self.kind == "share":
            return Decimal(0), Decimal(1)
        if self.kind == "effect":
            most = 10 * max(abs(self.low), abs(self.high), Decimal("0.0001"))
            return -most, most
        return Decimal(0), 20 * max(self.value, self.high, Decimal(1))


def parameters_of(intervention: Intervention) -> tuple[Parameter, ...]:
    """Return every figure of a case, in the order in which the sum is done."""
    found = [
        _of_assumption(name, label, kind, getattr(intervention, name))
        for name, (label, kind) in _OF_ALL.items()
    ]
    found += [
        Parameter(
            f"effect:{each.outcome}", f"Change in {each.unit}", "effect",
            each.estimate, each.low, each.high, each.source,
        )
        for each in intervention.effects
    ]  # fmt: skip
    for benefit in intervention.benefits:
        found += [
            _of_assumption(
                f"{name}:{benefit.id}",
                f"{benefit.title}: {label}",
                kind,
                getattr(benefit, name),
                changes_net=name != "cashable",
            )
            for name, (label, kind) in _OF_BENEFIT.items()
        ]
    found += [
        _of_assumption(
            f"overrun:{cost.id}", f"{cost.title}: how much more it costs", "number",
            cost.overrun_share,
        )
        for cost in intervention.costs
    ]  # fmt: skip
    return tuple(found)


def with_values(intervention: Intervention, values: Mapping[str, Decimal]) -> Intervention:
    """Return the intervention with some of its figures changed; ranges are widened to hold them.

    Raises:
        NotFoundError: if it has no figure of a name.
        UnsafeActionError: if a figure cannot be that.
    """
    known = {each.id: each for each in parameters_of(intervention)}
    changed = intervention
    for name, value in values.items():
        if name not in known:
            raise NotFoundError(
                "The figure was not changed.",
                f"The case has none of the name `{name}`.",
                "Choose one of the figures on the case's page.",
            )
        least, most = known[name].domain
        if known[name].kind != "effect" and not least <= value <= max(most, value):
            raise _impossible(known[name])
        if known[name].kind == "share" and value > 1:
            raise _impossible(known[name])
        changed = _with_value(changed, name, value)
    return changed


def _impossible(parameter: Parameter) -> UnsafeActionError:
    least = "between 0 and 100%" if parameter.kind == "share" else "0 or more"
    return UnsafeActionError(
        "The figure was not changed.",
        f"“{parameter.label}” must be {least}.",
        "Type another figure.",
    )


def _of_assumption(
    name: str, label: str, kind: Any, given: Assumption, *, changes_net: bool = True
) -> Parameter:
    return Parameter(
        name, label, kind, given.value, given.least, given.most, given.source, given.measured,
        changes_net,
    )  # fmt: skip


def _with_value(intervention: Intervention, name: str, value: Decimal) -> Intervention:
    what, _, which = name.partition(":")
    if not which:
        own = _moved(getattr(intervention, what), value)
        return intervention.model_copy(update={what: own})
    if what == "effect":
        effects = tuple(
            each.model_copy(
                update={
                    "estimate": value,
                    "low": min(each.low, value),
                    "high": max(each.high, value),
                }
            )
            if each.outcome == which
            else each
            for each in intervention.effects
        )
        return intervention.model_copy(update={"effects": effects})
    if what == "overrun":
        costs = tuple(
            each.model_copy(update={"overrun_share": _moved(each.overrun_share, value)})
            if each.id == which
            else each
            for each in intervention.costs
        )
        return intervention.model_copy(update={"costs": costs})
    benefits = tuple(
        each.model_copy(update={what: _moved(getattr(each, what), value)})
        if each.id == which
        else each
        for each in intervention.benefits
    )
    return intervention.model_copy(update={"benefits": benefits})


def _moved(given: Assumption, value: Decimal) -> Assumption:
    return given.model_copy(
        update={"value": value, "low": min(given.least, value), "high": max(given.most, value)}
    )
