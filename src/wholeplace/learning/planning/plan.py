"""What an evaluation will ask, of whom, and how it will answer: all of it said beforehand."""

import datetime as dt
from dataclasses import asdict, dataclass
from typing import Any, Literal

from wholeplace.foundation.canonical import content_hash
from wholeplace.foundation.errors import WholeplaceError

__all__ = ["Covariate", "Design", "EvaluationPlan", "OutcomeMeasure"]

Design = Literal[
    "randomised",
    "discontinuity",
    "synthetic-control",
    "staggered-differences",
    "two-period-differences",
    "weighted-comparison",
    "matched-comparison",
    "bare-comparison",
]


@dataclass(frozen=True)
class OutcomeMeasure:
    """One thing that may have changed.

    Attributes:
        measure: id of the measure, for example `absence-share`.
        unit: what one unit is, in words.
        per: whom it is counted for.
        better: whether more or less of it is hoped for.
        from_on: first day that counts.
        to_on: last day that counts.
        is_primary: whether the question is answered by it.
    """

    measure: str
    unit: str
    per: str
    better: Literal["more", "less"]
    from_on: dt.date
    to_on: dt.date
    is_primary: bool = False


@dataclass(frozen=True)
class Covariate:
    """Something that groups are made alike in, and the last day of what it is made from."""

    name: str
    known_to_on: dt.date


@dataclass(frozen=True)
class EvaluationPlan:
    """An evaluation before it is made.

    Attributes:
        id: short name, unique in the place.
        question: what is to be found out, in one sentence.
        theory: why the intervention should change the outcomes.
        intervention: what is done.
        eligibility: the rule by which somebody is eligible, in words.
        eligible_on: the day for which eligibility and covariates are worked out.
        window_days: whoever is reached within these days after it counts as reached.
        outcomes: measures; exactly one is primary.
        covariates: what groups are made alike in.
        design: how the comparison is made.
        method: the specification that answers the question.
        also_shown: further specifications that will be shown whatever they say.
        correction: how several outcomes are corrected.
        confidence_percent: of the intervals, for example 95.

    Raises:
        WholeplaceError: if something is missing, or would be known only later.
    """

    id: str
    question: str
    theory: str
    intervention: str
    eligibility: str
    eligible_on: dt.date
    window_days: int
    outcomes: tuple[OutcomeMeasure, ...]
    covariates: tuple[Covariate, ...]
    design: Design
    method: str
    also_shown: tuple[str, ...] = ()
    correction: Literal["holm", "benjamini-hochberg"] = "holm"
    confidence_percent: int = 95

    def __post_init__(self) -> None:
        """Check that nothing is missing and nothing looks ahead."""
        wrong = [*self._missing(), *self._hindsight()]
        if wrong:
            raise WholeplaceError(
                f"The plan “{self.id}” cannot stand as it is.",
                " ".join(wrong),
                "Mend what is named, then write it again.",
            )

    @property
    def primary(self) -> OutcomeMeasure:
        """The measure that answers the question."""
        return next(each for each in self.outcomes if each.is_primary)

    @property
    def hash(self) -> str:
        """The SHA-256 of everything in the plan, as 64 hexadecimal digits."""
        return content_hash(self.as_plain())

    def as_plain(self) -> dict[str, Any]:
        """Return the plan as text, numbers, dates and lists."""
        return asdict(self)

    def _missing(self) -> list[str]:
        named = ("id", "question", "theory", "intervention", "eligibility", "method")
        found = [
            f"It does not say its {name}." for name in named if not getattr(self, name).strip()
        ]
        if sum(each.is_primary for each in self.outcomes) != 1:
            found.append("It needs exactly one primary outcome.")
        if len({each.measure for each in self.outcomes}) != len(self.outcomes):
            found.append("It names an outcome twice.")
        if not 50 < self.confidence_percent < 100:
            found.append("Its confidence is not between 50 and 100 per cent.")
        if self.window_days < 0:
            found.append("Its window is shorter than no day.")
        return found

    def _hindsight(self) -> list[str]:
        found = [
            f"“{each.name}” is made from what was known only after {self.eligible_on.isoformat()}."
            for each in self.covariates
            if each.known_to_on > self.eligible_on
        ]
        found += [
            f"The days of “{each.measure}” do not follow the day of eligibility."
            for each in self.outcomes
            if each.from_on <= self.eligible_on or each.to_on < each.from_on
        ]
        return found
