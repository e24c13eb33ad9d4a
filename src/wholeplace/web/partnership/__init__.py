"""Partnership, on screen: the needs that a place looks for, and where it departs from others.

Enters: the place folder. Leaves: one page of rules in words, with every departure from the
adopted frameworks beside what was published. Promises: it shows the text that runs, read
from the files that run. Law: UK GDPR Article 5(1)(a) (transparency).
"""

__all__: list[str] = []
