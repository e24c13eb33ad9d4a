"""Account: what the trail tells, to the resident it is about and to whoever minds the clauses."""

__all__: list[str] = []
