"""What is wrong with an agreement's file, all at once, each fault at its line.

Beyond the shape: that every word exists here, that the law which the clauses need is named,
that the dates are in order, and that no clause gives nothing by mistake.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from wholeplace.agreements.law.checking import law_faults
from wholeplace.agreements.law.dpia import check_dpia
from wholeplace.agreements.texts.agreement import Agreement, Clause, Level, Party
from wholeplace.agreements.texts.terms import ALL_PARTIES, Terms, terms_of
from wholeplace.foundation.errors import Fault
from wholeplace.partnership.draft import PlaceDraft
from wholeplace.partnership.texts import MarkedText, Marks
from wholeplace.partnership.vocabulary import load_vocabulary
from wholeplace.partnership.wording import read_definition, suggest_word

__all__ = ["check_agreement", "check_agreements"]

Found = tuple[Marks, str, str, str]

_ARTICLE_6 = re.compile(r"^6\(1\)\((ea|[a-f])\)$")
_ARTICLE_9 = re.compile(r"^9\(2\)\([a-j]\)$")
_SLUG = re.compile(r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$")
# Article 9(2) conditions that the Data Protection Act 2018, section 10(2) and (3), makes
# depend on a Schedule 1 condition.
_NEEDS_SCHEDULE_1 = {"9(2)(b)", "9(2)(g)", "9(2)(h)", "9(2)(i)", "9(2)(j)"}


def check_agreements(draft: PlaceDraft) -> list[Fault]:
    """Return every fault of a place folder's agreements: a checker for `check_place`."""
    partners = dict.fromkeys(draft.partner_ids) | {
        each.id: each.name for each in draft.partners.values()
    }
    terms = replace(
        terms_of(load_vocabulary()),
        partners={key: name or key for key, name in partners.items()},
        kinds={each.id: each.kind for each in draft.partners.values()},
    )
    faults = [fault for text in draft.agreements for fault in check_agreement(text, terms)]
    files: dict[str, str] = {}
    for text in draft.agreements:
        name = str(text.data.get("id"))
        first = files.setdefault(name, text.file)
        if first != text.file:
            what = f"the id “{name}” is already that of {first}"
            faults.append(text.fault(("id",), what, "an id of its own", "rename one of the two"))
    return sorted([*faults, *_of_dpias(draft)])


def _of_dpias(draft: PlaceDraft) -> Iterator[Fault]:
    """Name faults of the assessments; a place that keeps some here must keep all."""
    for text in draft.dpias:
        yield from check_dpia(text)
    refs = [str(text.data.get("ref")) for text in draft.dpias]
    for text in draft.agreements if refs else ():
        named = text.data.get("dpia")
        if isinstance(named, str) and named.strip() and named not in refs:
            what = f"there is no impact assessment {named} in dpias/"
            yield text.fault(("dpia",), what, f"dpias/{named}.yaml", suggest_word(named, refs))


def check_agreement(text: MarkedText, terms: Terms) -> list[Fault]:
    """Return every fault of one agreement's file."""
    agreement, faults = read_definition(Agreement, text)
    if agreement is None:
        return sorted(faults)
    found = [
        *_of_whole(agreement, text.file),
        *_of_vocabulary(agreement, terms),
        *_of_purposes(agreement, terms),
        *_of_parties(agreement, terms),
        *_of_clauses(agreement, terms),
        *law_faults(agreement, terms),
    ]
    return sorted(text.fault(*each) for each in found)


def _of_whole(agreement: Agreement, file: str) -> Iterator[Found]:
    if not _SLUG.match(agreement.id):
        yield ("id",), f"“{agreement.id}” is not an id", "small letters, digits, hyphens", ""
    stem = file.rpartition("/")[2].rpartition(".")[0]
    if stem != agreement.id:
        mend = f"rename the file to {agreement.id}.yaml, or change the id"
        yield ("id",), "the id is not the file's name", f"“{stem}”", mend
    if agreement.ends_on < agreement.starts_on:
        yield ("ends_on",), "it ends before it starts", f"{agreement.starts_on} or later", ""
    if not agreement.starts_on <= agreement.review_on <= agreement.ends_on:
        expected = f"a day from {agreement.starts_on} to {agreement.ends_on}"
        yield ("review_on",), "the review is not while it runs", expected, ""
    if not agreement.clauses:
        yield ("clauses",), "it has no clauses, so it lets nobody see anything", "one or more", ""
    if agreement.supersedes == agreement.id:
        yield ("supersedes",), "it replaces itself", "the id of an earlier agreement", ""
    for key in ("title", "version", "why", "dpia", "contact"):
        if not getattr(agreement, key).strip():
            yield (key,), f"{key} is empty", "words", ""


def _of_vocabulary(agreement: Agreement, terms: Terms) -> Iterator[Found]:
    if agreement.vocabulary > terms.version:
        what = f"there is no version {agreement.vocabulary} of the vocabulary"
        mend = f"write {terms.version}, or bring Wholeplace up to date"
        yield ("vocabulary",), what, f"{terms.version} or earlier", mend


def _of_purposes(agreement: Agreement, terms: Terms) -> Iterator[Found]:
    for index, purpose in enumerate(agreement.purposes):
        if purpose not in terms.purposes:
            yield _unknown(("purposes", index), "purpose", purpose, terms.purposes)


def _of_parties(agreement: Agreement, terms: Terms) -> Iterator[Found]:
    names = [party.partner for party in agreement.parties]
    if len(set(names)) < 2:
        yield ("parties",), "fewer than two parties", "every partner that gives or gets data", ""
    for index, party in enumerate(agreement.parties):
        here: Marks = ("parties", index)
        if names.index(party.partner) != index:
            yield (*here, "partner"), f"{party.partner} is a party twice", "each party once", ""
        if party.partner not in terms.partners:
            yield _unknown((*here, "partner"), "partner", party.partner, terms.partners)
        yield from _of_law(party, here)


def _of_law(party: Party, here: Marks) -> Iterator[Found]:
    if not _ARTICLE_6.match(party.lawful_basis):
        what = f"“{party.lawful_basis}” is not a lawful basis"
        mend = "such as 6(1)(e), a task in the public interest"
        yield (*here, "lawful_basis"), what, "UK GDPR Article 6(1)(a) to (f) or (ea)", mend
    if not party.legal_power.strip():
        yield (*here, "legal_power"), "no legal power is named", "a statute and section", ""
    condition = party.special_condition
    if condition is not None and not _ARTICLE_9.match(condition):
        what = f"“{condition}” is not a condition for special category data"
        expected = "UK GDPR Article 9(2)(a) to (j)"
        yield (*here, "special_condition"), what, expected, "such as 9(2)(h), health or social care"
    if condition in _NEEDS_SCHEDULE_1 and not party.schedule_1:
        what = f"Article {condition} needs a condition of Schedule 1"
        mend = "name the paragraph (Data Protection Act 2018, section 10)"
        yield here, what, "schedule_1", mend


def _of_clauses(agreement: Agreement, terms: Terms) -> Iterator[Found]:
    ids: set[str] = set()
    for index, clause in enumerate(agreement.clauses):
        here: Marks = ("clauses", index)
        if clause.id in ids:
            yield (*here, "id"), f"clause id “{clause.id}” is used twice", "unique ids", ""
        if not _SLUG.match(clause.id):
            what = f"“{clause.id}” is not a clause id"
            yield (*here, "id"), what, "small letters, digits, hyphens", "by-police-1"
        ids.add(clause.id)
        yield from _of_reach(agreement, clause, here, terms)
        yield from _of_fields(agreement, clause, here, terms)


def _of_reach(agreement: Agreement, clause: Clause, here: Marks, terms: Terms) -> Iterator[Found]:
    parties = {party.partner for party in agreement.parties}
    if clause.source not in parties:
        what = f"the source {clause.source} is not a party"
        yield (*here, "source"), what, "a partner that signs this agreement", "add it to parties"
    if clause.recipient not in parties | {ALL_PARTIES}:
        what = f"the recipient {clause.recipient} is not a party"
        expected = f"a partner that signs this agreement, or {ALL_PARTIES}"
        yield (*here, "recipient"), what, expected, "add it to parties"
    if not clause.roles:
        yield (*here, "roles"), "no role is named, so nobody may see it", "one or more roles", ""
    for index, role in enumerate(clause.roles):
        if role not in terms.roles:
            yield _unknown((*here, "roles", index), "role", role, terms.roles)
    if clause.purpose not in terms.purposes:
        yield _unknown((*here, "purpose"), "purpose", clause.purpose, terms.purposes)
    elif clause.purpose not in agreement.purposes:
        what = f"{clause.purpose} is not a purpose of this agreement"
        yield (*here, "purpose"), what, "one of its purposes", "add it to purposes"
    if clause.needs_factors and clause.purpose == "service-planning":
        what = "a count is about nobody, so no household's factors can be asked for"
        yield (*here, "needs_factors"), what, "no needs_factors for planning", "delete it"
    if clause.level == Level.NOTHING:
        what = "the level is nothing, so the clause gives no sight"
        yield (*here, "level"), what, "existence, summary or detail", "take the clause out"


def _of_fields(agreement: Agreement, clause: Clause, here: Marks, terms: Terms) -> Iterator[Found]:
    if not clause.fields:
        yield (*here, "fields"), "no field is named", "one or more fields or field groups", ""
    for index, name in enumerate(clause.fields):
        if not terms.expand(name):
            known = [*terms.groups, *terms.fields]
            yield _unknown((*here, "fields", index), "field or field group", name, known)
        elif not terms.expand(name, agreement.vocabulary):
            since = min(terms.fields[each].since for each in terms.expand(name))
            what = f"{name} is of version {since} of the vocabulary, later than this text"
            mend = f"write `vocabulary: {since}`: groups then mean that version's fields, so sign again"
            yield (*here, "fields", index), what, f"version {agreement.vocabulary} or earlier", mend
    special = sorted(
        name
        for word in clause.fields
        for name in terms.expand(word, agreement.vocabulary)
        if terms.fields[name].is_special
    )
    for party in _parties_of(agreement, clause):
        if special and not (party.special_condition or party.schedule_1):
            what = f"{special[0]} is special category or criminal offence data"
            expected = f"{party.partner} to name its special_condition or schedule_1"
            yield (*here, "fields"), what, expected, "name it, or take the field out of the clause"
        is_by_consent = party.lawful_basis == "6(1)(a)" or party.special_condition == "9(2)(a)"
        if is_by_consent and clause.consent != "required":
            what = f"{party.partner} relies on consent, but the clause does not require it"
            yield (*here, "consent"), what, "required", "or name another lawful basis"


def _parties_of(agreement: Agreement, clause: Clause) -> Iterator[Party]:
    """Yield both ends of a clause: the source discloses the data, the recipients use it."""
    for party in agreement.parties:
        is_recipient = clause.recipient in (ALL_PARTIES, party.partner)
        if is_recipient or party.partner == clause.source:
            yield party


def _unknown(path: Marks, kind: str, name: str, known: Iterable[str]) -> Found:
    return (
        path,
        f"there is no {kind} “{name}”",
        f"a {kind} of this place",
        suggest_word(name, known),
    )
