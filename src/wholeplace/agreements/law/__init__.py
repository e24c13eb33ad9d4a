"""The law of sharing as reviewed data, and what an agreement that leans on it lacks.

Enters: `gateways.yaml`, reviewed text of this package, each entry with its source and how far it
was checked; an agreement with the kinds of its parties. Leaves: gateways, the thirteen factors of
the multiple disadvantages objective, and the faults of an agreement whose parties cannot use the
power that they name.

Promises: what was not checked against a source refuses nothing; what is not in force lets nothing
pass; every fault says which power, why not, and how to mend it. It is not legal advice.
"""

from wholeplace.agreements.law.checking import law_faults
from wholeplace.agreements.law.reading import Factor, Gateway, Law, load_law

__all__ = ["Factor", "Gateway", "Law", "law_faults", "load_law"]
