"""Review of doubtful matches on screen: what to ask, both records side by side, and the answer.

Enters: the published snapshot's doubtful pairs. Leaves: decisions that bind the next run.
Promises: no pair of which the reviewer may not know both records; values at the level decided;
an answer is on record before it counts; nobody is a second reviewer of their own answer.
"""

__all__: list[str] = []
