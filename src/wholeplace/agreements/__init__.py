"""Agreements: the text that is signed is the rule that runs.

Enters: agreement files, signatures and suspensions, subject flags, reasons, sealed items.
Leaves: hashes and plain-English texts to sign; whether each agreement is in force, and why
not; rules; decisions with their clauses, blocks and near-misses; explanations; and, through the
one gateway, text at the level decided.

    texts       what is signed: parties and clauses, words, hash, plain English, ODRL
    law         powers to share as dated data, impact assessments, and what a text lacks
    drafting    a text that is being written, its faults, the Commissioner's forms
    subjects    who asks, about whom, why; flags, and statements that set them
    standing    signatures, suspensions and notices; in force or not; an agreement's life
    deciding    the compiled index: how much may be seen, counted and kept, and why
    reasons     what makes a sight right, its review; requests for information and for figures
    account     what the trail tells a resident, and how clauses are used
    gateway     decide, write the audit event, then open (`cut`, `sight`)
    figures     the reviewed numbers that all of these run on

Promises: nobody's data moves on an agreement that they did not sign; nothing is opened before
the event that names it is committed; taking a clause away or adding a block never shows more;
a sealed person cannot be told from no record. Law: UK GDPR Articles 5(1)(b), (c), (f), 5(2), 6,
9, 10, 18, 21, 25; Data Protection Act 2018 sections 10 and 11 and Schedule 1; ICO data sharing
code of practice; National Data Opt-out policy.
"""

from wholeplace.agreements.deciding.counting import (
    HOME,
    PLANNING,
    CountableFact,
    countable_facts,
    counting_clauses,
    counting_roles,
)
from wholeplace.agreements.deciding.decision import (
    Decision,
    NearMiss,
    decide,
    decide_page,
    lowest_of,
)
from wholeplace.agreements.deciding.explanation import Explanation, explain
from wholeplace.agreements.deciding.matrix import MatrixCell, sharing_matrix
from wholeplace.agreements.deciding.preview import Preview, preview_agreement, preview_day
from wholeplace.agreements.deciding.retention import Keeping, find_keeping
from wholeplace.agreements.deciding.rulebook import RuleBook
from wholeplace.agreements.deciding.rules import BoundClause, Rules, compile_rules, kept_fields
from wholeplace.agreements.drafting.checking import check_agreement, check_agreements
from wholeplace.agreements.drafting.draft import DraftFault, check_draft
from wholeplace.agreements.gateway import Refusal, Revealed, SeenItem, SeenPerson, reveal
from wholeplace.agreements.law.dpia import Dpia, dpia_faults, dpia_state, read_dpias
from wholeplace.agreements.reasons.opening import Relationship, break_the_glass
from wholeplace.agreements.standing.deadlines import Deadline, find_deadlines
from wholeplace.agreements.standing.life import (
    LIFE,
    LifeFacts,
    LifeState,
    check_step,
    life_state,
    offers,
)
from wholeplace.agreements.standing.memory import (
    MemoryAuditTrail,
    MemoryFlagStatements,
    MemorySignOffs,
)
from wholeplace.agreements.standing.records import (
    AuditTrail,
    AuditUnavailableError,
    FlagStatements,
    SignOff,
    SignOffs,
    Suspension,
    Termination,
)
from wholeplace.agreements.standing.standings import Standing, in_force, place_day, standings
from wholeplace.agreements.subjects.flags import Flag, strictest_flags, strictness
from wholeplace.agreements.subjects.request import (
    Reason,
    Request,
    SealedItem,
    Subject,
    Viewer,
    open_duty_reason,
)
from wholeplace.agreements.subjects.statements import (
    SCREEN,
    Anchor,
    Projection,
    Statement,
    hash_statements,
    project_statements,
    standing_statements,
)
from wholeplace.agreements.texts.agreement import Agreement, Clause, Level, Party
from wholeplace.agreements.texts.comparison import Comparison, compare_agreements
from wholeplace.agreements.texts.reading import read_agreement, read_agreements
from wholeplace.agreements.texts.signing import agreement_hash
from wholeplace.agreements.texts.terms import FieldTerm, Terms, terms_of
from wholeplace.agreements.texts.wording import agreement_text, clause_text

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
