"""A resident's account and consents as HL7 FHIR R4 resources: AuditEvent and Consent.

For systems that keep a person's own copy. No value of anybody's record, no name of anybody who
looked, no name of the person: they stand by their pseudonym in the trail. Codes carry their
systems; this place's own words are in systems of their own.
Standard: HL7 FHIR R4 (4.0.1), AuditEvent and Consent; DICOM codes as its examples use them.
"""

import datetime as dt
import hashlib
from collections.abc import Iterable, Sequence
from typing import Any

from wholeplace.agreements.account.sightings import SIGHT, Sighting
from wholeplace.agreements.subjects.request import Flag
from wholeplace.agreements.texts.terms import Terms

__all__ = ["audit_event", "bundle", "consents"]

# Reserved names (RFC 2606): each deployment's terms mean what its own place folder says.
_SYSTEM = "https://wholeplace.example/fhir"
_DICOM = "http://dicom.nema.org/resources/ontology/DCM"
_RESTFUL = "http://hl7.org/fhir/restful-interaction"
_TERMINOLOGY = "http://terminology.hl7.org/CodeSystem"
_FLAGS = ("consent", "objection", "national-opt-out")


def audit_event(sighting: Sighting, pseudonym: str, host: str, terms: Terms) -> dict[str, Any]:
    """Return one sight of a person as an AuditEvent.

    Args:
        sighting: an entry of kind `sight`.
        pseudonym: what stands for the person in the whole export.
        host: partner that runs the system.
        terms: the place's words.

    Raises:
        ValueError: if the entry is no sight.
    """
    if sighting.kind != SIGHT:
        raise ValueError("only a sight is an AuditEvent of this export")
    is_search = sighting.page == "search"
    code, words = ("110112", "Query") if is_search else ("110110", "Patient Record")
    deed = "search" if is_search else "read"
    event: dict[str, Any] = {
        "resourceType": "AuditEvent",
        "id": _id("audit", pseudonym, sighting.seal or str(sighting.position)),
        "type": _coding(_DICOM, code, words),
        "subtype": [_coding(_RESTFUL, deed, deed)],
        "action": "E" if is_search else "R",
        "recorded": sighting.at.astimezone(dt.UTC).isoformat(timespec="milliseconds"),
        "outcome": "0" if sighting.seen or sighting.is_mixed else "4",
    }
    if not sighting.seen and not sighting.is_mixed:
        event["outcomeDesc"] = "Asked, and was shown nothing"
    if sighting.purpose:
        event["purposeOfEvent"] = [_concept("purpose", sighting.purpose, terms.words("purpose", sighting.purpose))]  # fmt: skip
    event["agent"] = [_agent(sighting, terms)]
    event["source"] = {
        "observer": _organisation(host, terms),
        "type": [_coding(f"{_TERMINOLOGY}/security-source-type", "4", "Application Server")],
    }
    event["entity"] = [_entity(sighting, pseudonym)]
    return event


def consents(flags: Iterable[Flag], pseudonym: str, terms: Terms) -> list[dict[str, Any]]:
    """Return what a person stated as Consents: an agreement permits; a refusal or objection denies.

    What is not known, and an objection or opt-out that is not made, is no statement, so it gives
    no resource.
    """
    found = []
    for flag in flags:
        if flag.flag not in _FLAGS or flag.value == "unknown":
            continue
        if flag.flag != "consent" and flag.value == "no":
            continue
        is_permit = flag.flag == "consent" and flag.value == "yes"
        found.append(_consent(flag, pseudonym, terms, is_permit=is_permit))
    return sorted(found, key=lambda each: str(each["id"]))


def bundle(resources: Sequence[dict[str, Any]], at: dt.datetime) -> dict[str, Any]:
    """Return resources as one Bundle of type collection."""
    return {
        "resourceType": "Bundle",
        "type": "collection",
        "timestamp": at.astimezone(dt.UTC).isoformat(timespec="seconds"),
        "entry": [
            {"fullUrl": f"{_SYSTEM}/{each['resourceType']}/{each['id']}", "resource": each}
            for each in resources
        ],
    }


def _consent(flag: Flag, pseudonym: str, terms: Terms, *, is_permit: bool) -> dict[str, Any]:
    provision: dict[str, Any] = {"type": "permit" if is_permit else "deny"}
    if flag.purpose:
        words = terms.words("purpose", flag.purpose)
        provision["purpose"] = [_coding(f"{_SYSTEM}/CodeSystem/purpose", flag.purpose, words)]
    consent: dict[str, Any] = {
        "resourceType": "Consent",
        "id": _id("consent", pseudonym, flag.flag, flag.purpose, flag.partner),
        "status": "active",
        "scope": {"coding": [_coding(f"{_TERMINOLOGY}/consentscope", "patient-privacy", "Privacy Consent")]},
        "category": [
            {"coding": [_coding(f"{_TERMINOLOGY}/v3-ActCode", "INFA", "information access")]},
            _concept("statement", flag.flag, flag.flag.replace("-", " ")),
        ],
        "patient": _person(pseudonym),
        # Either a policy or a policy rule must stand (ppc-1).
        "policyRule": _concept("policy", "uk-gdpr", "UK GDPR and the place's agreements"),
        "provision": provision,
    }  # fmt: skip
    if flag.partner:
        consent["organization"] = [_organisation(flag.partner, terms)]
    return consent


def _agent(sighting: Sighting, terms: Terms) -> dict[str, Any]:
    agent: dict[str, Any] = {"requestor": True}
    if sighting.organisation:
        agent["who"] = _organisation(sighting.organisation, terms)
    if sighting.role:
        agent["role"] = [_concept("role", sighting.role, terms.words("role", sighting.role))]
    if sighting.reason_kind:
        agent["purposeOfUse"] = [
            _concept("reason", sighting.reason_kind, sighting.reason_kind.replace("-", " "))
        ]
    return agent


def _entity(sighting: Sighting, pseudonym: str) -> dict[str, Any]:
    entity: dict[str, Any] = {
        "what": _person(pseudonym),
        "type": _coding(f"{_TERMINOLOGY}/audit-entity-type", "1", "Person"),
        "role": _coding(f"{_TERMINOLOGY}/object-role", "1", "Patient"),
    }
    detail = [
        {
            "type": f"{each.partner} {each.field} {each.level}",
            "valueString": " ".join(each.clauses) or "-",
        }
        for each in sighting.seen
        # By which field somebody is known tells what is held; the sight told only that they are.
        if each.level != "existence"
    ]
    known = {each.partner for each in sighting.seen if each.level == "existence"}
    detail += [{"type": f"{each} existence", "valueString": "known to"} for each in sorted(known)]
    if detail:
        entity["detail"] = detail
    return entity


def _person(pseudonym: str) -> dict[str, Any]:
    return {"type": "Patient", "identifier": {"system": f"{_SYSTEM}/subject", "value": pseudonym}}


def _organisation(partner: str, terms: Terms) -> dict[str, Any]:
    return {
        "type": "Organization",
        "identifier": {"system": f"{_SYSTEM}/partner", "value": partner},
        "display": terms.words("partner", partner),
    }


def _concept(kind: str, code: str, words: str) -> dict[str, Any]:
    return {"coding": [_coding(f"{_SYSTEM}/CodeSystem/{kind}", code, words)], "text": words}


def _coding(system: str, code: str, display: str) -> dict[str, Any]:
    return {"system": system, "code": code, "display": display}


def _id(*parts: str) -> str:
    """Return an id that tells nothing, not even the order: 64 hexadecimal digits."""
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()
