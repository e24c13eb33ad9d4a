"""One figure at a time: how far each moves the answer, and the figure that flips the decision."""

from dataclasses import dataclass
from decimal import Decimal

from wholeplace.money.benefits.appraising import appraise
from wholeplace.money.benefits.chances import net_of
from wholeplace.money.benefits.definitions import Intervention, Settings
from wholeplace.money.benefits.parameters import Parameter, parameters_of, with_values
from wholeplace.money.benefits.totals import totals_of

__all__ = ["Swing", "switching_value", "vary_each"]

_STEPS = 80


@dataclass(frozen=True)
class Swing:
    """What one figure does to net fiscal value, with every other as it is.

    Attributes:
        at_low_pence: with the figure at its lowest.
        at_high_pence: with it at its highest.
        flips_at: the figure at which savings just cover costs; None where no possible one does.
    """

    parameter: Parameter
    at_low_pence: int
    at_high_pence: int
    flips_at: Decimal | None

    @property
    def width_pence(self) -> int:
        """How far the answer moves between the two ends."""
        return abs(self.at_high_pence - self.at_low_pence)

    @property
    def flips_within(self) -> bool:
        """Tell whether the decision flips at a figure that the range holds."""
        return (
            self.flips_at is not None and self.parameter.low <= self.flips_at <= self.parameter.high
        )


def vary_each(intervention: Intervention, settings: Settings) -> tuple[Swing, ...]:
    """Return what each uncertain figure does, the one that moves the answer most first."""
    found = []
    for each in parameters_of(intervention):
        if not each.changes_net:
            continue
        ends = [
            totals_of(
                appraise(with_values(intervention, {each.id: value}), settings)
            ).fiscal_net.pence
            for value in (each.low, each.high)
        ]
        found.append(Swing(each, ends[0], ends[1], switching_value(intervention, settings, each)))
    return tuple(sorted(found, key=lambda swing: (-swing.width_pence, swing.parameter.id)))


def switching_value(
    intervention: Intervention, settings: Settings, parameter: Parameter
) -> Decimal | None:
    """Return the figure at which fiscal savings just cover costs, with every other as it is.

    Net value rises or falls with each figure all the way, so there is one such figure at most.
    None where the figure could be anything and the decision would stand.
    """
    low, high = (float(each) for each in parameter.domain)
    at_low = float(net_of(intervention, settings, {parameter.id: low}))
    at_high = float(net_of(intervention, settings, {parameter.id: high}))
    if at_low == at_high or (at_low > 0) == (at_high > 0):
        return None
    for _ in range(_STEPS):
        middle = (low + high) / 2
        if (float(net_of(intervention, settings, {parameter.id: middle})) > 0) == (at_low > 0):
            low = middle
        else:
            high = middle
    return Decimal(str(round((low + high) / 2, 6)))
