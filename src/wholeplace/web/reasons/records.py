"""The printed record of a request and of the decision on it, on the forms of Annex B."""

from typing import Any

from django.utils import timezone

from wholeplace.agreements.deciding.rules import Rules
from wholeplace.agreements.drafting.sharing_request import (
    SharingDecision,
    SharingRequest,
    decision_rows,
    request_of_clause,
    request_rows,
)
from wholeplace.agreements.reasons.information_request import REFUSALS
from wholeplace.web.reasons.models import InformationRequest

__all__ = ["annex_b_record"]


def annex_b_record(found: InformationRequest, rules: Rules) -> dict[str, Any]:
    """Return the lines of both forms; what was answered is not among them."""
    clauses = [ref for each in found.fields for ref in each["clauses"] if ref in rules.clauses]
    return {
        "request_rows": request_rows(_request(found, rules, clauses), rules.terms),
        "decision_rows": decision_rows(_decision(found, rules)) if found.decided_name else (),
        "clauses": list(dict.fromkeys(clauses)),
        "replies": [
            {
                "label": rules.terms.words("field", each.field),
                "outcome": {"given": "Shared", "not-held": "Not held", "refused": "Refused"}[
                    each.outcome
                ],
                "refusal": REFUSALS.get(each.refusal, ""),
            }
            for each in found.replies.all()
        ],
    }


def _request(found: InformationRequest, rules: Rules, clauses: list[str]) -> SharingRequest:
    fields = tuple(str(each["field"]) for each in found.fields)
    labels = ", ".join(rules.terms.words("field", each) for each in fields)
    asked_on = timezone.localdate(found.asked_at)
    base = SharingRequest()
    if clauses:
        bound = rules.clauses[clauses[0]]
        base = request_of_clause(bound.agreement, bound.clause, rules.terms)
    return base.model_copy(
        update={
            "id": found.pk,
            "receiver": found.partner,
            "requester": found.organisation,
            "requester_name": found.asker_name,
            "requester_position": found.asker_position,
            "received_on": asked_on,
            "data_described": f"{labels}. {found.question}",
            "fields": fields,
            "purpose": found.purpose,
            "necessity": found.necessity,
            "officer_views": "Not asked for this request; stands on the agreement",
            "security": "Answered in Wholeplace; kept encrypted, shown to the person who asked "
            "alone, while their reason lives; each sight is recorded before it is shown",
            "sharing_dates": f"Once, by {timezone.localtime(found.due_at):%d %B %Y, %H:%M}",
        }
    )


def _decision(found: InformationRequest, rules: Rules) -> SharingDecision:
    given = [
        rules.terms.words("field", each.field)
        for each in found.replies.all()
        if each.outcome == "given"
    ]
    outcomes = {"answered": "share", "part-answered": "share-in-part", "refused": "refuse"}
    nothing = "Nothing is held. " if found.state == "not-held" else ""
    return SharingDecision.model_validate(
        {
            "request_id": found.pk,
            "outcome": outcomes.get(found.state, ""),
            "reasons": f"{nothing}{found.decision_note}",
            "shared": ", ".join(given),
            "decided_by": found.decided_name,
            "position": found.decided_position,
            "decided_on": timezone.localdate(found.decided_at) if found.decided_at else None,
            "signature": "Signed in to Wholeplace"
            if found.decided_by.isdigit()
            else "By the link and the code told by telephone",
        }
    )
