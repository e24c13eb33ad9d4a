"""Agreements: the text that is signed is the rule that runs.

Enters: agreement files, signatures and suspensions, subject flags, reasons, sealed items.
Leaves: hashes and plain-English texts to sign; whether each agreement is in force, and why
not; rules; decisions with their clauses, blocks and near-misses; explanations; and, through the
one gateway, text at the level decided.

    agreement, text, signing     what is signed
    reading, checking            from files, with every fault at its line
    records, memory              signatures, suspensions and the audit trail
    standing, rules, rulebook    in force today; compiled; compiled again when that changes
    life, drafting, comparison   from draft to end, as a table; a text being written; two texts
    preview, deadlines           who gains and loses sight; what ends or is due for review soon
    counting                     what may be counted for whom
    flags, statements            which flag holds where two meet; flags that people state
    retention                    for how long what is covered may be kept
    request, decision            who asks, why, about whom; how much they may see
    reasons, reviewing           why one may look, who works with whom; judged afterwards
    information_request          a question to one partner, and what an answer may say
    working_days                 of England and Wales
    explanation, matrix          the same in words; partner by partner
    gateway, cut, sight          decide, write the audit event, then open and cut down
    account, withholding         what the trail tells a resident, and what is left out
    telling, sharing, fhir       the same in plain words; what is shared; as FHIR resources
    clause_use                   which clauses are used, refused and never used

Promises: nobody's data moves on an agreement that they did not sign; nothing is opened before
the event that names it is committed; taking a clause away or adding a block never shows more;
a sealed person cannot be told from no record. Law: UK GDPR Articles 5(1)(b), (c), (f), 5(2), 6,
9, 10, 18, 21, 25; Data Protection Act 2018 sections 10 and 11 and Schedule 1; ICO data sharing
code of practice; National Data Opt-out policy.
"""

from wholeplace.agreements.agreement import Agreement, Clause, Level, Party
from wholeplace.agreements.checking import check_agreement, check_agreements
from wholeplace.agreements.comparison import Comparison, compare_agreements
from wholeplace.agreements.counting import (
    HOME,
    PLANNING,
    CountableFact,
    countable_facts,
    counting_clauses,
    counting_roles,
)
from wholeplace.agreements.deadlines import Deadline, find_deadlines
from wholeplace.agreements.decision import Decision, NearMiss, decide, decide_page, lowest_of
from wholeplace.agreements.dpia import Dpia, dpia_faults, dpia_state, read_dpias
from wholeplace.agreements.drafting import DraftFault, check_draft
from wholeplace.agreements.explanation import Explanation, explain
from wholeplace.agreements.flags import Flag, strictest_flags, strictness
from wholeplace.agreements.gateway import Refusal, Revealed, SeenItem, SeenPerson, reveal
from wholeplace.agreements.life import LIFE, LifeFacts, LifeState, check_step, life_state, offers
from wholeplace.agreements.matrix import MatrixCell, sharing_matrix
from wholeplace.agreements.memory import MemoryAuditTrail, MemoryFlagStatements, MemorySignOffs
from wholeplace.agreements.preview import Preview, preview_agreement, preview_day
from wholeplace.agreements.reading import read_agreement, read_agreements
from wholeplace.agreements.reasons import Relationship, break_the_glass
from wholeplace.agreements.records import (
    AuditTrail,
    AuditUnavailableError,
    FlagStatements,
    SignOff,
    SignOffs,
    Suspension,
    Termination,
)
from wholeplace.agreements.request import (
    Reason,
    Request,
    SealedItem,
    Subject,
    Viewer,
    open_duty_reason,
)
from wholeplace.agreements.retention import Keeping, find_keeping
from wholeplace.agreements.rulebook import RuleBook
from wholeplace.agreements.rules import BoundClause, Rules, compile_rules, kept_fields
from wholeplace.agreements.signing import agreement_hash
from wholeplace.agreements.standing import Standing, in_force, place_day, standings
from wholeplace.agreements.statements import (
    SCREEN,
    Anchor,
    Projection,
    Statement,
    hash_statements,
    project_statements,
    standing_statements,
)
from wholeplace.agreements.terms import FieldTerm, Terms, terms_of
from wholeplace.agreements.text import agreement_text, clause_text

__all__ = [
    "HOME",
    "LIFE",
    "PLANNING",
    "SCREEN",
    "Agreement",
    "Anchor",
    "AuditTrail",
    "AuditUnavailableError",
    "BoundClause",
    "Clause",
    "Comparison",
    "CountableFact",
    "Deadline",
    "Decision",
    "Dpia",
    "DraftFault",
    "Explanation",
    "FieldTerm",
    "Flag",
    "FlagStatements",
    "Keeping",
    "Level",
    "LifeFacts",
    "LifeState",
    "MatrixCell",
    "MemoryAuditTrail",
    "MemoryFlagStatements",
    "MemorySignOffs",
    "NearMiss",
    "Party",
    "Preview",
    "Projection",
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
    "Statement",
    "Subject",
    "Suspension",
    "Termination",
    "Terms",
    "Viewer",
    "agreement_hash",
    "agreement_text",
    "break_the_glass",
    "check_agreement",
    "check_agreements",
    "check_draft",
    "check_step",
    "clause_text",
    "compare_agreements",
    "compile_rules",
    "countable_facts",
    "counting_clauses",
    "counting_roles",
    "decide",
    "decide_page",
    "dpia_faults",
    "dpia_state",
    "explain",
    "find_deadlines",
    "find_keeping",
    "hash_statements",
    "in_force",
    "kept_fields",
    "life_state",
    "lowest_of",
    "offers",
    "open_duty_reason",
    "place_day",
    "preview_agreement",
    "preview_day",
    "project_statements",
    "read_agreement",
    "read_agreements",
    "read_dpias",
    "reveal",
    "sharing_matrix",
    "standing_statements",
    "standings",
    "strictest_flags",
    "strictness",
    "terms_of",
]
