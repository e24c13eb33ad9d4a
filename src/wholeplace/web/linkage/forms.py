"""What a reviewer says about a pair."""

from django import forms

__all__ = ["AnswerForm", "UndoForm"]

_ANSWERS = [
    ("same", "They are one person"),
    ("different", "They are two people"),
    ("unsure", "I am not sure"),
]


class AnswerForm(forms.Form):
    """The answer, and whether somebody else should answer too."""

    answer = forms.ChoiceField(
        label="Are these records about one person?",
        choices=_ANSWERS,
        widget=forms.RadioSelect,
        error_messages={"required": "Select whether they are one person"},
    )
    asks_second = forms.BooleanField(
        label="A second reviewer should answer too, before it counts", required=False
    )
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(
        self, *args: object, can_ask: bool, can_doubt: bool = True, **given: object
    ) -> None:
        super().__init__(*args, **given)  # type: ignore[arg-type]
        if not can_ask:
            del self.fields["asks_second"]
        if not can_doubt:
            answer = self.fields["answer"]
            assert isinstance(answer, forms.ChoiceField)  # noqa: S101 - for the type checker
            answer.choices = _ANSWERS[:2]


class UndoForm(forms.Form):
    """Taking one's answer back."""

    version = forms.IntegerField(min_value=1)
