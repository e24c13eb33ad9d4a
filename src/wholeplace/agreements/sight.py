"""The audit event of one sight: who, for what, why, about whom, what at which level.

Field → level → clauses, with how many items; refusals with their counts. Never a value, a
name, a date of anything, or the words that the viewer typed.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from wholeplace.agreements.deciding.decision import Decision
from wholeplace.agreements.deciding.rules import Rules
from wholeplace.agreements.subjects.request import Reason, Request, SealedItem
from wholeplace.agreements.texts.agreement import Level

__all__ = ["sight_event"]


def sight_event(
    rules: Rules,
    request: Request,
    asked: Mapping[str, Request],
    decided: Iterable[tuple[SealedItem, Decision]],
    page: str,
    reasons: Mapping[str, Reason] | None = None,
) -> dict[str, Any]:
    """Return the one event of a page.

    Args:
        rules: what decided.
        request: who asks, for what, why and when.
        asked: person id to the request about that person.
        decided: every item of the page with its decision.
        page: its name.
        reasons: person id to that person's own reason, where the people of a page have
            reasons of their own; it then stands beside each of them.

    Shape:
        kind, at, page, actor, organisation, role, purpose, ruleset;
        reason: {id, kind}, or null;
        subjects: for each person, {subject: pseudonym, reason (where it is their own),
        seen: {partner: {field: {level: {items, clauses}}}},
        refused: {partner: {field: {items, blocks}}}};
        alerts: {kind: "sealed", subject, partners} for the guardians of a sealed person, also
        where the glass was broken on them.
    """
    viewer, reason = request.viewer, request.reason
    by_person: dict[str, list[tuple[SealedItem, Decision]]] = {each: [] for each in asked}
    for item, decision in decided:
        by_person[item.person_id].append((item, decision))
    return {
        "kind": "sight",
        "at": request.at.astimezone(dt.UTC).isoformat(timespec="microseconds"),
        "page": page,
        "actor": viewer.user_id,
        "organisation": viewer.organisation,
        "role": viewer.role,
        "purpose": request.purpose,
        "reason": {"id": reason.id, "kind": reason.kind} if reason else None,
        "ruleset": rules.hash,
        "subjects": [
            _subject(asked[each], found, (reasons or {}).get(each))
            for each, found in by_person.items()
        ],
        "alerts": [_alert(each) for each in asked.values() if each.is_about_sealed],
    }


def _subject(
    request: Request,
    decided: Iterable[tuple[SealedItem, Decision]],
    own: Reason | None,
) -> dict[str, Any]:
    seen: dict[str, dict[str, dict[str, dict[str, Any]]]] = {}
    refused: dict[str, dict[str, dict[str, Any]]] = {}
    for item, decision in decided:
        if decision.level == Level.NOTHING:
            entry = refused.setdefault(item.partner, {}).setdefault(
                item.field, {"items": 0, "blocks": list(decision.blocks)}
            )
        else:
            levels = seen.setdefault(item.partner, {}).setdefault(item.field, {})
            entry = levels.setdefault(
                decision.level.name.lower(), {"items": 0, "clauses": list(decision.clauses)}
            )
        entry["items"] += 1
    pseudonym = request.subject.pseudonym if request.subject else ""
    reason = {"reason": {"id": own.id, "kind": own.kind}} if own else {}
    return {"subject": pseudonym, **reason, "seen": seen, "refused": refused}


def _alert(request: Request) -> dict[str, Any]:
    subject = request.subject
    return {
        "kind": "sealed",
        "subject": subject.pseudonym if subject else "",
        "partners": list(subject.sealing_partners) if subject else [],
    }
