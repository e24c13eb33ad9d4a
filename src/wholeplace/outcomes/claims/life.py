"""The life of a claim: checked, approved by somebody else, paid, audited, paid back."""

from typing import Final

from wholeplace.foundation.lifecycle import Lifecycle, Step

__all__ = ["AUDITOR", "CLAIMER", "CLAIM_LIFE", "CLAIM_ROLES", "SECOND", "claim_actors"]

CLAIMER: Final = "claimer"
SECOND: Final = "second-person"
AUDITOR: Final = "auditor"
CLAIM_ROLES: Final = frozenset({"programme-lead"})
APPROVING_ROLES: Final = frozenset({"finance-lead"})
AUDIT_ROLES: Final = frozenset({"auditor"})
_CLAIMER, _SECOND, _AUDITOR = frozenset({CLAIMER}), frozenset({SECOND}), frozenset({AUDITOR})

CLAIM_LIFE: Final = Lifecycle(
    name="claim",
    states={
        "claimed": "Waiting for approval",
        "approved": "Approved",
        "paid": "Paid",
        "refused": "Refused",
        "withdrawn": "Withdrawn",
        "wrong": "Found wrong by the auditor",
        "paid-back": "Paid back",
    },
    first="claimed",
    steps=(
        Step("approve", ("claimed",), "approved", _SECOND, "Approve the claim"),
        Step("refuse", ("claimed",), "refused", _SECOND, "Refuse it", ("words",)),
        Step("withdraw", ("claimed",), "withdrawn", _CLAIMER, "Withdraw it"),
        Step("pay", ("approved",), "paid", _SECOND, "Say that it was paid"),
        Step("find-right", ("paid",), "paid", _AUDITOR, "Find it right", ("words",)),
        Step("find-wrong", ("paid",), "wrong", _AUDITOR, "Find it wrong", ("words",)),
        Step("pay-back", ("wrong",), "paid-back", _SECOND, "Say that it was paid back"),
    ),
)


def claim_actors(
    user_id: str, organisation: str, role: str, *, claimed_by: str, of: str
) -> frozenset[str]:
    """Return what a user is to a claim; whoever claimed it neither approves nor audits it."""
    if organisation != of:
        return frozenset()
    if user_id == claimed_by:
        return _CLAIMER if role in CLAIM_ROLES else frozenset()
    if role in APPROVING_ROLES:
        return _SECOND
    if role in AUDIT_ROLES:
        return _AUDITOR
    return _CLAIMER if role in CLAIM_ROLES else frozenset()
