"""What a searcher knows about a person, brought into one form.

The form is the one that table `search_keys` holds: without capitals, accents, spaces.
"""

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass, fields

from wholeplace.foundation.errors import WholeplaceError

__all__ = ["Facts", "TooFewFactsError", "name_words", "swap_day_and_month"]

LEAST_FACTS = 2
_WORDS = re.compile(r"[\W_]+")
_APOSTROPHES = re.compile("['’`]")


class TooFewFactsError(WholeplaceError):
    """A search that could be used to trawl: it was not run."""

    def __init__(self, given: int) -> None:
        super().__init__(
            "The search was not run.",
            f"It names {given or 'no'} identifying fact{'s' if given != 1 else ''} and "
            f"{LEAST_FACTS} are needed, so that nobody can look through the whole place.",
            "Give two, for example a name and a date of birth, or a name and a postcode.",
        )


@dataclass(frozen=True, repr=False)
class Facts:
    """Facts about one person. Each counts as one; a blank one counts as not given.

    Attributes:
        name: any words of the name, in any order.
        phone: any way of writing the number.
    """

    name: str = ""
    birth_date: dt.date | None = None
    postcode: str = ""
    nhs_number: str = ""
    nino: str = ""
    upn: str = ""
    phone: str = ""
    email: str = ""

    def __repr__(self) -> str:
        given = [each.name for each in fields(self) if getattr(self, each.name)]
        return f"Facts({', '.join(given)})"

    @property
    def words(self) -> tuple[str, ...]:
        """Words of the name."""
        return name_words(self.name)

    @property
    def keys(self) -> dict[str, str]:
        """Search keys of every fact but the name, by fact."""
        written = {
            "postcode": _close(self.postcode),
            "nhs_number": _digits(self.nhs_number),
            "nino": _close(self.nino),
            "upn": _close(self.upn),
            "phone": _digits(self.phone)[-10:],
            "email": self.email.strip().lower(),
        }
        if self.birth_date:
            written["birth_date"] = self.birth_date.isoformat()
        return {
            fact: f"{fact.replace('_', '-')}:{value}" for fact, value in written.items() if value
        }

    def check(self) -> None:
        """Raise TooFewFactsError unless enough is known to find one person."""
        given = len(self.keys) + bool(self.words)
        if given < LEAST_FACTS:
            raise TooFewFactsError(given)


def name_words(name: str) -> tuple[str, ...]:
    """Return the words of a name, without capitals, accents and apostrophes."""
    bare = unicodedata.normalize("NFD", _APOSTROPHES.sub("", name))
    plain = "".join(each for each in bare if not unicodedata.combining(each)).lower()
    return tuple(word for word in _WORDS.split(plain) if word)


def swap_day_and_month(day: dt.date) -> dt.date | None:
    """Return the date with day and month exchanged; None where there is no such other date."""
    if day.day > 12 or day.day == day.month:
        return None
    return day.replace(month=day.day, day=day.month)


def _close(text: str) -> str:
    return "".join(text.split()).upper()


def _digits(text: str) -> str:
    return "".join(each for each in text if each.isascii() and each.isdigit())
