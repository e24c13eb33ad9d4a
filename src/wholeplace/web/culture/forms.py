"""What is typed about the pulse."""

from collections.abc import Sequence
from typing import Any

from django import forms

from wholeplace.teams.pulse import ANSWERS, statements
from wholeplace.web.look.forms import GovukDateField

__all__ = ["ActionForm", "AnswerForm", "OpenForm"]


class AnswerForm(forms.Form):
    """The statements, each with three answers; nothing is chosen beforehand."""

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        for each in statements():
            self.fields[each.id] = forms.ChoiceField(
                label=each.text, choices=list(ANSWERS.items()), widget=forms.RadioSelect,
                error_messages={"required": f"Answer “{each.text}”"},
            )  # fmt: skip


class OpenForm(forms.Form):
    """A round."""

    name = forms.CharField(
        label="Name of the round", max_length=80, help_text="For example, Spring 2027"
    )
    closes_on = GovukDateField(
        label="Closes on", help_text="Results come once, after it has closed."
    )


class ActionForm(forms.Form):
    """What was agreed after a round."""

    words = forms.CharField(label="What we will do", max_length=300)
    organisation = forms.ChoiceField(label="Whose it is")
    due_on = GovukDateField(label="By when")

    def __init__(self, *args: Any, partners: Sequence[tuple[str, str]], **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["organisation"].choices = partners  # type: ignore[attr-defined]
