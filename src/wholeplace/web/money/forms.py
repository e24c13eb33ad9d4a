"""What finance leads and commissioners type."""

import datetime as dt
import re
import secrets
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from wholeplace.money.benefits import Parameter
from wholeplace.money.benefits.workings import number
from wholeplace.money.investment import FIELDS
from wholeplace.web.look.forms import GovukDateField
from wholeplace.web.money.entering import ENTRY_KINDS
from wholeplace.web.money.steps import LEAST_WORDS

__all__ = ["BudgetForm", "CaseForm", "DealForm", "EntryForm", "FiguresForm", "StepForm"]

_MOST_FILE_BYTES = 1_000_000


class StepForm(forms.Form):
    """One step, as one of the page's buttons names it."""

    event = forms.CharField(max_length=30)
    version = forms.IntegerField(min_value=1)
    words = forms.CharField(required=False, max_length=1000)


class CaseForm(forms.Form):
    """A new case."""

    def __init__(self, *args: Any, interventions: Iterable[tuple[str, str]], **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["intervention"] = forms.ChoiceField(
            label="What is the case for?", choices=list(interventions)
        )
        self.fields["title"] = forms.CharField(
            label="Title of the case",
            help_text="For example, Larkbridge Together 2027 to 2030",
            max_length=200,
            error_messages={"required": "Give the case a title"},
        )


class FiguresForm(forms.Form):
    """The figures of a case; shares are typed as percentages."""

    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, parameters: Sequence[Parameter], **given: Any) -> None:
        super().__init__(*args, **given)
        self._parameters = {each.id.replace(":", "--"): each for each in parameters}
        for name, each in self._parameters.items():
            unit = "%, " if each.kind == "share" else ""
            between = (
                f"Between {_typed(each, each.low)} and {_typed(each, each.high)}. "
                if each.is_range
                else ""
            )
            self.fields[name] = forms.CharField(
                label=f"{each.label}{' (per cent)' if unit else ''}",
                help_text=f"{between}{each.source}",
                initial=_typed(each, each.value),
                max_length=20,
                widget=forms.TextInput(
                    {"class": "govuk-input--width-5", "inputmode": "decimal", "autocomplete": "off"}
                ),
            )
        self.fields["why"] = forms.CharField(
            label="Why are you changing it?",
            help_text="It stands beside each figure that you change.",
            max_length=500,
            widget=forms.Textarea({"rows": 3}),
            error_messages={"required": "Say why you are changing it"},
        )

    def clean(self) -> dict[str, Any]:
        """Read each figure as a number."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for name, each in self._parameters.items():
            text = str(cleaned.get(name, "")).replace("−", "-").replace(",", "").replace("%", "")
            try:
                value = Decimal(text.strip())
                if not value.is_finite():
                    raise InvalidOperation
            except InvalidOperation:
                if name not in self.errors:
                    self.add_error(name, "Type a number")
                continue
            if each.kind == "share" and not 0 <= value <= 100:
                self.add_error(name, "Type a percentage between 0 and 100")
            elif each.kind in ("count", "number") and value < 0:
                self.add_error(name, "Type 0 or more")
            cleaned[name] = value
        why = " ".join(str(cleaned.get("why", "")).split())
        if "why" not in self.errors and len(why) < LEAST_WORDS:
            self.add_error("why", f"Say why, in at least {LEAST_WORDS} characters")
        return cleaned

    def values(self) -> Mapping[str, str]:
        """Return what was typed, shares as shares of one, but only where it was changed."""
        found = {}
        for name, each in self._parameters.items():
            value = Decimal(self.cleaned_data[name])
            if _typed(each, each.value) == _plain(value):
                continue
            found[each.id] = str(value / 100 if each.kind == "share" else value)
        return found


def _typed(each: Parameter, value: Decimal) -> str:
    return _plain(value * 100 if each.kind == "share" else value)


def _plain(value: Decimal) -> str:
    return number(value).replace(",", "").replace("−", "-")


class DealForm(forms.Form):
    """The fields of an investment agreement."""

    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        for each in FIELDS:
            self.fields[each.id] = forms.CharField(
                label=each.label,
                help_text=each.hint,
                required=False,
                max_length=4000,
                widget=forms.Textarea({"rows": 3}),
            )


class EntryForm(forms.Form):
    """One entry of a pool's ledger."""

    token = forms.CharField(max_length=40, widget=forms.HiddenInput)

    def __init__(self, *args: Any, accounts: Iterable[tuple[str, str]], **given: Any) -> None:
        given.setdefault("initial", {}).setdefault("token", secrets.token_hex(16))
        super().__init__(*args, **given)
        kinds = [(key, words) for key, words in ENTRY_KINDS.items() if key != "reversal"]
        self.fields["kind"] = forms.ChoiceField(label="What happened?", choices=kinds)
        self.fields["account"] = forms.ChoiceField(
            label="Partner, scheme or risk pool", choices=list(accounts)
        )
        self.fields["pounds"] = forms.CharField(
            label="Amount in pounds",
            help_text="For example, 1250 or 1250.50",
            max_length=20,
            widget=forms.TextInput({"class": "govuk-input--width-10", "inputmode": "decimal"}),
            error_messages={"required": "Type an amount"},
        )
        self.fields["on"] = GovukDateField(
            label="On which day?", error_messages={"required": "Say on which day"}
        )
        self.fields["words"] = forms.CharField(
            label="What was it for?",
            help_text="Never a resident’s name.",
            max_length=200,
            error_messages={"required": "Say what it was for"},
        )

    def clean_pounds(self) -> int:
        """Return whole pence."""
        text = str(self.cleaned_data["pounds"]).replace("£", "").replace(",", "").strip()
        if not re.fullmatch(r"[0-9]{1,11}(\.[0-9]{1,2})?", text):
            raise ValidationError("Type an amount such as 1250 or 1250.50")
        pence = int(Decimal(text) * 100)
        if pence <= 0:
            raise ValidationError("Type an amount more than nothing")
        return pence

    def clean_on(self) -> dt.date:
        """Refuse a day that has not come."""
        day: dt.date = self.cleaned_data["on"]
        if day > dt.datetime.now(dt.UTC).date():
            raise ValidationError("The day has not come yet")
        return day

    def clean_words(self) -> str:
        """Refuse what nobody could read later."""
        words = " ".join(str(self.cleaned_data["words"]).split())
        if len(words) < LEAST_WORDS:
            raise ValidationError(f"Say what it was for, in at least {LEAST_WORDS} characters")
        return words


class BudgetForm(forms.Form):
    """One body's budget file."""

    def __init__(self, *args: Any, bodies: Iterable[tuple[str, str]], **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["body"] = forms.ChoiceField(label="Whose budget is it?", choices=list(bodies))
        self.fields["year"] = forms.CharField(
            label="Financial year",
            help_text="For example, 2026/27",
            max_length=7,
            widget=forms.TextInput({"class": "govuk-input--width-5"}),
            error_messages={"required": "Say which year"},
        )
        self.fields["file"] = forms.FileField(
            label="The file",
            help_text="CSV with the columns line, service, theme, pounds, need, area",
            error_messages={"required": "Choose a file", "empty": "The file is empty"},
        )

    def clean_year(self) -> str:
        """Refuse what is no financial year."""
        year = str(self.cleaned_data["year"]).replace("-", "/").strip()
        if not re.fullmatch(r"20[0-9]{2}/[0-9]{2}", year) or (int(year[:4]) + 1) % 100 != int(
            year[5:]
        ):
            raise ValidationError("Type a financial year such as 2026/27")
        return year

    def clean_file(self) -> Any:
        """Refuse a file too large to be a budget."""
        file = self.cleaned_data["file"]
        if file.size > _MOST_FILE_BYTES:
            raise ValidationError("The file is larger than 1 MB")
        return file
