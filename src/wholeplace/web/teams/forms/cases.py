"""What a team types in a case: notes, the assessment, goals, actions, who joins."""

from collections.abc import Sequence
from typing import Any

from django import forms

from wholeplace.partnership.definitions import Framework
from wholeplace.teams.assessment import SCALE, HeadlineView, other_need
from wholeplace.teams.notes import NOTE_KINDS, READERS
from wholeplace.web.look.forms import GovukDateField
from wholeplace.web.teams.forms.fields import chosen_of, line, words

__all__ = ["ActionForm", "AssessmentForm", "GoalForm", "MemberForm", "NoteForm", "needs_of"]

Choices = Sequence[tuple[str, str]]


def needs_of(framework: Framework) -> list[tuple[str, str]]:
    """Return every need of a framework by `headline/need`, with one more for each headline."""
    return [
        (f"{headline.id}/{need}", f"{headline.label}: {label}")
        for headline in framework.headlines
        for need, label in (
            *((each.id, each.label) for each in headline.needs),
            (other_need(headline.id), "something else"),
        )
    ]


class NoteForm(forms.Form):
    """A note."""

    def __init__(self, *args: Any, people: Choices, team: Choices, **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["kind"] = chosen_of("What kind of note?", list(NOTE_KINDS.items()), "Choose a kind")  # fmt: skip
        self.fields["person_id"] = chosen_of("About whom?", people, "Choose whom it is about")
        self.fields["on"] = GovukDateField(
            label="When was it?", error_messages={"required": "Enter the day on which it was"}
        )
        self.fields["text"] = words(
            "What happened, or what do you think it means?",
            "Say what you saw and what you were told, and keep it apart from what you think.",
            "Write the note", rows=8,
        )  # fmt: skip
        self.fields["readers"] = chosen_of("Who may read it?", list(READERS.items()), "Choose who may read it")  # fmt: skip
        self.fields["named"] = forms.MultipleChoiceField(
            label="If only some of the team: who?", choices=list(team), required=False,
            widget=forms.CheckboxSelectMultiple,
        )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Ask whom, where only some may read it."""
        given = super().clean() or {}
        if given.get("readers") == "named" and not given.get("named"):
            self.add_error("named", "Choose at least one person")
        return given


class AssessmentForm(forms.Form):
    """How the family is, headline by headline."""

    def __init__(self, *args: Any, framework: Framework, **given: Any) -> None:
        super().__init__(*args, **given)
        self._framework = framework
        scale = [(str(value), f"{value}: {label}") for value, label in SCALE.items()]
        for each in framework.headlines:
            self.fields[f"{each.id}-scale"] = chosen_of(
                f"{each.label}: how is it?", scale, f"Say how “{each.label.lower()}” is"
            )
            self.fields[f"{each.id}-works_well"] = words("What works well", rows=2, required=False)
            self.fields[f"{each.id}-worries"] = words("What worries you", rows=2, required=False)
            self.fields[f"{each.id}-needs"] = forms.MultipleChoiceField(
                label="Needs that you see", required=False, widget=forms.CheckboxSelectMultiple,
                choices=[(need.id, need.label) for need in each.needs]
                + [(other_need(each.id), "Something else under this heading")],
            )  # fmt: skip
        self.fields["wishes"] = words(
            "What does the family want to be different?", "In their own words.",
            "Write what the family wants", rows=4,
        )  # fmt: skip

    def sections(self) -> list[dict[str, Any]]:
        """Return the fields headline by headline, for the page."""
        return [
            {
                "label": each.label,
                "fields": [
                    self[f"{each.id}-{part}"]
                    for part in ("scale", "works_well", "worries", "needs")
                ],
            }
            for each in self._framework.headlines
        ]

    def views(self) -> list[HeadlineView]:
        """Return what was said, headline by headline."""
        given = self.cleaned_data
        return [
            HeadlineView(
                each.id, int(given[f"{each.id}-scale"]), given[f"{each.id}-works_well"],
                given[f"{each.id}-worries"], tuple(given[f"{each.id}-needs"]),
            )
            for each in self._framework.headlines
        ]  # fmt: skip


class GoalForm(forms.Form):
    """A goal."""

    def __init__(self, *args: Any, people: Choices, framework: Framework, **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["person_id"] = chosen_of("Whose goal is it?", people, "Choose whose goal it is")
        self.fields["need"] = chosen_of(
            "Which need does it answer?", needs_of(framework), "Choose the need that it answers",
            "The outcome is the heading of the need.", is_list=True,
        )  # fmt: skip
        self.fields["words"] = words(
            "What is to be different, in the family’s words?",
            "For example: “I want to be back in school for a whole term”", "Write the goal", rows=2,
        )  # fmt: skip
        self.fields["seen_when"] = words(
            "How will everybody see it?", "For example: he missed fewer than 10 sessions in a term",
            "Say how you will see it", rows=2,
        )  # fmt: skip


class ActionForm(forms.Form):
    """An action for a goal."""

    def __init__(self, *args: Any, team: Choices, **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["what"] = words("What will be done?", missing="Say what will be done", rows=2)
        self.fields["owner"] = chosen_of(
            "Who does it?", team, "Choose who does it", "Somebody of the team, for their organisation.",
            is_list=True,
        )  # fmt: skip
        self.fields["due_on"] = GovukDateField(
            label="By when?", error_messages={"required": "Say by when"}
        )


class MemberForm(forms.Form):
    """Somebody who joins the team."""

    def __init__(self, *args: Any, workers: Choices, **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["user_id"] = chosen_of("Who?", workers, "Choose who joins", is_list=True)
        self.fields["job"] = line(
            "What do they do for the family?", "In words that the family understands",
            "Say what they do for the family",
        )  # fmt: skip
        self.fields["leads"] = forms.BooleanField(label="They lead from now on", required=False)
