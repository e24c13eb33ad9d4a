"""Django's entry for the pages of money."""

from django.apps import AppConfig

__all__ = ["MoneyConfig"]


class MoneyConfig(AppConfig):
    """The pages of money."""

    name = "wholeplace.web.money"
    label = "money"
    default_auto_field = "django.db.models.BigAutoField"
