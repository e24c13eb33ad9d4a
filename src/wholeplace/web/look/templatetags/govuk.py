"""Tags and filters that templates of every app may use."""

import datetime as dt
from typing import Any

from django import forms, template
from django.forms.boundfield import BoundField
from django.utils.safestring import SafeString

from wholeplace.web.look.forms import error_links, widget_kind

__all__: list[str] = []

register = template.Library()
_DATE_PARTS = (("Day", 2), ("Month", 2), ("Year", 4))
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August",
    "September", "October", "November", "December",
)  # fmt: skip


@register.filter
def kind_of_widget(field: BoundField) -> str:
    """Return the word by which a field's markup is picked."""
    return widget_kind(field.field.widget)


@register.filter
def with_class(field: BoundField, classes: str) -> SafeString:
    """Draw a widget with the design system's classes, keeping its own."""
    own = field.field.widget.attrs.get("class", "")
    error = f" {classes.split()[0]}--error" if field.errors else ""
    return field.as_widget(attrs={"class": f"{classes}{error} {own}".strip()})


@register.filter
def date_parts(field: BoundField) -> list[dict[str, Any]]:
    """Return label, width, name, id and value of the three inputs of a date."""
    context = field.field.widget.get_context(field.html_name, field.value(), {"id": field.auto_id})
    parts = context["widget"]["subwidgets"]
    return [
        {"label": label, "width": width, "name": part["name"], "id": part["attrs"]["id"],
         "value": part["value"] or ""}
        for (label, width), part in zip(_DATE_PARTS, parts, strict=True)
    ]  # fmt: skip


@register.filter
def links_to_errors(form: forms.BaseForm) -> list[dict[str, str]]:
    """Return each error of a form with the id of its input."""
    return error_links(form)


@register.filter
def day(value: Any) -> str:
    """Return a date as people write it: 3 March 2026."""
    if isinstance(value, str):
        value = dt.date.fromisoformat(value[:10])
    if isinstance(value, dt.date):
        return f"{value.day} {_MONTHS[value.month - 1]} {value.year}"
    return ""


@register.filter
def count_of(number: int, words: str) -> str:
    """Return a number with its noun: `3|count_of:"person,people"` gives "3 people"."""
    one, _, many = words.partition(",")
    return f"{number:,} {one if number == 1 else many}"


@register.inclusion_tag("components/empty.html")
def empty_state(title: str, text: str = "") -> dict[str, str]:
    """Draw what stands where a list would be, when there is nothing to list."""
    return {"title": title, "text": text}
