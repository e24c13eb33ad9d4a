"""The grade: where the design begins, what each check takes off, and why, step by step."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from wholeplace.learning.comparing.estimate import Estimate
from wholeplace.learning.grading.scale import load_scale
from wholeplace.learning.planning.freezing import FrozenPlan

__all__ = ["Diagnostics", "Grade", "GradeStep", "grade_study"]

Verdict = Literal["begins", "passed", "failed", "not made", "reached", "not reached"]


@dataclass(frozen=True)
class Diagnostics:
    """What the checks found, and what else is known of the evidence.

    Attributes:
        measured: check to its value, by the names of `scale.yaml`; what is missing was not made.
        is_replicated: whether somebody independent found the same.
        is_repeated_elsewhere: whether others run it elsewhere with manuals and systems.
    """

    measured: Mapping[str, float] = field(default_factory=dict)
    is_replicated: bool = False
    is_repeated_elsewhere: bool = False


@dataclass(frozen=True)
class GradeStep:
    """One step: on which scale, what was looked at, what came of it, and the level after it."""

    scale: Literal["Maryland", "Nesta"]
    check: str
    verdict: Verdict
    level: int
    words: str


@dataclass(frozen=True)
class Grade:
    """The grade on both scales and every step to it.

    Attributes:
        maryland: 1 (weakest) to 5.
        nesta: 0 to 5.
        steps: in order.
    """

    maryland: int
    nesta: int
    steps: tuple[GradeStep, ...]

    @property
    def lowered_by(self) -> tuple[str, ...]:
        """The checks that took a level off, or would have."""
        return tuple(each.check for each in self.steps if each.verdict in ("failed", "not made"))


def grade_study(frozen: FrozenPlan, estimate: Estimate, diagnostics: Diagnostics) -> Grade:
    """Return the grade of a study that followed a frozen plan.

    Raises:
        ValueError: if a check is measured that no scale knows.
    """
    unknown = diagnostics.measured.keys() - load_scale().checks.keys()
    if unknown:
        raise ValueError(f"no such check: {', '.join(sorted(unknown))}")
    steps = _maryland(frozen, diagnostics)
    maryland = steps[-1].level
    steps += _nesta(frozen, estimate, diagnostics, maryland)
    nesta = max((each.level for each in steps if each.scale == "Nesta"), default=0)
    return Grade(maryland, nesta, tuple(steps))


def _maryland(frozen: FrozenPlan, diagnostics: Diagnostics) -> list[GradeStep]:
    scale = load_scale()
    design = scale.designs[frozen.plan.design]
    level = design.level
    steps = [
        GradeStep("Maryland", frozen.plan.design, "begins", level, f"{scale.maryland[level]}.")
    ]
    # A check that a design does not owe still counts where it was made and failed.
    extra = [name for name in sorted(diagnostics.measured) if name not in design.checks]
    for name in (*design.checks, *extra):
        verdict, words = _judge(name, frozen, diagnostics)
        if verdict != "passed":
            level = max(1, level - 1)
        steps.append(GradeStep("Maryland", name, verdict, level, words))
    return steps


def _judge(name: str, frozen: FrozenPlan, diagnostics: Diagnostics) -> tuple[Verdict, str]:
    if name == "frozen":
        return _judge_plan(frozen)
    check = load_scale().checks[name]
    if name not in diagnostics.measured:
        return "not made", f"{check.words}: not looked at, which counts as failed."
    value = diagnostics.measured[name]
    limits = [f"at most {check.most:g}"] if check.most is not None else []
    limits += [f"at least {check.least:g}"] if check.least is not None else []
    words = f"{check.words}: {round(value, 3):g}; {' and '.join(limits)} passes."
    return ("passed" if check.is_passed(value) else "failed"), words


def _judge_plan(frozen: FrozenPlan) -> tuple[Verdict, str]:
    if not frozen.is_whole:
        return "failed", "The plan is not the one that was frozen."
    if frozen.looked_at is not None and frozen.looked_at <= frozen.frozen_at:
        return "failed", "Outcomes were looked at before the plan was frozen."
    if frozen.has_departed_after_looking:
        return "failed", "The plan was departed from by somebody who knew the outcomes."
    return "passed", "The plan was frozen before outcomes were looked at, and kept to."


def _nesta(
    frozen: FrozenPlan, estimate: Estimate, diagnostics: Diagnostics, maryland: int
) -> list[GradeStep]:
    scale = load_scale()
    is_hoped = (estimate.value > 0) == (frozen.plan.primary.better == "more")
    is_clear = not estimate.low <= 0 <= estimate.high
    asked = (
        ("theory", bool(frozen.plan.theory.strip())),
        ("change", is_hoped and is_clear),
        ("cause", maryland >= scale.causes_from_maryland),
        ("replicated", diagnostics.is_replicated),
        ("elsewhere", diagnostics.is_repeated_elsewhere),
    )
    steps, level = [], 0
    for number, (name, holds) in enumerate(asked, start=1):
        if not holds:
            words = f"Not reached: {scale.nesta[number].lower()}."
            steps.append(GradeStep("Nesta", name, "not reached", level, words))
            break
        level = number
        steps.append(GradeStep("Nesta", name, "reached", level, f"{scale.nesta[number]}."))
    return steps
