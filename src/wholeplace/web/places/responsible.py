"""“Who is responsible?”: a postcode, a need, an age and a day, for anybody who asks."""

import datetime as dt
import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_http_methods

from wholeplace.foundation.errors import NotFoundError
from wholeplace.places.bodies.definitions import PARTS, Part, england
from wholeplace.places.bodies.finding import Answer, Whereabouts, find_responsible
from wholeplace.places.lookups import write_postcode
from wholeplace.web.gateway.routes import route
from wholeplace.web.gateway.wiring import OpenPlace, current_place
from wholeplace.web.look.forms import GovukDateField
from wholeplace.web.places.ground import bodies_of, ground_of

__all__ = ["PART_WORDS", "answers_for", "tell_answer", "who"]

PART_WORDS: dict[Part, tuple[str, str]] = {
    "commissions": ("Commissions", "decides what help there is"),
    "funds": ("Funds", "where the money comes from"),
    "delivers": ("Delivers", "the people you would meet"),
    "regulates": ("Regulates", "may act against whoever delivers"),
    "inspects": ("Inspects", "looks at the work and reports"),
}
_POSTCODE = re.compile(r"^[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}$")
_OLDEST = 120


class WhoForm(forms.Form):
    """Where, about what, how old, and on which day."""

    postcode = forms.CharField(
        label="Postcode", help_text="Of the home", max_length=10,
        widget=forms.TextInput({"class": "govuk-input--width-10", "autocomplete": "postal-code"}),
        error_messages={"required": "Enter a postcode"},
    )  # fmt: skip
    topic = forms.ChoiceField(label="What is it about?")
    age = forms.IntegerField(
        label="Age (optional)", help_text="Of the person who needs help, in years", required=False,
        min_value=0, max_value=_OLDEST,
        widget=forms.TextInput({"class": "govuk-input--width-3", "inputmode": "numeric"}),
    )  # fmt: skip
    on = GovukDateField(
        label="On which day? (optional)", help_text="Today when left out", required=False
    )

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        choices = [(each.id, each.title) for each in england().topics]
        self.fields["topic"] = forms.ChoiceField(label="What is it about?", choices=choices)
        self.order_fields(["postcode", "topic", "age", "on"])

    def clean_postcode(self) -> str:
        """Return the postcode in the one way it is written."""
        text = write_postcode(self.cleaned_data["postcode"])
        if not _POSTCODE.match(text):
            raise ValidationError("Enter a full postcode, with all its letters and digits")
        return text


@route(roles="anyone", shows="public")
@csrf_protect
@require_http_methods(["GET", "HEAD", "POST"])
def who(request: HttpRequest) -> HttpResponse:
    """Say who commissions, funds, delivers, regulates and inspects, for one postcode and need."""
    served = current_place()
    form = WhoForm(request.POST or None)
    context: dict[str, Any] = {"form": form, "reviewed_on": england().reviewed_on}
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data
        day = asked["on"] or served.today
        try:
            where = ground_of(served, day).whereabouts(asked["postcode"])
        except NotFoundError:
            form.add_error("postcode", "No boundary of this place lists this postcode on that day")
        else:
            found = find_responsible(
                england(), bodies_of(served), asked["topic"], where, age=asked["age"], on=day
            )
            sets = ground_of(served, day).sets
            context |= {
                "answer": tell_answer(found), "asked": asked, "day": day,
                "areas": [(sets[name].title, area) for name, (_, area) in where.items()],
            }  # fmt: skip
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "places/who.html", context, status=status)


def answers_for(
    served: OpenPlace, topics: list[str], where: Whereabouts, age: int | None, on: dt.date
) -> list[dict[str, Any]]:
    """Return what is told of each topic, for somebody who lives there."""
    local = bodies_of(served)
    return [
        tell_answer(find_responsible(england(), local, topic, where, age=age, on=on))
        for topic in topics
    ]


def tell_answer(found: Answer) -> dict[str, Any]:
    """Return an answer as the templates draw it: every part in order, gaps and doubles told."""
    return {
        "topic": found.topic,
        "is_for_age": found.is_for_age,
        "ages": found.topic.ages,
        "count": len(found.bodies),
        "gaps": len(found.gaps),
        "doubles": len(found.doubles),
        "parts": [
            {
                "id": part,
                "label": PART_WORDS[part][0],
                "means": PART_WORDS[part][1],
                "bodies": found.parts[part],
                "gap": found.gaps.get(part, ""),
                "is_double": part in found.doubles,
            }
            for part in PARTS
        ],
    }
