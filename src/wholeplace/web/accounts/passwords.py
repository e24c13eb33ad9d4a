"""What makes a password weak: how soon guessing would find it, as zxcvbn reckons."""

import re
from typing import Any

from django.core.exceptions import ValidationError
from zxcvbn import zxcvbn

from wholeplace.foundation.errors import WholeplaceError
from wholeplace.web.accounts.figures import figure
from wholeplace.web.accounts.place import served_place

__all__ = ["StrengthValidator"]

# What zxcvbn looks at; a longer password is as strong as its beginning or stronger.
_LOOKED_AT = 72
_WORD = re.compile(r"\w+")


class StrengthValidator:
    """Refuses a password that is soon guessed, and says what makes it so (a Django validator)."""

    def validate(self, password: str, user: Any = None) -> None:
        """Check a password against words, patterns, and what is known of the person and place.

        Raises:
            ValidationError: with zxcvbn's reason and advice.
        """
        known = [word for word in (*_words_of(user), *_words_of_place()) if len(word) > 2]
        found = zxcvbn(password[:_LOOKED_AT], user_inputs=known)
        if found["score"] < figure("password_strength"):
            advice = [found["feedback"]["warning"], *found["feedback"]["suggestions"]]
            words = " ".join(f"{each.rstrip('.')}." for each in advice if each)
            raise ValidationError(f"This password would soon be guessed. {words}".strip())

    def get_help_text(self) -> str:
        """Return what to do."""
        return "Three words that have nothing to do with each other work well."


def _words_of(user: Any) -> list[str]:
    texts = (getattr(user, "email", ""), getattr(user, "name", ""))
    return [word for text in texts for word in (text.lower(), *_WORD.findall(text.lower()))]


def _words_of_place() -> list[str]:
    try:
        place = served_place()
    except WholeplaceError:
        return ["wholeplace"]
    names = [place.place.name, *(each.name for each in place.partners.values())]
    return ["wholeplace", *(word for name in names for word in name.lower().split())]
