"""How forms look: Django's renderer with the GOV.UK Design System's markup.

Error summaries take focus and their links reach the field; radios are radios, checkboxes
are checkboxes, and a date is three inputs. Templates are in `templates/forms/`.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.renderers import DjangoTemplates, TemplatesSetting

__all__ = ["GovukDateField", "GovukDateInput", "GovukRenderer", "error_links", "widget_kind"]


class GovukRenderer(TemplatesSetting):
    """`FORM_RENDERER` of the site: `{{ form }}` gives summary and fields together."""

    form_template_name = "forms/form.html"
    field_template_name = "forms/field.html"

    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> str:
        """Render a template of the site, or Django's own where the site has none."""
        if template_name.startswith("django/forms/"):
            return _djangos_own().render(template_name, context, request)
        return super().render(template_name, context, request)


@cache
def _djangos_own() -> DjangoTemplates:
    # Kept: a renderer made anew reads and compiles its templates again for every field.
    return DjangoTemplates()


class GovukDateInput(forms.MultiWidget):
    """Day, month and year as three inputs."""

    use_fieldset = True

    def __init__(self, attrs: Mapping[str, Any] | None = None) -> None:
        number = {"inputmode": "numeric", "autocomplete": "off"}
        widgets: dict[str, forms.Widget | type[forms.Widget]] = {
            name: forms.TextInput({**number}) for name in ("day", "month", "year")
        }
        super().__init__(widgets, dict(attrs) if attrs else None)

    def decompress(self, value: Any) -> list[str | None]:
        """Return the three texts of a date."""
        if isinstance(value, dt.date):
            return [str(value.day), str(value.month), str(value.year)]
        return [None, None, None]

    def id_for_label(self, id_: str) -> str:
        """Lead an error link to the day."""
        return f"{id_}_0"


class GovukDateField(forms.MultiValueField):
    """A date typed as day, month and year; a real day or a clear error."""

    widget = GovukDateInput

    def __init__(self, **given: Any) -> None:
        texts = [forms.CharField(max_length=length, required=False) for length in (2, 2, 4)]
        super().__init__(fields=texts, require_all_fields=False, **given)

    def clean(self, value: Any) -> dt.date | None:
        """Return the date.

        Raises:
            ValidationError: where a part is missing or no such day exists.
        """
        parts = [str(part or "").strip() for part in (value or ["", "", ""])]
        if not any(parts):
            if self.required:
                raise ValidationError(self.error_messages["required"], code="required")
            return None
        named = zip(("a day", "a month", "a year"), parts, strict=True)
        missing = [name for name, part in named if not part]
        if missing:
            raise ValidationError(
                f"The date must include {' and '.join(missing)}", code="incomplete"
            )
        try:
            day, month, year = (int(part) for part in parts)
            if year < 1000:
                raise ValueError
            return dt.date(year, month, day)
        except ValueError:
            raise ValidationError(
                "Enter a real date, for example 27 3 2007", code="invalid"
            ) from None

    def compress(self, data_list: Sequence[Any]) -> Any:
        """Unused: `clean` makes the date."""
        return None


def error_links(form: forms.BaseForm) -> list[dict[str, str]]:
    """Return each error of a form with the id of the input that it is about."""
    links = [{"id": "", "text": str(error)} for error in form.non_field_errors()]
    for bound in form:
        target = bound.id_for_label or bound.auto_id
        if isinstance(bound.field.widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
            target = f"{bound.auto_id}_0"
        links.extend({"id": str(target), "text": str(error)} for error in bound.errors)
    return links


def widget_kind(widget: forms.Widget) -> str:
    """Return the word by which the field template picks its markup."""
    if isinstance(widget, GovukDateInput):
        return "date"
    if isinstance(widget, forms.HiddenInput):
        return "hidden"
    for kind, word in (
        (forms.CheckboxSelectMultiple, "checkboxes"),
        (forms.RadioSelect, "radios"),
        (forms.CheckboxInput, "checkbox"),
        (forms.Select, "select"),
        (forms.Textarea, "textarea"),
        (forms.FileInput, "file"),
    ):
        if isinstance(widget, kind):
            return word
    return "input"
