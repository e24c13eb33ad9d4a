"""Deciding a page beside Cedar, in one run: `python benchmarks/decide_cedar.py [clauses]`.

The world of `decide.py`: 12 partners, 5 roles, 5 purposes, 64 fields. The same requests are decided
by `decide_page` and by Cedar in its best form: policies, entities and schema parsed once (handles),
each question asked in one batch for the page, over all policies and over the slice for the viewer's
organisation and purpose alone (which a caller of Cedar would have to keep themselves). Every answer
is compared; any difference ends the run. Prints the middle and the 99th in a hundred of a page of
64 fields in microseconds, and the ratios.
"""

import json
import statistics
import sys
import time
from collections.abc import Iterable
from typing import Any

import cedarpy
from decide import FIELDS, PURPOSES, ROLES, build, requests

from wholeplace.agreements import Clause, Level, Request, decide_page
from wholeplace.agreements.figures import figures

LEVELS = {Level.EXISTENCE: "existence", Level.SUMMARY: "summary", Level.DETAIL: "detail"}
SCHEMA = """
entity Org; entity Role; entity User in [Org, Role]; entity Field;
action existence, summary, detail appliesTo { principal: User, resource: Field,
  context: { purpose: String, source: String, consent: String, live: Bool } };
"""
FORBIDS = [
    'forbid (principal, action in [Action::"summary", Action::"detail"], resource)'
    " unless { context.live };"
]
PAGES = 60


def policy(clause: Clause) -> str:
    actions = ", ".join(f'Action::"{LEVELS[each]}"' for each in LEVELS if each <= clause.level)
    roles = " || ".join(f'principal in Role::"{each}"' for each in clause.roles)
    fields = ", ".join(f'Field::"{each}"' for each in clause.fields)
    consent = {
        "none": "true",
        "required": 'context.consent == "yes"',
        "unless-refused": '(context.consent == "yes" || context.consent == "unstated")',
    }[clause.consent]
    return (
        f'permit (principal in Org::"{clause.recipient}", action in [{actions}], resource) when {{'
        f" ({roles}) && [{fields}].contains(resource) && context.source =="
        f' "{clause.source}" && context.purpose == "{clause.purpose}" && {consent} }};'
    )


def own_data(partners: Iterable[str]) -> list[str]:
    return [
        f'permit (principal in Org::"{partner}", action, resource) when {{ principal in'
        f' Role::"{role}" && context.source == "{partner}" && context.purpose == "{purpose}" }};'
        for role, purposes in figures().own_data.items()
        if role in ROLES
        for purpose in purposes
        if purpose in PURPOSES
        for partner in partners
    ]


def entities(viewer: Any, schema: Any) -> Any:
    def entity(kind: str, name: str, *parents: tuple[str, str]) -> dict[str, Any]:
        over = [{"type": each, "id": parent} for each, parent in parents]
        return {"uid": {"type": kind, "id": name}, "attrs": {}, "parents": over}

    user = entity("User", "u", ("Org", viewer.organisation), ("Role", viewer.role))
    found = [user, *(entity("Field", each) for each in FIELDS)]
    return cedarpy.Entities.from_json_str(json.dumps(found), SCHEMA)


def questions(asked: Request, source: str) -> list[dict[str, Any]]:
    context = {
        "purpose": asked.purpose,
        "source": source,
        "consent": "unstated",
        "live": asked.has_live_reason,
    }
    return [
        {
            "principal": 'User::"u"',
            "action": f'Action::"{action}"',
            "resource": f'Field::"{field}"',
            "context": context,
        }
        for field in FIELDS
        for action in LEVELS.values()
    ]


def microseconds(run: Any) -> tuple[float, Any]:
    began = time.perf_counter_ns()
    answer = run()
    return (time.perf_counter_ns() - began) / 1000, answer


def spread(found: list[float]) -> dict[str, float]:
    ordered = sorted(found)
    return {
        "p50": round(statistics.median(found), 1),
        "p99": round(ordered[max(0, int(len(ordered) * 0.99) - 1)], 1),
    }


def levels_of(answers: list[Any]) -> list[int]:
    return [
        sum(bool(each.allowed) for each in answers[start : start + 3])
        for start in range(0, len(answers), 3)
    ]


def measure(count: int) -> dict[str, Any]:
    make = build(count)
    compiling = [microseconds(make)[0] for _ in range(7)]
    rules = make()
    clauses = [each.clause for each in rules.clauses.values()]
    partners = sorted({each.source for each in clauses})
    schema = cedarpy.Schema.from_str(SCHEMA)
    everything = cedarpy.PolicySet.from_str(
        "\n".join([*map(policy, clauses), *own_data(partners), *FORBIDS])
    )
    ours: list[float] = []
    whole: list[float] = []
    sliced: list[float] = []
    for number, (asked, source, _) in enumerate(requests(3_000)):
        wanted = [(source, field) for field in FIELDS]
        taken, mine = microseconds(lambda a=asked, w=wanted: decide_page(rules, a, w))
        ours.append(taken)
        if number >= PAGES:
            continue
        held = entities(asked.viewer, schema)
        part = [
            policy(each)
            for each in clauses
            if (each.recipient, each.purpose) == (asked.viewer.organisation, asked.purpose)
        ]
        kept = cedarpy.PolicySet.from_str(
            "\n".join([*part, *own_data([asked.viewer.organisation]), *FORBIDS])
        )
        batch = questions(asked, source)
        for policies, times in ((everything, whole), (kept, sliced)):
            taken, answers = microseconds(
                lambda p=policies, e=held, b=batch: cedarpy.is_authorized_batch(b, p, e, schema)
            )
            times.append(taken)
            if any(each.diagnostics.errors for each in answers):
                raise SystemExit("Cedar could not evaluate a policy")
            if levels_of(answers) != [int(mine[source, field].level) for field in FIELDS]:
                raise SystemExit(f"page {number} is decided differently")
    ratio = statistics.median(sliced) / statistics.median(ours)
    return {
        "clauses": count,
        "compile_ms": {key: round(each / 1000, 1) for key, each in spread(compiling).items()},
        "ours_page_of_64_us": spread(ours),
        "cedar_whole_page_us": spread(whole),
        "cedar_sliced_page_us": spread(sliced),
        "cedar_whole_over_ours": round(statistics.median(whole) / statistics.median(ours)),
        "cedar_sliced_over_ours": round(ratio),
        "pages_compared": len(whole),
        "disagreements": 0,
    }


if __name__ == "__main__":
    for size in [int(each) for each in sys.argv[1:]] or [500, 5_000]:
        print(json.dumps(measure(size)))
