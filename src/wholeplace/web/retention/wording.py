"""The words for deletions, from a reviewed file."""

from functools import cache
from importlib.resources import files

from ruamel.yaml import YAML

__all__ = ["KINDS", "STATES", "few", "words_of"]

KINDS = {
    "erased": "Somebody was erased",
    "withdrawn": "A record was withdrawn",
    "retention": "Past its date",
    "unneeded": "Showed no need after matching",
    "quarantine": "Quarantine past its date",
    "readmitted": "Somebody erased was let back in",
    "opened": "The ledger was opened",
}
STATES = {
    "asked": ("Waiting for answers and approval", "yellow"),
    "approved": ("Approved, not yet carried out", "blue"),
    "erasing": ("Being carried out", "orange"),
    "done": ("Erased", "green"),
    "refused": ("Refused", "grey"),
    "withdrawn": ("Withdrawn", "grey"),
}
_SMALL = 8


@cache
def words_of(kind: str) -> dict[str, str]:
    """Return code → words: `reasons`, `exemptions` or `readmissions`."""
    text = (files("wholeplace.web.retention") / "words.yaml").read_text("utf-8")
    return dict(YAML(typ="safe").load(text)[kind])


def few(number: int) -> str:
    """Return a count in words; small ones are not told apart, since they are about few people."""
    if number == 0:
        return "none"
    return f"fewer than {_SMALL}" if number < _SMALL else f"{number:,}"
