"""The page that asks somebody to prove again who they are."""

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from wholeplace.web.accounts.fresh import asked_of, mark_confirmed
from wholeplace.web.accounts.models import User
from wholeplace.web.accounts.place import is_demonstration
from wholeplace.web.accounts.routes import route
from wholeplace.web.chain.trail import record

__all__ = ["confirm"]


class _ConfirmForm(forms.Form):
    """The password; an invented person has none."""

    password = forms.CharField(
        label="Password",
        max_length=200,
        strip=False,
        error_messages={"required": "Enter your password"},
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, *args: Any, user: User) -> None:
        super().__init__(*args)
        self._user = user
        if not user.has_usable_password():
            del self.fields["password"]

    def clean_password(self) -> str:
        """Check that the password is theirs."""
        given = str(self.cleaned_data["password"])
        if not self._user.check_password(given):
            raise forms.ValidationError("The password is not right")
        return given


@route(roles="signed-in", shows="operations")
@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, confirmation: str) -> HttpResponse:
    """Ask who they are before one act, and go back to it."""
    user, asked = request.user, asked_of(request, confirmation)
    assert isinstance(user, User)  # noqa: S101 - the route admits nobody else
    if asked is None or (not user.has_usable_password() and not is_demonstration()):
        raise Http404
    form = _ConfirmForm(request.POST if request.method == "POST" else None, user=user)
    if request.method == "POST":
        outcome = "given" if form.is_valid() else "failed"
        record(
            f"account.confirmation-{outcome}",
            actor=str(user.pk),
            organisation=user.organisation,
            action=asked["action"],
        )
        if outcome == "given":
            mark_confirmed(request, confirmation)
            return redirect(asked["next_url"])
    shown = {"form": form, "asked": asked, "is_invented": not user.has_usable_password()}
    return render(request, "accounts/confirm.html", shown)
