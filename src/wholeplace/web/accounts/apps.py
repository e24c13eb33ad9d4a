"""Django's entry for accounts."""

from django.apps import AppConfig

__all__ = ["AccountsConfig"]


class AccountsConfig(AppConfig):
    """Accounts."""

    name = "wholeplace.web.accounts"
    label = "accounts"
    default_auto_field = "django.db.models.BigAutoField"
