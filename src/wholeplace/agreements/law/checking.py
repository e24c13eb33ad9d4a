"""Whether the parties of an agreement can use the powers that they name, clause by clause.

A party's own faults (a power that its kind of organisation does not have, that is not in force,
that its lawful basis does not fit) stand at the party; a clause that no power of its source
carries stands at the clause, with the nearest power's reason.
"""

from collections.abc import Iterator, Sequence

from wholeplace.agreements.law.reading import Gateway, Law, load_law
from wholeplace.agreements.texts.agreement import Agreement, Clause, Party
from wholeplace.agreements.texts.terms import ALL_PARTIES, Terms
from wholeplace.agreements.texts.wording import and_list, in_sentence
from wholeplace.partnership.texts import Marks
from wholeplace.partnership.wording import suggest_word

__all__ = ["law_faults"]

Found = tuple[Marks, str, str, str]


def law_faults(agreement: Agreement, terms: Terms, law: Law | None = None) -> Iterator[Found]:
    """Yield (path, what is wrong, what was expected, how to mend it) of an agreement's law.

    Args:
        agreement: as read from its file.
        terms: the place's words; `kinds` says what sort of body each partner is.
        law: the gateways; those that ship with Wholeplace when None.
    """
    law = law or load_law()
    for index, party in enumerate(agreement.parties):
        yield from _of_party(agreement, party, ("parties", index), terms, law)
    for index, clause in enumerate(agreement.clauses):
        yield from _of_clause(agreement, clause, ("clauses", index), terms, law)


def _of_party(
    agreement: Agreement, party: Party, here: Marks, terms: Terms, law: Law
) -> Iterator[Found]:
    kind = terms.kinds.get(party.partner, "")
    is_public = kind in law.public_kinds
    if is_public and not party.gateways:
        what = f"{party.partner} is a public body and names no legal gateway"
        mend = "add `gateways: [id]`; docs/reference/legal-gateways.md lists them"
        yield here, what, "the power or duty by which it shares", mend
    if is_public and party.lawful_basis in ("6(1)(f)", "6(1)(ea)"):
        what = f"{party.partner} is a public body, so {party.lawful_basis} does not fit its tasks"
        mend = "name 6(1)(e), a task in the public interest, or 6(1)(c), a legal obligation"
        yield (*here, "lawful_basis"), what, "6(1)(c) or 6(1)(e)", mend
    begins_on = law.recognised_interest_from
    if party.lawful_basis == "6(1)(ea)" and agreement.starts_on < begins_on:
        what = f"6(1)(ea) is in force from {begins_on}, after this agreement starts"
        yield (*here, "lawful_basis"), what, f"a start on {begins_on} or later", "or another basis"
    if party.acting_for and party.acting_for not in {each.partner for each in agreement.parties}:
        what = f"{party.partner} acts for {party.acting_for}, which is not a party"
        yield (*here, "acting_for"), what, "a partner that signs this agreement", "add it"
    found = []
    for place, name in enumerate(party.gateways):
        gateway, at = law.gateways.get(name), (*here, "gateways", place)
        if gateway is None:
            what = f"there is no legal gateway “{name}”"
            yield at, what, "an id of law/gateways.yaml", suggest_word(name, law.gateways)
            continue
        found.append(gateway)
        if gateway.is_verified:
            yield from _of_gateway(agreement, party, gateway, at, terms)
        yield from _of_words(party, gateway, at)
    yield from _of_basis(party, found, here)


def _of_words(party: Party, gateway: Gateway, at: Marks) -> Iterator[Found]:
    """Hold the words that are signed to the power that is checked."""
    if gateway.id != "own-objects" and gateway.statute not in party.legal_power:
        what = f"legal_power does not name the {gateway.statute}, which gateways does"
        mend = "the words are what is signed: name the same law in both"
        yield at, what, f"words with “{gateway.statute}”", mend


def _of_gateway(
    agreement: Agreement, party: Party, gateway: Gateway, at: Marks, terms: Terms
) -> Iterator[Found]:
    if not gateway.is_in_force(agreement.starts_on, agreement.ends_on):
        from_on = gateway.in_force_from
        since = f"it is in force from {from_on}" if from_on else "it is not known to be in force"
        what = f"{gateway.citation} is not in force while this agreement runs: {since}"
        mend = "change the dates, or name another power"
        yield at, what, f"in force from {agreement.starts_on} to {agreement.ends_on}", mend
    kind = _kind_of(agreement, party.partner, gateway, terms)
    discloses = any(each.source == party.partner for each in _shared(agreement))
    may = gateway.lets_disclose(kind) or (not discloses and gateway.lets_receive(kind))
    if not may:
        what = f"{party.partner} is not a body that may rely on {gateway.citation}"
        expected = f"one of: {_kinds(gateway.may_disclose)}"
        mend = "name another power"
        if gateway.for_others:
            mend = "name the body that it provides a service to as `acting_for`, or another power"
        yield at, what, expected, mend
    kinds = {terms.kinds.get(each.partner, "") for each in agreement.parties}
    if gateway.arranged_by and not kinds & set(gateway.arranged_by):
        what = f"{gateway.citation} needs an arrangement or request of a body that is no party"
        expected = f"a party that is one of: {_kinds(gateway.arranged_by)}"
        yield at, what, expected, "add it to parties, or name another power"


def _of_basis(party: Party, gateways: Sequence[Gateway], here: Marks) -> Iterator[Found]:
    if not gateways or not all(each.is_verified for each in gateways):
        return
    bases = sorted({basis for each in gateways for basis in each.bases})
    if party.lawful_basis not in bases:
        what = f"{party.lawful_basis} does not fit {and_list(each.citation for each in gateways)}"
        mend = "a power is not an obligation, and a statutory task does not rest on consent"
        yield (*here, "lawful_basis"), what, f"one of: {', '.join(bases)}", mend


def _of_clause(
    agreement: Agreement, clause: Clause, here: Marks, terms: Terms, law: Law
) -> Iterator[Found]:
    if clause not in _shared(agreement):
        return
    parties = {each.partner: each for each in agreement.parties}
    source = parties.get(clause.source)
    if source is not None:
        yield from _of_source(agreement, source, clause, here, terms, law)
    for name in _recipients(agreement, clause):
        named = _named(parties[name], law)
        if named and not any(clause.purpose in each.purposes for each in named):
            purpose = in_sentence(terms.words("purpose", clause.purpose))
            powers = and_list(each.citation for each in named)
            what = f"{name} cannot use it for {purpose}: that is outside {powers}"
            mend = f"add a power to the party {name}, or take the clause out"
            yield (*here, "purpose"), what, "a purpose that the recipient's powers serve", mend


def _of_source(
    agreement: Agreement, source: Party, clause: Clause, here: Marks, terms: Terms, law: Law
) -> Iterator[Found]:
    named = _named(source, law)
    for recipient in _recipients(agreement, clause) if named else ():
        lacks = [_lack(agreement, clause, each, source, recipient, terms) for each in named]
        if all(lack is not None for lack in lacks):
            # The power that comes nearest, so that the fault says the least that must change.
            key, what, expected, mend = max(
                (lack for lack in lacks if lack is not None), key=lambda each: _NEAR[each[0]]
            )
            yield (*here, key), what, expected, mend


_NEAR = {"purpose": 0, "source": 1, "recipient": 2, "consent": 3, "needs_factors": 4}


def _lack(
    agreement: Agreement,
    clause: Clause,
    gateway: Gateway,
    source: Party,
    recipient: str,
    terms: Terms,
) -> tuple[str, str, str, str] | None:
    """Return what keeps a power from carrying a clause: key, what, expected, mend; or None."""
    name = gateway.citation
    if clause.purpose not in gateway.purposes:
        purpose = in_sentence(terms.words("purpose", clause.purpose))
        served = and_list(in_sentence(terms.words("purpose", each)) for each in gateway.purposes)
        what = f"{source.partner} cannot share it for {purpose}: that is outside {name}"
        return "purpose", what, f"a purpose that it serves: {served}", "or name another power"
    if not gateway.lets_disclose(_kind_of(agreement, source.partner, gateway, terms)):
        what = f"{source.partner} is not a body that may share by {name}"
        expected = f"one of: {_kinds(gateway.may_disclose)}"
        return "source", what, expected, "name another power at the party"
    if not gateway.lets_receive(_kind_of(agreement, recipient, gateway, terms)):
        what = f"{name} does not let it be shared with {recipient}"
        expected = f"a recipient that is one of: {_kinds(gateway.may_receive)}"
        return "recipient", what, expected, f"name another power at the party {source.partner}"
    if gateway.consent and clause.consent != "required":
        what = f"{name} may be used only with the person's consent, which the clause does not ask"
        return "consent", what, "required", "write `consent: required`, or name another power"
    least = gateway.factors_for(clause.purpose)
    if clause.needs_factors < least:
        what = f"{name} reaches only households with {least} or more of the thirteen factors"
        mend = f"write `needs_factors: {least}`, or name another power"
        return "needs_factors", what, f"{least} or more", mend
    return None


def _named(party: Party, law: Law) -> list[Gateway]:
    """Return a party's powers; none where any of them is not known or not verified."""
    found = [law.gateways.get(each) for each in party.gateways]
    if any(each is None or not each.is_verified for each in found):
        return []
    return [each for each in found if each is not None]


def _shared(agreement: Agreement) -> tuple[Clause, ...]:
    """Return the clauses by which something passes: one's own use needs no power to share."""
    return tuple(each for each in agreement.clauses if each.source != each.recipient)


def _recipients(agreement: Agreement, clause: Clause) -> tuple[str, ...]:
    names = [each.partner for each in agreement.parties if each.partner != clause.source]
    return tuple(names if clause.recipient == ALL_PARTIES else set(names) & {clause.recipient})


def _kind_of(agreement: Agreement, partner: str, gateway: Gateway, terms: Terms) -> str:
    """Return a partner's kind, or that of the body it acts for where the power reaches so far."""
    party = next((each for each in agreement.parties if each.partner == partner), None)
    if gateway.for_others and party is not None and party.acting_for:
        partner = party.acting_for
    return terms.kinds.get(partner, "")


def _kinds(kinds: Sequence[str] | None) -> str:
    return ", ".join(kinds) if kinds else "any kind of organisation"
