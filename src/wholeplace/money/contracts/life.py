"""The life of a contract: written, frozen by somebody else, running, ended."""

from typing import Final

from wholeplace.foundation.lifecycle import Lifecycle, Step

__all__ = ["BUYING_ROLES", "CONTRACT_LIFE", "PAYMENT_LIFE", "SECOND", "WRITER", "contract_actors"]

WRITER: Final = "writer"
SECOND: Final = "second-person"
BUYING_ROLES: Final = frozenset({"commissioner", "finance-lead"})
_WRITER, _SECOND = frozenset({WRITER}), frozenset({SECOND})

CONTRACT_LIFE: Final = Lifecycle(
    name="contract",
    states={
        "draft": "Being written",
        "checking": "Waiting to be frozen",
        "frozen": "Frozen",
        "running": "Running",
        "ended": "Ended",
        "withdrawn": "Withdrawn",
    },
    first="draft",
    steps=(
        Step("change", ("draft",), "draft", _WRITER, "Change it", ("terms",)),
        Step("offer", ("draft",), "checking", _WRITER, "Ask a colleague to freeze it"),
        Step("return", ("checking",), "draft", _SECOND, "Send it back", ("words",)),
        Step(
            "freeze", ("checking",), "frozen", _SECOND, "Freeze cohort, metric and counterfactual"
        ),
        Step("begin", ("frozen",), "running", _WRITER | _SECOND, "Say that work has begun"),
        Step("end", ("running",), "ended", _WRITER | _SECOND, "End it", ("words",)),
        Step("withdraw", ("draft", "checking"), "withdrawn", _WRITER, "Withdraw it", ("words",)),
    ),
)
"""Nothing leads back from frozen to draft: another text is another contract."""

PAYMENT_LIFE: Final = Lifecycle(
    name="payment",
    states={
        "computed": "Waiting for a second person",
        "approved": "Approved",
        "refused": "Refused",
    },
    first="computed",
    steps=(
        Step("approve", ("computed",), "approved", _SECOND, "Approve the payment"),
        Step("refuse", ("computed",), "refused", _SECOND, "Refuse it", ("words",)),
    ),
)


def contract_actors(
    user_id: str, organisation: str, role: str, *, written_by: str, of: str
) -> frozenset[str]:
    """Return what a user is to a contract or a payment: its writer, a second person, or nobody.

    Args:
        user_id: of whoever acts.
        organisation: theirs.
        role: in which they act.
        written_by: user id of whoever wrote or computed it.
        of: organisation that buys.
    """
    if role not in BUYING_ROLES or organisation != of:
        return frozenset()
    return _WRITER if user_id == written_by else _SECOND
