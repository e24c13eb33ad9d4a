"""The life of a business case: drafted by one person, agreed by another."""

from wholeplace.foundation.lifecycle import Lifecycle, Step

__all__ = ["CASE_LIFE", "case_actors"]

_WRITER, _DECIDER = "writer", "second-person"

CASE_LIFE = Lifecycle(
    "business case",
    {
        "draft": "Draft",
        "offered": "Waiting for a decision",
        "agreed": "Agreed",
        "withdrawn": "Withdrawn",
    },
    "draft",
    (
        Step("offer", ("draft",), "offered", frozenset({_WRITER}), "Ask for a decision"),
        Step("agree", ("offered",), "agreed", frozenset({_DECIDER}), "Agree the case"),
        Step(
            "return", ("offered",), "draft", frozenset({_DECIDER}), "Send back with a question",
            ("words",),
        ),
        Step(
            "reopen", ("agreed",), "draft", frozenset({_WRITER}),
            "Work on it again", ("words",),
        ),
        Step(
            "withdraw", ("draft", "offered"), "withdrawn", frozenset({_WRITER}), "Withdraw",
            ("words",),
        ),
        Step("restore", ("withdrawn",), "draft", frozenset({_WRITER}), "Take it up again"),
    ),
)  # fmt: skip
"""Draft, decided on, agreed. Who asked for a decision never makes it."""


def case_actors(user_id: str, role: str, offered_by: str) -> frozenset[str]:
    """Return what somebody is to a case: those who work on it, and those who may decide on it.

    Args:
        user_id: of whoever asks.
        role: their acting role.
        offered_by: who asked for the decision; empty where nobody did.
    """
    found = set()
    if role in ("finance-lead", "commissioner", "programme-lead"):
        found.add(_WRITER)
    if role in ("commissioner", "board-member", "finance-lead") and user_id != offered_by:
        found.add(_DECIDER)
    return frozenset(found)
