"""Django's entry for asks."""

from django.apps import AppConfig

__all__ = ["AsksConfig"]


class AsksConfig(AppConfig):
    """Asks and barriers."""

    name = "wholeplace.web.asks"
    label = "asks"
    default_auto_field = "django.db.models.BigAutoField"
