"""What a commissioner asks of a choice of hubs."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from wholeplace.places.hubs.sites import HubSite

__all__ = ["ChoiceForm", "TitleForm"]


class ChoiceForm(forms.Form):
    """How many hubs, for whom, and what must hold of them."""

    def __init__(
        self,
        *args: Any,
        uses: Sequence[tuple[str, str]],
        area_sets: Sequence[tuple[str, str]],
        sites: Sequence[HubSite],
        **given: Any,
    ) -> None:
        super().__init__(*args, **given)
        self._sites = len(sites)
        several, pairs = list(uses[:2]), list(uses[2:])
        names = [(each.id, f"{each.name}, {each.address}") for each in sites]
        self.fields["count"] = forms.IntegerField(
            label="How many hubs?",
            help_text=f"Between 1 and {len(sites)}: the place has {len(sites)} candidate sites.",
            widget=forms.TextInput({"class": "govuk-input--width-2", "inputmode": "numeric"}),
            error_messages={"required": "Say how many hubs", "invalid": "Give a whole number"},
        )
        self.fields["used"] = forms.ChoiceField(
            label="For whom?",
            choices=[*several, ("Two services that people use together", pairs)]
            if pairs
            else several,
        )
        self.fields["areas"] = forms.ChoiceField(
            label="Counted in which areas?",
            help_text="Smaller areas place people better; larger ones hide fewer counts.",
            choices=list(area_sets),
        )
        self.fields["keep"] = forms.MultipleChoiceField(
            label="Which sites must stay?", choices=names, required=False,
            widget=forms.CheckboxSelectMultiple,
        )  # fmt: skip
        self.fields["barred"] = forms.MultipleChoiceField(
            label="Which sites cannot be had?", choices=names, required=False,
            widget=forms.CheckboxSelectMultiple,
        )  # fmt: skip
        self.fields["heed_room"] = forms.BooleanField(
            label="Send no site more people than it can take", required=False
        )
        self.fields["cap_km"] = forms.DecimalField(
            label="How far may the tenth who travel furthest go, on average? (optional)",
            help_text="In kilometres, one way. Leave it empty for no limit.",
            required=False, min_value=0, max_value=500, decimal_places=2,
            widget=forms.TextInput({"class": "govuk-input--width-4", "inputmode": "decimal"}),
            error_messages={"invalid": "Give kilometres as a number, such as 2.5"},
        )  # fmt: skip
        self.fields["title"] = forms.CharField(
            label="Name of this choice (optional)", max_length=120, required=False,
            widget=forms.TextInput({"class": "govuk-input--width-20"}),
        )  # fmt: skip

    def clean_count(self) -> int:
        """Refuse a number that no choice could have."""
        count = int(self.cleaned_data["count"])
        if not 1 <= count <= self._sites:
            raise ValidationError(f"Give a number between 1 and {self._sites}")
        return count

    def clean(self) -> dict[str, Any]:
        """Refuse what contradicts itself."""
        found: dict[str, Any] = super().clean() or self.cleaned_data
        keep, barred = set(found.get("keep", ())), set(found.get("barred", ()))
        if keep & barred:
            self.add_error("barred", "A site that must stay cannot be one that cannot be had")
        if "count" in found and len(keep) > found["count"]:
            self.add_error(
                "keep", f"{len(keep)} sites must stay, and you ask for {found['count']} hubs"
            )
        return found

    def asked(self) -> Mapping[str, Any]:
        """Return what is kept of it."""
        cap = self.cleaned_data["cap_km"]
        return {
            "count": self.cleaned_data["count"],
            "used": self.cleaned_data["used"],
            "areas": self.cleaned_data["areas"],
            "keep": sorted(self.cleaned_data["keep"]),
            "barred": sorted(self.cleaned_data["barred"]),
            "heed_room": self.cleaned_data["heed_room"],
            "cap_m": round(cap * 1000) if cap else None,
        }


class TitleForm(forms.Form):
    """Another name for a choice."""

    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    title = forms.CharField(
        label="Name of this choice", max_length=120,
        widget=forms.TextInput({"class": "govuk-input--width-20"}),
        error_messages={"required": "Give it a name"},
    )  # fmt: skip
