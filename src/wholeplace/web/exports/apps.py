"""Django's entry for the export airlock."""

from django.apps import AppConfig

__all__ = ["ExportsConfig"]


class ExportsConfig(AppConfig):
    """The export airlock."""

    name = "wholeplace.web.exports"
    label = "exports"
    default_auto_field = "django.db.models.BigAutoField"
