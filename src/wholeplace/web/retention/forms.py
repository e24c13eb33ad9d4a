"""What people type about erasure."""

from typing import Any

from django import forms

from wholeplace.web.retention.wording import words_of

__all__ = ["AnswerForm", "AskForm", "ReadmitForm"]


class AskForm(forms.Form):
    """Whom, or which record, to erase, and why."""

    scope = forms.ChoiceField(
        label="What is to be erased?",
        choices=[
            ("person", "A person, from what every partner sent"),
            ("record", "One record of one partner"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Select what is to be erased"},
    )
    person_id = forms.CharField(
        label="Person number",
        required=False,
        max_length=80,
        help_text="For a person. It stands at the foot of their page; it is not their name.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    dataset = forms.ChoiceField(label="Dataset", required=False, help_text="For one record.")
    source_id = forms.CharField(
        label="The partner’s own number",
        required=False,
        max_length=200,
        help_text="For one record: what the partner calls the person in that dataset.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    why = forms.ChoiceField(label="Why?", error_messages={"required": "Select why"})
    words = forms.CharField(
        label="What was asked, and when",
        required=False,
        max_length=2_000,
        help_text="Deleted once the request is done.",
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, datasets: dict[str, str], **given: Any) -> None:
        super().__init__(*args, **given)
        _choose(self.fields["dataset"], [("", "Choose a dataset"), *datasets.items()])
        _choose(self.fields["why"], [("", "Choose a reason"), *words_of("reasons").items()])

    def clean(self) -> dict[str, Any]:
        """Ask for the number of what was chosen."""
        cleaned = super().clean() or {}
        scope = cleaned.get("scope")
        if scope == "person" and not cleaned.get("person_id"):
            self.add_error("person_id", "Enter the person number")
        if scope == "record":
            if not cleaned.get("dataset"):
                self.add_error("dataset", "Select the dataset")
            if not cleaned.get("source_id"):
                self.add_error("source_id", "Enter the partner’s own number")
        return cleaned


class AnswerForm(forms.Form):
    """What one partner decides of its own records."""

    partner = forms.ChoiceField(label="Partner", error_messages={"required": "Select the partner"})
    answer = forms.ChoiceField(
        label="What does the partner decide?",
        choices=[("erase", "Erase its records here"), ("keep", "Keep its records here")],
        widget=forms.RadioSelect,
        error_messages={"required": "Select what the partner decides"},
    )
    exemption = forms.ChoiceField(
        label="On what ground does it keep them?",
        required=False,
        help_text="Only where it keeps them.",
    )

    def __init__(self, *args: Any, partners: list[tuple[str, str]], **given: Any) -> None:
        super().__init__(*args, **given)
        _choose(self.fields["partner"], partners)
        _choose(
            self.fields["exemption"], [("", "Choose a ground"), *words_of("exemptions").items()]
        )

    def clean(self) -> dict[str, Any]:
        """Ask for a ground where records are kept."""
        cleaned = super().clean() or {}
        if cleaned.get("answer") == "keep" and not cleaned.get("exemption"):
            self.add_error("exemption", "Select the ground on which they are kept")
        return cleaned


class ReadmitForm(forms.Form):
    """Letting somebody who was erased back in."""

    dataset = forms.ChoiceField(label="Dataset", error_messages={"required": "Select the dataset"})
    source_id = forms.CharField(
        label="The partner’s own number",
        max_length=200,
        error_messages={"required": "Enter the partner’s own number"},
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    why = forms.ChoiceField(label="Why?", error_messages={"required": "Select why"})

    def __init__(self, *args: Any, datasets: dict[str, str], **given: Any) -> None:
        super().__init__(*args, **given)
        _choose(self.fields["dataset"], [("", "Choose a dataset"), *datasets.items()])
        _choose(self.fields["why"], [("", "Choose a reason"), *words_of("readmissions").items()])


def _choose(field: forms.Field, choices: list[tuple[str, str]]) -> None:
    assert isinstance(field, forms.ChoiceField)  # noqa: S101 - for the type checker
    field.choices = choices
