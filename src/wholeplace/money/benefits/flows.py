"""Who pays and who gains: one row an agency, with the picture's bars."""

from dataclasses import dataclass

from wholeplace.money.benefits.appraising import Appraisal

__all__ = ["Bar", "Flow", "FlowPicture", "draw_flows", "flows_of"]

_LEFT, _RIGHT, _ROW, _WORDS, _TOP = 120, 640, 56, 16, 28
_BAR = 22


@dataclass(frozen=True)
class Flow:
    """What a case means to one agency; discounted, fiscal.

    Attributes:
        pays_pence: costs that it bears.
        gains_pence: what it no longer spends.
        by_year: for each year, gains less costs in that year's real prices.
    """

    agency: str
    pays_pence: int
    gains_pence: int
    cashable_pence: int
    by_year: tuple[int, ...]

    @property
    def net_pence(self) -> int:
        """Gains less costs."""
        return self.gains_pence - self.pays_pence


@dataclass(frozen=True)
class Bar:
    """A bar of the picture, in its units."""

    x: float
    y: float
    width: float


@dataclass(frozen=True)
class FlowPicture:
    """The picture: for each agency, what it pays to the left of the line, what it gains to the right.

    Attributes:
        rows: the flow, the height of its words, its two bars, and where its two amounts stand.
    """

    width: int
    height: int
    middle: float
    rows: tuple[tuple[Flow, float, Bar, Bar], ...]


def flows_of(appraisal: Appraisal) -> tuple[Flow, ...]:
    """Return who pays and who gains, those who pay most on balance first."""
    found = []
    for agency in appraisal.agencies:
        own = [each for each in appraisal.amounts if each.agency == agency]
        costs = [each for each in own if each.side == "cost"]
        gains = [each for each in own if each.side == "benefit" and each.kind == "fiscal"]
        if not costs and not gains:
            continue
        found.append(
            Flow(
                agency,
                sum(each.discounted_pence for each in costs),
                sum(each.discounted_pence for each in gains),
                sum(each.cashable_pence for each in gains),
                tuple(
                    sum(each.pence for each in gains if each.year == year)
                    - sum(each.pence for each in costs if each.year == year)
                    for year in appraisal.years
                ),
            )
        )
    return tuple(found)


def draw_flows(flows: tuple[Flow, ...]) -> FlowPicture:
    """Return where the bars stand; one scale for both sides, so that lengths compare."""
    most = max((max(each.pays_pence, each.gains_pence) for each in flows), default=0) or 1
    middle = (_LEFT + _RIGHT) / 2
    scale = (_RIGHT - _LEFT) / 2 / most
    rows = []
    for number, each in enumerate(flows):
        y = _TOP + number * _ROW
        pays, gains = round(each.pays_pence * scale, 1), round(each.gains_pence * scale, 1)
        rows.append(
            (
                each,
                y + _WORDS,
                Bar(round(middle - pays, 1), y + _BAR, pays),
                Bar(middle, y + _BAR, gains),
            )
        )
    return FlowPicture(760, _TOP + len(flows) * _ROW + 8, middle, tuple(rows))
