"""What is wrong with the record, in plain words."""

from wholeplace.foundation.tampering import Tampering

__all__ = ["tell_fault"]

_ONE = {
    "changed": "was changed after it was written",
    "misplaced": "does not follow what stood before it: something was moved, added or rewritten",
    "missing": "is gone",
    "rewritten": "is not what a head covers: it was changed, and sealed anew",
}
_MANY = {
    "changed": "were changed after they were written",
    "misplaced": "do not follow what stood before them: something was moved, added or rewritten",
    "missing": "are gone",
}


def tell_fault(fault: Tampering) -> str:
    """Return one fault in a sentence that names its place."""
    against = f" (against {', '.join(fault.against)})" if fault.against else ""
    if fault.what == "forged":
        return f"A signature does not hold, or its key is not known: {', '.join(fault.against)}."
    if fault.first == fault.last:
        return f"Entry {fault.first:,} {_ONE[fault.what]}{against}."
    if fault.what == "rewritten":
        return (
            f"Somewhere from entry {fault.first:,} to {fault.last:,} the record begins to differ "
            f"from what a head covers: it was changed, and sealed anew{against}."
        )
    return f"Entries {fault.first:,} to {fault.last:,} {_MANY[fault.what]}{against}."
