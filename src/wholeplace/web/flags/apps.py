"""Django's entry for subject flags."""

from django.apps import AppConfig

__all__ = ["FlagsConfig"]


class FlagsConfig(AppConfig):
    """Subject flags."""

    name = "wholeplace.web.flags"
    label = "flags"
    default_auto_field = "django.db.models.BigAutoField"
