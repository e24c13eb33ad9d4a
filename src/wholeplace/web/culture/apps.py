"""Django's entry for culture."""

from django.apps import AppConfig

__all__ = ["CultureConfig"]


class CultureConfig(AppConfig):
    """The map of words, and the partnership pulse."""

    name = "wholeplace.web.culture"
    label = "culture"
    default_auto_field = "django.db.models.BigAutoField"
