"""Cedar as an independent oracle: the same worlds, written as Cedar policies, decide the same.

One permit for each clause and each right to one's own data, forbids for the flags; a group is a
parent in Cedar's entities and a level an action, so that nothing of our index is used.
"""

import json
from collections.abc import Iterator
from typing import Any

import cedarpy
import pytest
from hypothesis import HealthCheck, given, settings

from wholeplace.agreements import Agreement, Clause, Level, Request, decide

from .reference import OWN_DATA_PURPOSES, has_live_reason, is_in_force
from .worlds import FIELDS, PARTNERS, PURPOSES, World, requests, worlds

LEVELS = {Level.EXISTENCE: "existence", Level.SUMMARY: "summary", Level.DETAIL: "detail"}
FORBIDS = [
    'forbid (principal, action, resource) when { context.stated.contains("sealed") }'
    " unless { context.broken && context.confirmed };",
    'forbid (principal, action, resource) when { context.stated.contains("objection:") };',
    'forbid (principal, action, resource) when { context.purpose == "service-planning"'
    ' && context.stated.contains("national-opt-out") };',
    'forbid (principal, action in [Action::"summary", Action::"detail"], resource)'
    ' when { context.stated.contains("restricted") };',
    'forbid (principal, action in [Action::"summary", Action::"detail"], resource)'
    " unless { context.live };",
    *(
        f'forbid (principal, action, resource) when {{ context.purpose == "{each}"'
        f' && context.stated.contains("objection:{each}") }};'
        for each in PURPOSES
    ),
]


def policies_of(world: World) -> str:
    permits = [
        permit
        for agreement in world.agreements
        if is_in_force(world, agreement)
        for clause in agreement.clauses
        for permit in clause_permits(agreement, clause)
    ]
    for role, purposes in OWN_DATA_PURPOSES.items():
        permits += [
            f'permit (principal in Org::"{partner}", action, resource) when {{'
            f' principal in Role::"{role}" && context.source == "{partner}"'
            f' && context.purpose == "{purpose}" }};'
            for purpose in purposes
            for partner in PARTNERS
        ]
    return "\n".join([*permits, *FORBIDS])


def clause_permits(agreement: Agreement, clause: Clause) -> Iterator[str]:
    parties = {party.partner for party in agreement.parties}
    if clause.source not in parties or clause.purpose not in agreement.purposes:
        return
    recipients = (
        parties - {clause.source} if clause.recipient == "all-parties" else {clause.recipient}
    )
    actions = ", ".join(f'Action::"{LEVELS[each]}"' for each in LEVELS if each <= clause.level)
    for recipient in sorted(recipients & parties) if actions else []:
        for role in clause.roles:
            for name in clause.fields:
                kind = "Field" if "." in name else "Group"
                yield (
                    f'permit (principal in Org::"{recipient}", action in [{actions}],'
                    f' resource in {kind}::"{name}") when {{ principal in Role::"{role}"'
                    f' && context.source == "{clause.source}"'
                    f' && context.purpose == "{clause.purpose}" && {consent_test(clause)}'
                    f" && {factors_test(clause)} }};"
                )


def consent_test(clause: Clause) -> str:
    refusals = [f"consent-{value}:{p}" for value in ("no", "unknown") for p in ("", clause.purpose)]
    refused = f"context.stated.containsAny({json.dumps(refusals)})"
    if clause.consent == "required":
        given = f'context.stated.contains("consent-yes:{clause.purpose}") && !{refused}'
        return f"(context.broken || ({given}))"
    return f"(context.broken || !{refused})" if clause.consent == "unless-refused" else "true"


def factors_test(clause: Clause) -> str:
    # A household that nobody has counted has no such attribute at all.
    least = clause.needs_factors
    return f"context has factors && context.factors >= {least}" if least else "true"


def stated_of(asked: Request) -> list[str]:
    assert asked.subject is not None
    stated = []
    for flag in asked.subject.flags:
        if flag.flag == "consent":
            stated.append(f"consent-{flag.value}:{flag.purpose}")
        elif flag.value != "no":
            is_scoped = flag.flag == "objection"
            stated.append(f"objection:{flag.purpose}" if is_scoped else flag.flag)
    return sorted(set(stated))


def factors_of(asked: Request) -> dict[str, int]:
    assert asked.subject is not None
    known = asked.subject.factors
    return {} if known is None else {"factors": known}


def entities_of(asked: Request) -> list[dict[str, Any]]:
    def entity(kind: str, name: str, *parents: tuple[str, str]) -> dict[str, Any]:
        over = [{"type": each, "id": parent} for each, parent in parents]
        return {"uid": {"type": kind, "id": name}, "attrs": {}, "parents": over}

    viewer = asked.viewer
    user = entity("User", "ana", ("Org", viewer.organisation), ("Role", viewer.role))
    return [user, *(entity("Field", each, ("Group", each.split(".")[0])) for each in FIELDS)]


@given(worlds(), requests())
@settings(max_examples=40, deadline=None)
def test_cedar_decides_the_same(world: World, asked: Request) -> None:
    check_same(world, asked)


@pytest.mark.heavy
@pytest.mark.timeout(3_600)
@given(worlds(), requests())
@settings(max_examples=20_000, deadline=None, suppress_health_check=list(HealthCheck))
def test_cedar_decides_the_same_twenty_thousand_times(world: World, asked: Request) -> None:
    check_same(world, asked)


def check_same(world: World, asked: Request) -> None:
    rules = world.rules()
    wanted = [(source, field) for source in PARTNERS for field in FIELDS]
    questions = [
        {
            "principal": 'User::"ana"',
            "action": f'Action::"{action}"',
            "resource": f'Field::"{field}"',
            "context": {
                "source": source,
                "purpose": asked.purpose,
                "live": has_live_reason(asked),
                "broken": has_live_reason(asked) and asked.reason.kind == "break-glass",  # type: ignore[union-attr]
                "confirmed": asked.reason is not None and asked.reason.lifts_seal,
                "stated": stated_of(asked),
                **factors_of(asked),
            },
        }
        for source, field in wanted
        for action in LEVELS.values()
    ]
    answers = cedarpy.is_authorized_batch(questions, policies_of(world), entities_of(asked))
    assert not any(answer.diagnostics.errors for answer in answers)
    for number, (source, field) in enumerate(wanted):
        allowed = [answer.allowed for answer in answers[number * 3 : number * 3 + 3]]
        level = decide(rules, asked, source, field).level
        assert allowed == [level >= each for each in LEVELS]
