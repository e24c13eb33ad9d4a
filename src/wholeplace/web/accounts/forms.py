"""What people type about accounts."""

import datetime as dt
from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from wholeplace.web.accounts.models import User
from wholeplace.web.accounts.place import served_place
from wholeplace.web.accounts.roles import ADMINISTRATOR

__all__ = [
    "AcceptForm",
    "CodeForm",
    "ConfirmForm",
    "InviteForm",
    "NewPasswordForm",
    "PasswordForm",
    "RolesForm",
    "SignInForm",
]


def role_choices(organisation: str) -> list[tuple[str, str]]:
    """Return the roles that a partner's people may have, with their words."""
    place = served_place()
    partner = place.partners.get(organisation)
    allowed = [*(partner.roles if partner else ()), ADMINISTRATOR]
    words = place.vocabulary.roles
    return [(role, words[role].label if role in words else role) for role in dict.fromkeys(allowed)]


class SignInForm(forms.Form):
    """Address and password."""

    email = forms.EmailField(
        label="Email address",
        max_length=254,
        error_messages={"required": "Enter your email address"},
        widget=forms.EmailInput(attrs={"autocomplete": "username", "spellcheck": "false"}),
    )
    password = forms.CharField(
        label="Password",
        max_length=200,
        strip=False,
        error_messages={"required": "Enter your password"},
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class CodeForm(forms.Form):
    """A code of an authenticator app."""

    code = forms.CharField(
        label="Code",
        max_length=40,
        help_text="Six digits that your authenticator app shows now.",
        error_messages={"required": "Enter the code that your authenticator app shows"},
        widget=forms.TextInput(
            attrs={
                "autocomplete": "one-time-code",
                "inputmode": "numeric",
                "spellcheck": "false",
                "class": "govuk-input--width-10",
            }
        ),
    )


class ConfirmForm(CodeForm):
    """Password and code together; people of a sign-in provider have no password here."""

    field_order = ("password", "code")

    password = forms.CharField(
        label="Password",
        max_length=200,
        strip=False,
        error_messages={"required": "Enter your password"},
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, *args: Any, has_password: bool, **given: Any) -> None:
        super().__init__(*args, **given)
        if not has_password:
            del self.fields["password"]


class AcceptForm(forms.Form):
    """What an invited person adds: name and password."""

    name = forms.CharField(
        label="Full name",
        max_length=120,
        help_text="As your colleagues know you.",
        error_messages={"required": "Enter your full name"},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    password = forms.CharField(
        label="Password",
        max_length=200,
        strip=False,
        help_text="At least 12 characters. Three words that have nothing to do with each other work well.",
        error_messages={"required": "Enter a password"},
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, email: str, **given: Any) -> None:
        self._email = email
        super().__init__(*args, **given)

    def clean(self) -> dict[str, Any]:
        """Check the password against the name and address too."""
        cleaned = super().clean() or {}
        if cleaned.get("password"):
            try:
                validate_password(
                    cleaned["password"], User(email=self._email, name=cleaned.get("name", ""))
                )
            except ValidationError as error:
                self.add_error("password", error)
        return cleaned


class PasswordForm(forms.Form):
    """A new password, with the old one to show who asks."""

    current = forms.CharField(
        label="Current password",
        strip=False,
        max_length=200,
        error_messages={"required": "Enter your current password"},
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    password = forms.CharField(
        label="New password",
        strip=False,
        max_length=200,
        error_messages={"required": "Enter a new password"},
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, user: User, **given: Any) -> None:
        self._user = user
        self.asked_at = dt.datetime.now(dt.UTC)
        super().__init__(*args, **given)

    def clean_current(self) -> str:
        """Check that the current password is theirs."""
        if not self._user.check_password(self.cleaned_data["current"]):
            raise ValidationError("Your current password is not right")
        return str(self.cleaned_data["current"])

    def clean_password(self) -> str:
        """Check the new one's strength."""
        validate_password(self.cleaned_data["password"], self._user)
        return str(self.cleaned_data["password"])


class NewPasswordForm(forms.Form):
    """A new password, by a link."""

    password = forms.CharField(
        label="New password",
        strip=False,
        max_length=200,
        help_text="At least 12 characters. Three words that have nothing to do with each other work well.",
        error_messages={"required": "Enter a new password"},
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, user: User, **given: Any) -> None:
        self._user = user
        super().__init__(*args, **given)

    def clean_password(self) -> str:
        """Check its strength."""
        validate_password(self.cleaned_data["password"], self._user)
        return str(self.cleaned_data["password"])


class RolesForm(forms.Form):
    """The roles of one person, limited to their partner's."""

    roles = forms.MultipleChoiceField(
        label="Roles",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Select at least one role"},
    )

    def __init__(self, *args: Any, organisation: str, **given: Any) -> None:
        super().__init__(*args, **given)
        field = self.fields["roles"]
        assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101 - for the type checker
        field.choices = role_choices(organisation)


class InviteForm(RolesForm):
    """Whom to invite into one organisation, and in which roles."""

    field_order = ("email", "roles")

    email = forms.EmailField(
        label="Work email address",
        max_length=254,
        error_messages={"required": "Enter their email address"},
        widget=forms.EmailInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
