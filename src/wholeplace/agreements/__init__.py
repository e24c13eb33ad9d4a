"""Agreements: the text that is signed is the rule that runs.

Enters: agreement files, signatures and suspensions, subject flags, reasons, sealed items.
Leaves: hashes and plain-English texts to sign; whether each agreement is in force, and why
not; rules; decisions with their clauses, blocks and near-misses; explanations; and, through the
one gateway, text at the level decided.

    agreement, text, signing     what is signed
    reading, checking            from files, with every fault at its line
    records, memory              signatures, suspensions and the audit trail
    standing, rules, rulebook    in force today; compiled; compiled again when that changes
    counting                     what may be counted for whom
    request, decision            who asks, why, about whom; how much they may see
    reasons, reviewing           why one may look, who works with whom; judged afterwards
    information_request          a question to one partner, and what an answer may say
    working_days                 of England and Wales
    explanation, matrix          the same in words; partner by partner
    gateway, cut, sight          decide, write the audit event, then open and cut down

Promises: nobody's data moves on an agreement that they did not sign; nothing is opened before
the event that names it is committed; taking a clause away or adding a block never shows more;
a sealed person cannot be told from no record. Law: UK GDPR Articles 5(1)(b), (c), (f), 5(2), 6,
9, 10, 18, 21, 25; Data Protection Act 2018 sections 10 and 11 and Schedule 1; ICO data sharing
code of practice; National Data Opt-out policy.
"""

from wholeplace.agreements.agreement import Agreement, Clause, Level, Party
from wholeplace.agreements.checking import check_agreement, check_agreements
from wholeplace.agreements.counting import (
    HOME,
    PLANNING,
    CountableFact,
    countable_facts,
    counting_clauses,
    counting_roles,
)
from wholeplace.agreements.decision import Decision, NearMiss, decide, decide_page, lowest_of
from wholeplace.agreements.explanation import Explanation, explain
from wholeplace.agreements.gateway import Refusal, Revealed, SeenItem, SeenPerson, reveal
from wholeplace.agreements.matrix import MatrixCell, sharing_matrix
from wholeplace.agreements.memory import MemoryAuditTrail, MemorySignOffs
from wholeplace.agreements.reading import read_agreement, read_agreements
from wholeplace.agreements.reasons import Relationship, break_the_glass
from wholeplace.agreements.records import (
    AuditTrail,
    AuditUnavailableError,
    SignOff,
    SignOffs,
    Suspension,
)
from wholeplace.agreements.request import (
    Flag,
    Reason,
    Request,
    SealedItem,
    Subject,
    Viewer,
    open_duty_reason,
)
from wholeplace.agreements.rulebook import RuleBook
from wholeplace.agreements.rules import BoundClause, Rules, compile_rules, kept_fields
from wholeplace.agreements.signing import agreement_hash
from wholeplace.agreements.standing import Standing, in_force, place_day, standings
from wholeplace.agreements.terms import FieldTerm, Terms, terms_of
from wholeplace.agreements.text import agreement_text, clause_text

__all__ = [
    "HOME",
    "PLANNING",
    "Agreement",
    "AuditTrail",
    "AuditUnavailableError",
    "BoundClause",
    "Clause",
    "CountableFact",
    "Decision",
    "Explanation",
    "FieldTerm",
    "Flag",
    "Level",
    "MatrixCell",
    "MemoryAuditTrail",
    "MemorySignOffs",
    "NearMiss",
    "Party",
    "Reason",
    "Refusal",
    "Relationship",
    "Request",
    "Revealed",
    "RuleBook",
    "Rules",
    "SealedItem",
    "SeenItem",
    "SeenPerson",
    "SignOff",
    "SignOffs",
    "Standing",
    "Subject",
    "Suspension",
    "Terms",
    "Viewer",
    "agreement_hash",
    "agreement_text",
    "break_the_glass",
    "check_agreement",
    "check_agreements",
    "clause_text",
    "compile_rules",
    "countable_facts",
    "counting_clauses",
    "counting_roles",
    "decide",
    "decide_page",
    "explain",
    "in_force",
    "kept_fields",
    "lowest_of",
    "open_duty_reason",
    "place_day",
    "read_agreement",
    "read_agreements",
    "reveal",
    "sharing_matrix",
    "standings",
    "terms_of",
]
