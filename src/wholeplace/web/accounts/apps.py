"""Django's entry for accounts."""

from django.apps import AppConfig

__all__ = ["AccountsConfig"]


class AccountsConfig(AppConfig):
    """Accounts."""

    name = "wholeplace.web.accounts"
    label = "accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Keep where people are signed in, however they sign in."""
        from django.contrib.auth.signals import user_logged_in, user_logged_out

        from wholeplace.web.accounts.sessions import note_sign_in, note_sign_out

        user_logged_in.connect(note_sign_in, dispatch_uid="accounts.note_sign_in")
        user_logged_out.connect(note_sign_out, dispatch_uid="accounts.note_sign_out")
