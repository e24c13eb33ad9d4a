"""Forms: dates as three inputs, real radios and checkboxes, summaries that lead to fields."""

import datetime as dt

import pytest
from django import forms
from hypothesis import given
from hypothesis import strategies as st

from wholeplace.web.look.forms import GovukDateField, error_links


class Everything(forms.Form):
    name = forms.CharField(help_text="As it is written")
    born = GovukDateField(label="Date of birth")
    purpose = forms.ChoiceField(widget=forms.RadioSelect, choices=[("a", "Alpha"), ("b", "Beta")])
    kinds = forms.MultipleChoiceField(widget=forms.CheckboxSelectMultiple, choices=[("c", "Gamma")])
    area = forms.ChoiceField(choices=[("w", "Ward")])
    agreed = forms.BooleanField(label="Agreed")


def given_date(day: str, month: str, year: str) -> dict[str, str]:
    return {"born_day": day, "born_month": month, "born_year": year}


class Dated(forms.Form):
    born = GovukDateField(label="Date of birth", required=False)


@given(st.dates(min_value=dt.date(1000, 1, 1)))
def test_every_real_day_is_read_as_typed(day: dt.date) -> None:
    form = Dated(given_date(str(day.day), str(day.month), str(day.year)))
    assert form.is_valid()
    assert form.cleaned_data["born"] == day


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        (("31", "2", "2020"), "Enter a real date"),
        (("1", "13", "2020"), "Enter a real date"),
        (("1", "1", "20"), "Enter a real date"),
        (("x", "1", "2020"), "Enter a real date"),
        (("1", "", "2020"), "must include a month"),
        (("", "", "2020"), "must include a day and a month"),
    ],
)
def test_a_wrong_date_is_told_without_repeating_it(typed: tuple[str, str, str], words: str) -> None:
    form = Dated(given_date(*typed))
    assert not form.is_valid()
    (message,) = form.errors["born"]
    assert words in message


def test_no_date_where_none_is_needed() -> None:
    form = Dated(given_date("", " ", ""))
    assert form.is_valid()
    assert form.cleaned_data["born"] is None


def test_each_widget_is_drawn_as_what_it_is() -> None:
    html = str(Everything())
    assert html.count('type="radio"') == 2
    assert html.count('type="checkbox"') == 2
    assert html.count("govuk-date-input__input") == 3
    assert '<select name="area" class="govuk-select"' in html
    assert "style=" not in html and "<script" not in html
    assert html.count("<fieldset") == html.count("<legend") == 3


def test_every_error_leads_to_an_input_that_exists() -> None:
    form = Everything(given_date("31", "2", "2020"))
    html = str(form)
    links = error_links(form)
    assert len(links) == 6
    for link in links:
        assert f'id="{link["id"]}"' in html
        assert f'href="#{link["id"]}"' in html
    assert "[&#x27;" not in html and "['" not in html


def test_what_was_typed_is_escaped() -> None:
    html = str(Everything({"name": '"><script>alert(1)</script>'}))
    assert "<script>" not in html
