"""The pages of money: cases and agreements to invest, funds and their ends, pools, spending.

Enters: the place folder's `money/`, protected counts, bodies' budgets, what finance leads and
commissioners decide. Leaves: who pays and who gains with the source of every figure; cliffs with
the families behind them; agreements that partners signed; a ledger that always balances.
Promises: a ledger's entries are never changed or removed, which the database holds; nobody agrees
their own case; a second editor is told what changed. Law: National Health Service Act 2006
section 75.
"""

__all__: list[str] = []
