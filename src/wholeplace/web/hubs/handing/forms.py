"""What is said when somebody is handed over."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

__all__ = ["HandOverForm"]

_LEAST = 20


class HandOverForm(forms.Form):
    """Whom, what they need, and that they agreed."""

    def __init__(self, *args: Any, people: Sequence[tuple[str, str]], **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["person_id"] = forms.ChoiceField(
            label="Who is with you?", choices=list(people), widget=forms.RadioSelect,
            help_text="Those whom you work with, and those for whom you gave a reason today.",
            error_messages={"required": "Choose who is with you"},
        )  # fmt: skip
        self.fields["why"] = forms.CharField(
            label="What do they need from your colleague?", max_length=2000,
            help_text="Your colleague reads it in the referral, so that nobody has to tell it twice.",
            widget=forms.Textarea({"rows": 4}),
            error_messages={"required": "Say what they need"},
        )  # fmt: skip
        self.fields["family_says"] = forms.CharField(
            label="In their own words (optional)", max_length=1000, required=False,
            widget=forms.Textarea({"rows": 2}),
        )  # fmt: skip
        self.fields["agreed"] = forms.BooleanField(
            label="They are here with me, I told them who my colleague is and what I pass on, and they agree",
            error_messages={"required": "Ask them first. Nobody is handed over without agreeing."},
        )

    def clean_why(self) -> str:
        """Refuse what would tell the colleague nothing."""
        words = " ".join(str(self.cleaned_data["why"]).split())
        if len(words) < _LEAST:
            raise ValidationError(f"Say a little more: at least {_LEAST} characters")
        return words
