"""An agreement as ODRL 2.2 in JSON-LD, and back, without loss.

Each clause is a permission from its source to its recipient, with constraints for purpose, role,
consent and factors, and a duty to delete; a clause that may not be passed on is a prohibition to
distribute too. What ODRL has no word for stands under this profile's own namespace. Read back, the
file must give the very agreement, and its hash, or it is refused.

Source: ODRL Information Model 2.2 (W3C Recommendation, 15 February 2018); Data Privacy Vocabulary
(W3C Community Group) for controllers and purposes. docs/reference/agreement-formats.md describes
the profile.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import ValidationError

from wholeplace.agreements.texts.agreement import Agreement, Clause, Level, Party
from wholeplace.agreements.texts.signing import agreement_hash
from wholeplace.agreements.texts.terms import ALL_PARTIES, Terms
from wholeplace.foundation.errors import WholeplaceError

__all__ = ["ODRL_MEDIA_TYPE", "PROFILE", "export_odrl", "import_odrl"]

ODRL_MEDIA_TYPE = "application/ld+json"
PROFILE = "urn:wholeplace:profile:agreement:1"

_CONTEXT = {
    "odrl": "http://www.w3.org/ns/odrl/2/",
    "dpv": "https://w3id.org/dpv#",
    "dct": "http://purl.org/dc/terms/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "wp": "urn:wholeplace:agreement-terms:",
}
_ACTIONS = {
    Level.NOTHING: "wp:seeNothing",
    Level.EXISTENCE: "wp:learnExistence",
    Level.SUMMARY: "wp:seeSummary",
    Level.DETAIL: "wp:seeDetail",
}
_EVERYBODY = "wp:all-parties"
_DURATION = re.compile(r"^P([1-9][0-9]*)D$")
_PARTY_KEYS = {
    "lawful_basis": "wp:lawfulBasis",
    "legal_power": "wp:legalPower",
    "acting_for": "wp:actingFor",
    "special_condition": "wp:specialCondition",
    "schedule_1": "wp:schedule1",
}
_WHOLE_KEYS = {
    "id": "dct:identifier",
    "title": "dct:title",
    "why": "dct:description",
    "version": "wp:version",
    "vocabulary": "wp:vocabulary",
    "dpia": "wp:impactAssessment",
    "contact": "wp:contact",
    "supersedes": "wp:supersedes",
}
_DATES = {"starts_on": "wp:startsOn", "ends_on": "wp:endsOn", "review_on": "wp:reviewOn"}


def export_odrl(agreement: Agreement, terms: Terms | None = None) -> dict[str, Any]:
    """Return an agreement as a JSON-LD document that holds no personal data.

    Args:
        agreement: what to write out.
        terms: the place's words, for the names of partners; ids alone when None.
    """
    name = f"urn:wholeplace:agreement:{agreement.id}"
    whole = agreement.model_dump(mode="json", exclude_none=True)
    return {
        "@context": _CONTEXT,
        "@type": "odrl:Agreement",
        "@id": name,
        "odrl:uid": {"@id": name},
        "odrl:profile": {"@id": PROFILE},
        "odrl:conflict": {"@id": "odrl:prohibit"},
        "wp:hash": agreement_hash(agreement),
        **{key: whole[own] for own, key in _WHOLE_KEYS.items() if own in whole},
        **{key: {"@type": "xsd:date", "@value": whole[own]} for own, key in _DATES.items()},
        "dpv:hasPurpose": _listed(_word("purpose", each) for each in agreement.purposes),
        "wp:parties": _listed(_party_out(each, terms) for each in agreement.parties),
        "odrl:permission": [
            _permission(name, place, each) for place, each in enumerate(agreement.clauses)
        ],
        "odrl:prohibition": [
            _prohibition(name, each) for each in agreement.clauses if not each.onward
        ],
    }


def import_odrl(document: Mapping[str, Any]) -> Agreement:
    """Return the agreement that a document of this profile holds.

    The document is taken as `export_odrl` writes it: the order of its keys, permissions and
    prohibitions does not count.

    Raises:
        WholeplaceError: if it is of another profile, lacks something, says two things of one
            clause, or does not give the hash that it states.
    """
    try:
        profile = document["odrl:profile"]["@id"]
    except (KeyError, TypeError):
        profile = ""
    if profile != PROFILE:
        raise _refused("It is not of this profile.", f"Export it with profile {PROFILE}.")
    try:
        agreement = _read(document)
    except (KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
        if isinstance(error, ValidationError):
            where = ", ".join(str(part) for part in error.errors()[0]["loc"])
            raise _refused(f"`{where}` cannot be used.", "Correct the file.") from None
        raise _refused("Something in it is missing or misplaced.", "Export it again.") from None
    stated, found = document.get("wp:hash"), agreement_hash(agreement)
    if stated != found:
        raise _refused(
            "It does not give the hash that it states, so it was changed after it was written.",
            "Export it again from where it was signed.",
        )
    return agreement


def _read(document: Mapping[str, Any]) -> Agreement:
    barred = [_id(each["wp:clause"], "clause") for each in document["odrl:prohibition"]]
    permissions = sorted(document["odrl:permission"], key=lambda each: int(each["wp:place"]))
    whole = {own: document[key] for own, key in _WHOLE_KEYS.items() if key in document}
    dates = {own: document[key]["@value"] for own, key in _DATES.items()}
    clauses = [_clause_in(each, barred) for each in permissions]
    if len(set(barred)) != len(barred) or set(barred) - {each["id"] for each in clauses}:
        raise KeyError("wp:clause")
    return Agreement.model_validate(
        {
            **whole,
            **dates,
            "purposes": [_id(each, "purpose") for each in document["dpv:hasPurpose"]["@list"]],
            "parties": [_party_in(each) for each in document["wp:parties"]["@list"]],
            "clauses": clauses,
        }
    )


def _party_out(party: Party, terms: Terms | None) -> dict[str, Any]:
    whole = party.model_dump(mode="json", exclude_none=True)
    named = {"dct:title": terms.words("partner", party.partner)} if terms else {}
    return {
        **_word("partner", party.partner),
        "@type": ["odrl:Party", "dpv:DataController"],
        **named,
        **{key: whole[own] for own, key in _PARTY_KEYS.items() if own in whole},
        "wp:gateways": _listed(party.gateways),
    }


def _party_in(found: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "partner": _id(found, "partner"),
        "gateways": found["wp:gateways"]["@list"],
        **{own: found[key] for own, key in _PARTY_KEYS.items() if key in found},
    }


def _permission(name: str, place: int, clause: Clause) -> dict[str, Any]:
    days = {"@type": "xsd:duration", "@value": f"P{clause.retention_days}D"}
    return {
        "@type": "odrl:Permission",
        "@id": f"{name}:clause:{clause.id}",
        "dct:identifier": clause.id,
        "wp:place": place,
        "odrl:assigner": _word("partner", clause.source),
        "odrl:assignee": _word("partner", clause.recipient),
        "odrl:action": {"@id": _ACTIONS[clause.level]},
        "odrl:target": _listed(_word("field", each) for each in clause.fields),
        "odrl:constraint": [
            _constraint("odrl:purpose", "odrl:eq", _word("purpose", clause.purpose)),
            _constraint(
                "wp:role", "odrl:isAnyOf", _listed(_word("role", each) for each in clause.roles)
            ),
            _constraint("wp:consent", "odrl:eq", clause.consent),
            _constraint("wp:factors", "odrl:gteq", clause.needs_factors),
        ],
        "odrl:duty": {
            "@type": "odrl:Duty",
            "odrl:action": {"@id": "odrl:delete"},
            "odrl:constraint": [_constraint("odrl:delayPeriod", "odrl:lteq", days)],
        },
    }


def _prohibition(name: str, clause: Clause) -> dict[str, Any]:
    return {
        "@type": "odrl:Prohibition",
        "wp:clause": {"@id": f"{name}:clause:{clause.id}"},
        "odrl:assigner": _word("partner", clause.source),
        "odrl:assignee": _word("partner", clause.recipient),
        "odrl:action": {"@id": "odrl:distribute"},
        "odrl:target": _listed(_word("field", each) for each in clause.fields),
    }


def _clause_in(found: Mapping[str, Any], barred: Iterable[str]) -> dict[str, Any]:
    rules = {each["odrl:leftOperand"]["@id"]: each for each in found["odrl:constraint"]}
    actions = {action: level for level, action in _ACTIONS.items()}
    (kept,) = found["odrl:duty"]["odrl:constraint"]
    duration = _DURATION.match(kept["odrl:rightOperand"]["@value"])
    if duration is None:
        raise KeyError("odrl:delayPeriod")
    if len(rules) != len(found["odrl:constraint"]) or len(rules) != 4:
        raise KeyError("odrl:constraint")
    roles = rules["wp:role"]["odrl:rightOperand"]["@list"]
    return {
        "id": found["dct:identifier"],
        "source": _id(found["odrl:assigner"], "partner"),
        "recipient": _id(found["odrl:assignee"], "partner"),
        "roles": [_id(each, "role") for each in roles],
        "purpose": _id(rules["odrl:purpose"]["odrl:rightOperand"], "purpose"),
        "fields": [_id(each, "field") for each in found["odrl:target"]["@list"]],
        "level": actions[found["odrl:action"]["@id"]],
        "consent": rules["wp:consent"]["odrl:rightOperand"],
        "needs_factors": rules["wp:factors"]["odrl:rightOperand"],
        "retention_days": int(duration[1]),
        "onward": found["dct:identifier"] not in barred,
    }


def _constraint(left: str, operator: str, right: Any) -> dict[str, Any]:
    return {
        "@type": "odrl:Constraint",
        "odrl:leftOperand": {"@id": left},
        "odrl:operator": {"@id": operator},
        "odrl:rightOperand": right,
    }


def _word(kind: str, name: str) -> dict[str, Any]:
    return {"@id": _EVERYBODY if name == ALL_PARTIES else f"wp:{kind}:{name}"}


def _id(found: Mapping[str, Any], kind: str) -> str:
    name = str(found["@id"])
    if name == _EVERYBODY:
        return ALL_PARTIES
    # A clause's own address ends in its id; every other word stands under this profile's.
    head, has, tail = (
        name.rpartition(":clause:") if kind == "clause" else name.partition(f"{kind}:")
    )
    if not has or (kind != "clause" and head != "wp:"):
        raise KeyError(name)
    return tail


def _listed(values: Iterable[Any]) -> dict[str, list[Any]]:
    return {"@list": list(values)}


def _refused(why: str, mend: str) -> WholeplaceError:
    return WholeplaceError("The agreement was not read.", why, mend)
