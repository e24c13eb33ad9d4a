"""Need rules compiled to SQL: one SELECT that finds every event that meets a condition.

What a rule means is written in `reference.py`. Values go in as parameters, never as text of
the statement. The rest of the work (counting, joining conditions to needs) is the same for
every rule and stands in `sql/person_needs.sql` and `sql/need_evidence.sql`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from wholeplace.foundation.store import SqlFile
from wholeplace.people.conditions import NumberedCondition, Test

__all__ = ["CompiledRules", "compile_conditions", "condition_table"]

_NUMBERS = "('BIGINT', 'UBIGINT', 'HUGEINT', 'DOUBLE')"
_NOBODY = (
    "SELECT CAST(NULL AS INTEGER) AS condition, person_id, event_id, start_on "
    "FROM need_events WHERE false"
)


@dataclass
class CompiledRules:
    """A statement that gives table `condition_matches`, and its parameters."""

    select: str = ""
    params: dict[str, Any] = field(default_factory=dict)

    def add(self, value: Any) -> str:
        """Keep a value as a parameter and return its placeholder."""
        name = f"v{len(self.params)}"
        self.params[name] = value
        return f"${name}"

    @property
    def table(self) -> SqlFile:
        """The statement as a derived table."""
        return SqlFile(
            "condition_matches",
            self.select,
            ("condition", "event_id"),
            ("need_events",),
            tuple(self.params),
            "",
        )


def compile_conditions(conditions: Sequence[NumberedCondition]) -> CompiledRules:
    """Return the SELECT over `need_events` that finds what each condition counts."""
    rules = CompiledRules()
    parts = [_select_one(rules, numbered) for numbered in conditions]
    rules.select = "\nUNION ALL\n".join(parts) if parts else _NOBODY
    return rules


def condition_table(conditions: Sequence[NumberedCondition]) -> pa.Table:
    """Return the conditions as table `need_conditions`.

    Shape: grain condition. Columns framework, version, headline, headline_label, need,
    need_label, evidence_text, joined, event, at_least, tests_attributes, tests_age.
    """
    rows = [
        {
            "condition": each.number,
            "framework": each.framework,
            "version": each.version,
            "headline": each.headline,
            "headline_label": each.headline_label,
            "need": each.need,
            "need_label": each.need_label,
            "evidence_text": each.evidence_text,
            "joined": each.joined,
            "event": each.condition.event,
            "at_least": each.condition.at_least,
            "tests_attributes": bool(each.tests),
            "tests_age": each.tests_age,
        }
        for each in conditions
    ]
    return pa.Table.from_pylist(rows, schema=_CONDITIONS)


_CONDITIONS = pa.schema(
    [
        pa.field("condition", pa.int32(), nullable=False),
        *(
            pa.field(name, pa.string(), nullable=False)
            for name in (
                "framework",
                "version",
                "headline",
                "headline_label",
                "need",
                "need_label",
                "evidence_text",
                "joined",
                "event",
            )
        ),
        pa.field("at_least", pa.int32(), nullable=False),
        pa.field("tests_attributes", pa.bool_(), nullable=False),
        pa.field("tests_age", pa.bool_(), nullable=False),
    ]
)


def _select_one(rules: CompiledRules, numbered: NumberedCondition) -> str:
    condition = numbered.condition
    tests = [f"kind = {rules.add(condition.event)}"]
    if condition.open:
        tests.append("is_open")
    elif condition.within_days is not None:
        # An open spell is going on the as-of day, so it is inside every window.
        tests.append(f"days_since <= {rules.add(condition.within_days)}")
    if condition.age_from is not None:
        tests.append(f"age_years >= {rules.add(condition.age_from)}")
    if condition.age_to is not None:
        tests.append(f"age_years <= {rules.add(condition.age_to)}")
    tests += [_compile_test(rules, test) for test in numbered.tests]
    return (
        f"SELECT {numbered.number} AS condition, person_id, event_id, start_on "
        f"FROM need_events WHERE {' AND '.join(tests)}"
    )


def _compile_test(rules: CompiledRules, test: Test) -> str:
    if not test.values:
        return "false"
    # A JSON pointer, so that an attribute's name is never read as a path expression.
    pointer = "/" + test.attribute.replace("~", "~0").replace("/", "~1")
    at = rules.add(pointer)
    kind, text = f"json_type(attributes, {at})", f"json_extract_string(attributes, {at})"
    sign = {"gte": ">=", "lte": "<="}.get(test.operator, "=")
    either = []
    for value in test.values:
        if isinstance(value, bool):
            either.append(f"({kind} = 'BOOLEAN' AND {text} = {rules.add(str(value).lower())})")
        elif isinstance(value, str):
            either.append(f"({kind} = 'VARCHAR' AND {text} {sign} {rules.add(value)})")
        else:
            number = rules.add(float(value))
            either.append(f"({kind} IN {_NUMBERS} AND TRY_CAST({text} AS DOUBLE) {sign} {number})")
    return "(" + " OR ".join(either) + ")"
