"""Investing together: the business case and the agreement that follows from it.

case        the life of a business case
agreement   the life of an investment agreement, its fields, and what is signed
"""

from wholeplace.money.investment.agreement import (
    DEAL_LIFE,
    FIELDS,
    DealField,
    deal_actors,
    deal_hash,
    draft_fields,
    missing_fields,
)
from wholeplace.money.investment.case import CASE_LIFE, case_actors

__all__ = [
    "CASE_LIFE",
    "DEAL_LIFE",
    "FIELDS",
    "DealField",
    "case_actors",
    "deal_actors",
    "deal_hash",
    "draft_fields",
    "missing_fields",
]
