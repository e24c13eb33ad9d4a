"""What every change on a page of hubs brings: which version somebody saw."""

from django import forms

__all__ = ["VersionForm"]


class VersionForm(forms.Form):
    """Which version somebody saw, and what they do."""

    version = forms.IntegerField(min_value=1)
    event = forms.CharField(max_length=20, required=False)
