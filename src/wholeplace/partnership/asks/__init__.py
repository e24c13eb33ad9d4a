"""Asks and barriers: what a place needs from central government, and who must answer by when."""

from wholeplace.partnership.asks.life import (
    ANSWERS,
    ASK_LIFE,
    ASKER,
    COUNTERPART,
    SECOND,
    AskFacts,
    ask_actors,
    escalation_of,
)

__all__ = [
    "ANSWERS",
    "ASKER",
    "ASK_LIFE",
    "COUNTERPART",
    "SECOND",
    "AskFacts",
    "ask_actors",
    "escalation_of",
]
