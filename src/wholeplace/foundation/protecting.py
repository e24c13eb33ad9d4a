"""How figures are protected: hide the small, round the rest, attack, hide more until it holds.

This is the one loop behind every table, whatever its shape: cells, sums of cells, and what an
attacker knows besides. `foundation.disclosure` says what is promised.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from wholeplace.foundation.attack import Asked, Attack, Known
from wholeplace.foundation.controlled_rounding import round_table
from wholeplace.foundation.errors import WholeplaceError
from wholeplace.foundation.protected import Figure, ProtectedCount
from wholeplace.foundation.recovery import bounds_of, least_of

__all__ = ["Earlier", "Protected", "Setting", "protect_figures"]

_LINES = 4
_MORE_AT_ONCE = 8


@dataclass(frozen=True)
class Setting:
    """By what rule counts are protected.

    Attributes:
        threshold: the largest count that is hidden.
        base: multiple to which other counts are rounded; 1 does not round.
        zeros_are_safe: True only where it harms nobody to know that there are none.
        least_range: how many values a hidden count must still be able to have.
    """

    threshold: int = 7
    base: int = 5
    zeros_are_safe: bool = False
    least_range: int = 5

    def __post_init__(self) -> None:
        """Refuse settings that protect nothing."""
        if self.threshold < 0 or self.base < 1 or self.least_range < 1:
            raise WholeplaceError(
                "The table cannot be protected.",
                "The threshold must be 0 or more; base and least_range 1 or more.",
                "Correct the settings.",
            )

    @property
    def total_error(self) -> int:
        """No total that is shown is further than this from the exact one."""
        return self.base // 2 + 1 if self.base > 1 else 0

    def is_small(self, count: int) -> bool:
        """Tell whether a count may not be shown."""
        return count <= self.threshold and not (self.zeros_are_safe and count == 0)


@dataclass(frozen=True)
class Earlier:
    """What was published before, as an attacker puts it together with what is new.

    Attributes:
        cells: unknown counts of earlier releases that are not cells of the new one.
        tell: what earlier releases tell an attacker who takes shown figures to be at most so
            far from the truth, and how their people and the new ones lie together.
        asked: what must keep its range, with how many values.
    """

    cells: tuple[Figure, ...] = ()
    tell: Callable[[int], Iterable[Known]] = lambda _: ()
    asked: Mapping[Asked, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Protected:
    """What may be published.

    Attributes:
        figures: every figure but the unseen.
        error_at_most: no figure shown is further than this from the exact count.
        narrow: how many hidden counts keep too few values whatever is hidden; to be refused
            unless 0.
        rounded: every cell and sum as rounded, the unseen and hidden among them. It never
            leaves: tables of the same people are made to agree with it.
    """

    figures: Mapping[Figure, ProtectedCount]
    error_at_most: int
    narrow: int
    rounded: Mapping[Figure, int] = field(default_factory=dict, repr=False)


Hidden = dict[Figure, Literal["small", "protecting"]]


def protect_figures(
    counts: Mapping[Figure, int],
    sums: Mapping[Figure, tuple[Figure, ...]],
    setting: Setting,
    *,
    given: Mapping[Figure, ProtectedCount] | None = None,
    targets: Mapping[Figure, int] | None = None,
    unseen: frozenset[Figure] = frozenset(),
    watched: Iterable[Asked] = (),
    earlier: Earlier | None = None,
    fixed: Mapping[Figure, int] | None = None,
) -> Protected:
    """Return figures as they may be published.

    Args:
        counts: exact cells; each person is counted in one only.
        sums: each total with its cells.
        setting: the rule.
        given: figures that were published before, of the same people: repeated as they are.
        targets: figures of an earlier day, to be repeated while they are nearly right.
        unseen: cells that are never published by themselves, such as where two areas overlap.
            A small one keeps its range too.
        watched: differences of figures that must keep their range.
        earlier: what was published before.
        fixed: sums of unseen cells as they were rounded for another table of the same people.
            They are not published, but agreeing with them makes all such tables parts of one
            picture that adds up, so that putting them together says little more than each.
    """
    work = _Protection(
        counts,
        sums,
        setting,
        dict(given or {}),
        unseen,
        tuple(watched),
        earlier or Earlier(),
        dict(fixed or {}),
    )
    return work.protect(targets or {})


@dataclass
class _Protection:
    counts: Mapping[Figure, int]
    sums: Mapping[Figure, tuple[Figure, ...]]
    setting: Setting
    given: dict[Figure, ProtectedCount]
    unseen: frozenset[Figure]
    watched: tuple[Asked, ...]
    earlier: Earlier
    fixed: dict[Figure, int]

    def protect(self, targets: Mapping[Figure, int]) -> Protected:
        setting = self.setting
        totals = {total: sum(self.counts[part] for part in of) for total, of in self.sums.items()}
        self.exact: dict[Figure, int] = {**self.counts, **totals}
        kept = {name: count.shown for name, count in self.given.items() if count.shown is not None}
        self.rounded = round_table(
            self.counts,
            self.sums,
            base=setting.base,
            threshold=setting.threshold,
            kept={**kept, **self.fixed},
            targets=targets,
            unseen=self.unseen,
        )
        self.lines: dict[Figure, list[Figure]] = {}
        for total in sorted(self.sums, key=lambda each: (len(self.sums[each]), each)):
            for part in self.sums[total]:
                self.lines.setdefault(part, []).append(total)
        hidden = self._hide_first()
        narrow = self._hide_until_safe(hidden)
        figures = {
            figure: ProtectedCount(None, hidden[figure], setting.threshold)
            if figure in hidden
            else ProtectedCount(self.rounded[figure], "", setting.threshold)
            for figure in self.exact
            if self._is_published(figure)
        }
        errors = [abs(self.rounded[each] - self.exact[each]) for each in figures.keys() - hidden]
        return Protected(figures, max([setting.base - 1, *errors]), narrow, self.rounded)

    def _is_published(self, figure: Figure) -> bool:
        return figure not in self.unseen and figure not in self.fixed

    def _hide_first(self) -> Hidden:
        setting, hidden = self.setting, Hidden()
        for figure, count in self.exact.items():
            if not self._is_published(figure):
                continue
            if setting.is_small(count):
                hidden[figure] = "small"
            elif count > setting.threshold >= self.rounded[figure]:
                # A total that had to be rounded into the hidden range would mislead.
                hidden[figure] = "protecting"
            elif self._is_far(figure):
                hidden[figure] = "protecting"
        for figure, published in self.given.items():
            hidden.pop(figure, None)
            if published.hidden:
                hidden[figure] = published.hidden
        return hidden

    def _is_far(self, figure: Figure) -> bool:
        """Tell whether a figure went so far to add up that it would mislead."""
        error = abs(self.rounded[figure] - self.exact[figure])
        if figure in self.sums and not self.given and not self.fixed:
            return error > self.setting.total_error
        return error >= self.setting.base > 1

    def _hide_until_safe(self, hidden: Hidden) -> int:
        asked = {figure: Asked(self.sums.get(figure, (figure,))) for figure in self.exact}
        pending: dict[Figure, Asked] = {figure: asked[figure] for figure in hidden}
        for cell in self.unseen:
            if self.counts[cell] <= self.setting.threshold:
                pending[cell] = asked[cell]
        for number, each in enumerate((*self.watched, *self.earlier.asked)):
            pending[("watched", f"{number:09}")] = each
        while True:
            pending = self._narrow(pending, hidden)
            if not pending:
                return 0
            before = set(hidden)
            if not self._hide_more(pending, hidden):
                return len(pending)
            changed = {name for name in hidden if name not in before}
            pending |= {figure: asked[figure] for figure in changed}

    def _narrow(self, pending: Mapping[Figure, Asked], hidden: Hidden) -> dict[Figure, Asked]:
        """Return what keeps too few values; what once keeps enough, keeps them if more is hidden.

        The attacker's narrow guess, that everything was rounded to the nearest multiple, allows
        the fewest counts; only where nothing fits it is the table's own promise tried.
        """
        setting = self.setting
        widest = max(setting.base - 1, *(abs(self.rounded[x] - self.exact[x]) for x in self.exact))
        for slack in range(setting.base // 2, widest + 1):
            attack = self._attack(hidden, slack)
            if attack.is_possible():
                break
        else:
            raise WholeplaceError(
                "The table cannot be protected.",
                "Its counts do not fit what was published before of the same people, or of "
                "people said to lie within them.",
                "Correct the counts, or how the two are said to lie together.",
            )
        must_keep = {}
        for name, each in pending.items():
            least = self.earlier.asked.get(each, setting.least_range)
            if name in hidden:
                least = least_of(hidden[name], least, setting.threshold, setting.zeros_are_safe)
            must_keep[name] = (each, least)
        return {name: pending[name] for name in attack.find_narrow(must_keep)}

    def _attack(self, hidden: Hidden, slack: int) -> Attack:
        knowns = list(self.earlier.tell(slack))
        setting = self.setting
        for figure in self.exact:
            if self._is_published(figure):
                shown = None if figure in hidden else self.rounded[figure]
                why = hidden.get(figure, "")
                low, high = bounds_of(shown, why, slack, setting.threshold, setting.zeros_are_safe)
                knowns.append(Known(self.sums.get(figure, (figure,)), low, high))
        witness = None if self.earlier.cells else self.rounded
        cells = [*self.counts, *self.earlier.cells]
        return Attack(cells, knowns, self.sums.values(), witness)

    def _hide_more(self, narrow: Mapping[Figure, Asked], hidden: Hidden) -> bool:
        """Hide one more figure for each narrow one, the smallest that helps; False if none."""
        helped: set[Figure] = set()
        did = False
        for name in sorted(narrow):
            inside = {
                part for part in (*narrow[name].parts, *narrow[name].less) if part in self.counts
            }
            lines = list(
                dict.fromkeys(line for part in sorted(inside) for line in self.lines.get(part, ()))
            )
            lines.sort(key=lambda line: (len(self.sums[line]), line))
            near = lines[: _LINES * max(1, min(len(inside), _MORE_AT_ONCE))]
            if helped & {part for line in near[:_LINES] for part in self.sums[line]}:
                continue
            chosen = self._choose(name, inside, near, lines, hidden)
            if chosen is not None:
                hidden[chosen] = "protecting"
                did = True
                helped.add(chosen)
        return did

    def _choose(
        self,
        name: Figure,
        inside: set[Figure],
        near: list[Figure],
        lines: list[Figure],
        hidden: Hidden,
    ) -> Figure | None:
        def size(figure: Figure) -> tuple[int, Figure]:
            return self.exact[figure], figure

        def can_hide(figure: Figure) -> bool:
            # What was published before is known, so that hiding it here would not help.
            known = figure in hidden or figure in self.given
            return not known and self._is_published(figure)

        for among in (near, lines):
            parts = [part for line in among for part in self.sums[line] if can_hide(part)]
            if parts:
                return min(parts, key=size)
            totals = [line for line in among if can_hide(line)]
            if totals:
                return min(totals, key=size)
        rest = [each for each in self.exact if can_hide(each)]
        if rest:
            return min(rest, key=size)
        # Where nothing is left to hide, the words `fewer than` themselves say too much.
        said = [*lines, *([name] if name in self.exact else []), *sorted(inside)]
        said = [each for each in said if each not in self.given and hidden.get(each) == "small"]
        return min(said, key=size) if said else None
