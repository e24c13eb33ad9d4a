"""The count of all public money in a place, body by body.

themes    what money is spent on, as one short list
budgets   a body's budget as a file: checked row by row
count     the whole: by body, theme, area and need, with what overlaps
families  what is spent around households with several needs, by body
"""

from wholeplace.money.spend.budgets import BudgetLine, ReadBudget, RowFault, read_budget
from wholeplace.money.spend.count import Overlap, SpendCount, count_spend
from wholeplace.money.spend.families import FamilySpend, NeedCount, spend_on_families

__all__ = [
    "BudgetLine",
    "FamilySpend",
    "NeedCount",
    "Overlap",
    "ReadBudget",
    "RowFault",
    "SpendCount",
    "count_spend",
    "read_budget",
    "spend_on_families",
]
