"""How long a decision takes: `python benchmarks/decide.py`.

A synthetic place of 12 partners, 5 roles, the shipped vocabulary's first 64 fields and 5
purposes, with 500 and 5,000 clauses. Prints microseconds for one decision (first time and
remembered), for a page of 64 fields, and for compiling, as the middle and the 99th in a hundred.
"""

import datetime as dt
import json
import random
import statistics
import time
from collections.abc import Callable
from typing import Any

from wholeplace.agreements import (
    Agreement,
    Clause,
    MemoryAuditTrail,
    MemorySignOffs,
    Party,
    Reason,
    Request,
    Rules,
    SealedItem,
    SignOff,
    Subject,
    Viewer,
    agreement_hash,
    compile_rules,
    decide,
    decide_page,
    reveal,
)
from wholeplace.agreements.texts.terms import FieldTerm, Terms
from wholeplace.foundation.sealed import Sealed

PARTNERS = [f"partner-{number}" for number in range(12)]
ROLES = ["practitioner", "lead-practitioner", "coordinator", "analyst", "data-steward"]
PURPOSES = [
    "whole-family-support",
    "safeguarding",
    "homelessness-prevention",
    "matching",
    "service-planning",
]
FIELDS = [f"group-{number // 8}.field-{number}" for number in range(64)]
AT = dt.datetime(2026, 6, 15, 12, tzinfo=dt.UTC)


def build(count: int, seed: int = 7) -> Callable[[], Rules]:
    pick = random.Random(seed)
    terms = Terms(
        fields={each: FieldTerm(each, each, "event") for each in FIELDS},
        groups={each.partition(".")[0]: each for each in FIELDS},
        purposes=dict.fromkeys(PURPOSES, ""),
        roles=dict.fromkeys(ROLES, ""),
        partners=dict.fromkeys(PARTNERS, ""),
    )
    clauses = []
    for number in range(count):
        source, recipient = pick.sample(PARTNERS, 2)
        clauses.append(
            Clause(
                id=f"c{number}",
                source=source,
                recipient=recipient,
                roles=tuple(pick.sample(ROLES, 2)),
                purpose=pick.choice(PURPOSES),
                fields=tuple(pick.sample(FIELDS, 4)),
                level=pick.choice(["existence", "summary", "detail"]),
                consent=pick.choice(["none", "none", "required", "unless-refused"]),
                retention_days=365,
            )
        )
    agreement = Agreement(
        id="bench",
        version="1",
        vocabulary=1,
        title="Bench",
        purposes=tuple(PURPOSES),
        why="To measure.",
        parties=tuple(
            Party(partner=each, lawful_basis="6(1)(e)", legal_power="x") for each in PARTNERS
        ),
        dpia="x",
        starts_on=dt.date(2026, 1, 1),
        ends_on=dt.date(2026, 12, 31),
        review_on=dt.date(2026, 12, 1),
        contact="x",
        clauses=tuple(clauses),
    )
    digest = agreement_hash(agreement)
    signed_at = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    records = MemorySignOffs([SignOff("bench", digest, each, "s", signed_at) for each in PARTNERS])
    return lambda: compile_rules([agreement], records, AT.date(), terms)


def requests(count: int, seed: int = 11) -> list[tuple[Request, str, str]]:
    pick = random.Random(seed)
    reason = Reason("r", "case", "x", frozenset({"p"}), AT, None, "u")
    made = []
    for _ in range(count):
        viewer = Viewer("u", pick.choice(PARTNERS), pick.choice(ROLES))
        asked = Request(viewer, pick.choice(PURPOSES), reason, AT, Subject("p", "x"))
        made.append((asked, pick.choice(PARTNERS), pick.choice(FIELDS)))
    return made


def microseconds(run: Callable[[], Any]) -> float:
    began = time.perf_counter_ns()
    run()
    return (time.perf_counter_ns() - began) / 1000


def measure(count: int) -> dict[str, Any]:
    make = build(count)
    compiling = [microseconds(make) for _ in range(5)]
    rules, asked = make(), requests(5_000)
    first = [microseconds(lambda each=each: decide(rules, *each)) for each in asked]
    again = []
    for start in range(0, 5_000, 100):
        batch = asked[start : start + 100]

        def run(batch: Any = batch) -> None:
            for request, source, field in batch:
                decide(rules, request, source, field)

        again.append(microseconds(run) / 100)
    pages, events = [], []
    for request, source, _ in asked[:300]:
        wanted = [(source, field) for field in FIELDS]
        pages.append(microseconds(lambda r=request, w=wanted: decide_page(rules, r, w)))
        value = {"label": "x", "start_on": "2026-01-01", "end_on": None, "attributes": {}}
        items = [SealedItem(field, source, "d", field, "p", Sealed(value)) for field in FIELDS]
        trail, subject = MemoryAuditTrail(), request.subject
        events.append(
            microseconds(
                lambda r=request, i=items, t=trail, s=subject: reveal(rules, r, [s], i, t, page="p")
            )
        )

    def spread(found: list[float]) -> dict[str, float]:
        ordered = sorted(found)
        return {
            "p50": round(statistics.median(found), 2),
            "p99": round(ordered[int(len(ordered) * 0.99) - 1], 2),
        }

    return {
        "clauses": count,
        "compile_us": spread(compiling),
        "decide_first_us": spread(first),
        "decide_remembered_us": spread(again),
        "page_of_64_fields_us": spread(pages),
        "reveal_of_64_fields_us": spread(events),
    }


if __name__ == "__main__":
    for size in (500, 5_000):
        print(json.dumps(measure(size)))
