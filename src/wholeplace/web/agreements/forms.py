"""The choices above the matrix."""

from collections.abc import Mapping

from django import forms

from wholeplace.agreements import Terms

__all__ = ["MatrixForm"]


class MatrixForm(forms.Form):
    """Whose data, for what, for whom; every choice has an "all" except whose."""

    source = forms.ChoiceField(label="Whose information", required=False)
    purpose = forms.ChoiceField(label="For what", required=False)
    role = forms.ChoiceField(label="For people in the role of", required=False)

    def __init__(self, data: Mapping[str, str], terms: Terms) -> None:
        super().__init__(data)
        self._choices("source", None, terms.partners)
        self._choices("purpose", "Any purpose", terms.purposes)
        self._choices("role", "Any role", terms.roles)

    def _choices(self, name: str, everything: str | None, words: Mapping[str, str]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - for the type checker
        field.choices = [*([("", everything)] if everything else []), *words.items()]
