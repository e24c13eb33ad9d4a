"""Fields that several forms have."""

from collections.abc import Iterable, Sequence

from django import forms

__all__ = ["chosen_of", "line", "words"]

Choices = Sequence[tuple[str, str]]


def words(
    label: str, hint: str = "", missing: str = "", *, rows: int = 3, longest: int = 4000,
    required: bool = True,
) -> forms.CharField:  # fmt: skip
    """Return a field for several lines."""
    return forms.CharField(
        label=label, help_text=hint, max_length=longest, required=required,
        widget=forms.Textarea({"rows": rows}),
        error_messages={"required": missing or f"Enter: {label.lower()}"},
    )  # fmt: skip


def line(
    label: str, hint: str = "", missing: str = "", *, longest: int = 120, required: bool = True
) -> forms.CharField:
    """Return a field for one line."""
    return forms.CharField(
        label=label, help_text=hint, max_length=longest, required=required,
        widget=forms.TextInput({"class": "govuk-input--width-30", "autocomplete": "off"}),
        error_messages={"required": missing or f"Enter: {label.lower()}"},
    )  # fmt: skip


def chosen_of(
    label: str, choices: Choices, missing: str, hint: str = "", *, is_list: bool = False
) -> forms.ChoiceField:
    """Return radios, or a list where there are many choices."""
    offered: Iterable[tuple[str, str]] = [("", "Choose one"), *choices] if is_list else choices
    return forms.ChoiceField(
        label=label, help_text=hint, choices=list(offered),
        widget=forms.Select if is_list else forms.RadioSelect,
        error_messages={"required": missing, "invalid_choice": missing},
    )  # fmt: skip
