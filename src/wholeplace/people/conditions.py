"""What one condition of a need rule means, once, for both ways of evaluating it.

A rule is written in YAML (`partnership.definitions.Rule`). `compile.py` turns its conditions
into SQL; `reference.py` evaluates them slowly, in plain Python. Both start from the numbered
conditions made here, and a property test holds their answers equal.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from wholeplace.foundation.errors import WholeplaceError
from wholeplace.partnership.definitions import Condition, Framework

__all__ = ["NumberedCondition", "Test", "number_conditions", "read_tests"]

Operator = Literal["eq", "in", "gte", "lte"]
Plain = bool | int | float | str


@dataclass(frozen=True)
class Test:
    """One test of one attribute.

    Attributes:
        values: what it is compared with; more than one only for `in`.
    """

    __test__ = False

    attribute: str
    operator: Operator
    values: tuple[Plain, ...]


@dataclass(frozen=True)
class NumberedCondition:
    """One condition of one need, with all that is needed to explain it.

    Attributes:
        number: its place among all conditions of a run; from 0.
        joined: `all` where the need wants every such condition, `any` where one will do.
        tests: attribute tests, all of which must hold.
    """

    number: int
    framework: str
    version: str
    headline: str
    headline_label: str
    need: str
    need_label: str
    evidence_text: str
    joined: Literal["all", "any"]
    condition: Condition
    tests: tuple[Test, ...]

    @property
    def tests_age(self) -> bool:
        """Whether it asks how old the person was: a date of birth then tells as well."""
        return self.condition.age_from is not None or self.condition.age_to is not None

    @property
    def window_start(self) -> int | None:
        """How many days before the as-of day the window begins; None means ever."""
        return self.condition.within_days


def number_conditions(frameworks: Iterable[Framework]) -> tuple[NumberedCondition, ...]:
    """Return every condition of every need, numbered in the order written.

    Raises:
        WholeplaceError: if a need has no condition, or a test cannot be understood; the need
            is named.
    """
    numbered: list[NumberedCondition] = []
    for framework in frameworks:
        for headline in framework.headlines:
            for need in headline.needs:
                rule = need.rule
                if not rule.all and not rule.any:
                    raise _bad_rule(framework, need.id, "it has no condition, so it shows nobody")
                parts: Sequence[tuple[Literal["all", "any"], Condition]] = [
                    *(("all", each) for each in rule.all),
                    *(("any", each) for each in rule.any),
                ]
                for joined, condition in parts:
                    tests = read_tests(framework, need.id, condition)
                    numbered.append(
                        NumberedCondition(
                            len(numbered),
                            framework.id,
                            framework.version,
                            headline.id,
                            headline.label,
                            need.id,
                            need.label,
                            need.evidence,
                            joined,
                            condition,
                            tests,
                        )
                    )
    return tuple(numbered)


def read_tests(framework: Framework, need: str, condition: Condition) -> tuple[Test, ...]:
    """Return the attribute tests of a condition.

    Raises:
        WholeplaceError: if one cannot be understood; the need is named.
    """
    tests = []
    for attribute, operators in condition.where.items():
        for operator, value in operators.items():
            listed = value if operator == "in" else [value]
            if not isinstance(listed, list | tuple | set | frozenset):
                raise _bad_rule(framework, need, f"`in` of {attribute} is not a list")
            values = tuple(_plain(framework, need, attribute, each) for each in listed)
            if operator in ("gte", "lte") and isinstance(values[0], bool):
                raise _bad_rule(framework, need, f"{attribute} compares true or false by size")
            tests.append(Test(attribute, operator, values))
    return tuple(tests)


def _plain(framework: Framework, need: str, attribute: str, value: Any) -> Plain:
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, bool | int | float | str):
        return value
    raise _bad_rule(framework, need, f"{attribute} is tested against something that is no value")


def _bad_rule(framework: Framework, need: str, why: str) -> WholeplaceError:
    return WholeplaceError(
        f"The need {need} of the framework {framework.id} {framework.version} cannot be used.",
        f"In its rule, {why}.",
        "Mend the rule and run `wholeplace check`.",
    )
