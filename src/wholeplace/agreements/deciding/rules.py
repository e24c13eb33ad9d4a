"""Agreements in force, compiled into one index that answers in a single look-up.

Keyed by (recipient, role, purpose, source, field); groups and `all-parties` are expanded.
Clauses that are not in force are kept too, apart, so that a refusal can say how near it was.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from wholeplace.agreements.figures import figures
from wholeplace.agreements.standing.records import SignOffs
from wholeplace.agreements.standing.standings import Standing, standings
from wholeplace.agreements.texts.agreement import Agreement, Clause, Level
from wholeplace.agreements.texts.terms import ALL_PARTIES, Terms
from wholeplace.foundation.canonical import content_hash
from wholeplace.foundation.errors import WholeplaceError

__all__ = ["BoundClause", "RuleKey", "Rules", "compile_rules", "kept_fields"]

OWN_DATA = "own-data"
"""What stands for a clause where an organisation's people see its own data."""

RuleKey = tuple[str, str, str, str, str]
"""Recipient, role, purpose, source, field."""


@dataclass(frozen=True)
class BoundClause:
    """A clause with its agreement and its groups expanded.

    Attributes:
        ref: `agreement/clause`, as decisions and the audit trail name it.
        recipients: partners that it gives sight to.
        fields: vocabulary fields that it covers.
    """

    ref: str
    agreement: Agreement
    clause: Clause
    recipients: tuple[str, ...]
    fields: tuple[str, ...]
    is_in_force: bool

    @property
    def level(self) -> Level:
        """The highest level that it gives."""
        return self.clause.level


@dataclass(frozen=True, eq=False)
class Rules:
    """The compiled index of one place on one day.

    Attributes:
        on: the day that it holds for, in the place's time zone.
        hash: stands in every decision; equal where the same texts are in force.
        index: clauses in force by their key, highest level first.
        nearby: every clause, in force or not, by (recipient, source, field).
        clauses: by ref.
        supplied: source to the fields that any clause of any agreement names of it.
        decisions: what has been decided already (see `decision.decide`).
    """

    on: dt.date
    hash: str
    terms: Terms
    standings: Mapping[str, Standing]
    agreements: Mapping[str, Agreement]
    clauses: Mapping[str, BoundClause]
    index: Mapping[RuleKey, tuple[BoundClause, ...]]
    nearby: Mapping[tuple[str, str, str], tuple[BoundClause, ...]]
    supplied: Mapping[str, tuple[str, ...]]
    decisions: dict[Any, Any] = field(default_factory=dict, repr=False)


def compile_rules(
    agreements: Sequence[Agreement],
    sign_offs: SignOffs,
    on: dt.date,
    terms: Terms,
    *,
    found: Mapping[str, Standing] | None = None,
) -> Rules:
    """Return the rules of a day: what is in force, expanded and indexed.

    A clause whose source or recipient is not a party, or whose purpose its agreement does not
    name, gives nothing: nobody's data moves on an agreement that they did not sign.

    Args:
        agreements: every agreement of the place, in force or not.
        sign_offs: signatures and suspensions.
        on: the place's own day.
        terms: the place's words.
        found: where the agreements stand on that day, if already worked out.

    Raises:
        WholeplaceError: if two agreements have one id.
    """
    by_id = {each.id: each for each in agreements}
    if len(by_id) != len(agreements):
        raise WholeplaceError(
            "Two agreements have the same id.",
            "Signatures could not be told apart.",
            "Give each file in agreements/ an id of its own.",
        )
    if found is None:
        found = standings(
            agreements, sign_offs, on, time_zone=terms.time_zone, names=terms.partners
        )
    bound = [
        clause
        for agreement in sorted(agreements, key=lambda each: each.id)
        for clause in _bind(agreement, terms, is_in_force=found[agreement.id].is_in_force)
    ]
    bound.sort(key=lambda each: (-each.level, each.ref))
    return Rules(
        on=on,
        hash=_rules_hash(found, by_id, terms),
        terms=terms,
        standings=found,
        agreements=by_id,
        clauses={each.ref: each for each in bound},
        index=_index(bound),
        nearby=_nearby(bound),
        supplied=_supplied(bound),
    )


def kept_fields(rules: Rules, partner: str) -> frozenset[str]:
    """Return the fields that intake may keep of a partner's: those a clause in force covers.

    Data minimisation, UK GDPR Article 5(1)(c): what nobody may use is not stored.
    """
    return frozenset(
        name
        for bound in rules.clauses.values()
        if bound.is_in_force and bound.clause.source == partner and bound.level > Level.NOTHING
        for name in bound.fields
    )


def _bind(agreement: Agreement, terms: Terms, *, is_in_force: bool) -> Iterable[BoundClause]:
    parties = {party.partner for party in agreement.parties}
    meant = _meant(agreement, terms)
    for clause in agreement.clauses:
        source = clause.source
        is_for_all = clause.recipient == ALL_PARTIES
        asked = parties - {source} if is_for_all else {clause.recipient}
        recipients = tuple(sorted(asked & parties))
        fields = tuple(sorted({name for word in clause.fields for name in meant[word]}))
        is_void = source not in parties or clause.purpose not in agreement.purposes
        if is_void or not recipients or not fields:
            continue
        ref = f"{agreement.id}/{clause.id}"
        yield BoundClause(ref, agreement, clause, recipients, fields, is_in_force)


def _meant(agreement: Agreement, terms: Terms) -> dict[str, tuple[str, ...]]:
    """Return each word that an agreement's clauses use to the fields that it means."""
    words = {word for clause in agreement.clauses for word in clause.fields}
    return {word: terms.expand(word, agreement.vocabulary) for word in sorted(words)}


def _index(bound: Iterable[BoundClause]) -> dict[RuleKey, tuple[BoundClause, ...]]:
    # Most keys have one clause: a tuple made anew is less to collect than a list for each.
    index: dict[RuleKey, tuple[BoundClause, ...]] = {}
    for each in bound:
        if not each.is_in_force:
            continue
        clause = each.clause
        for recipient in each.recipients:
            for role in clause.roles:
                for name in each.fields:
                    key = (recipient, role, clause.purpose, clause.source, name)
                    index[key] = (*index.get(key, ()), each)
    return index


def _nearby(
    bound: Iterable[BoundClause],
) -> dict[tuple[str, str, str], tuple[BoundClause, ...]]:
    nearby: dict[tuple[str, str, str], tuple[BoundClause, ...]] = {}
    for each in bound:
        for recipient in each.recipients:
            for name in each.fields:
                key = (recipient, each.clause.source, name)
                nearby[key] = (*nearby.get(key, ()), each)
    return nearby


def _supplied(bound: Iterable[BoundClause]) -> dict[str, tuple[str, ...]]:
    supplied: dict[str, set[str]] = {}
    for each in bound:
        supplied.setdefault(each.clause.source, set()).update(each.fields)
    return {source: tuple(sorted(names)) for source, names in supplied.items()}


def _rules_hash(
    found: Mapping[str, Standing], agreements: Mapping[str, Agreement], terms: Terms
) -> str:
    """Return a hash of all that decides: the texts in force, what they mean, the figures."""
    figure = figures()
    in_force = [key for key, each in found.items() if each.is_in_force]
    return content_hash(
        {
            "form": "wholeplace rules, form 3",
            "agreements": {key: found[key].hash for key in in_force},
            "fields": {key: _meant(agreements[key], terms) for key in in_force},
            "opt_out_purposes": figure.opt_out_purposes,
            "own_data": dict(figure.own_data),
        }
    )
