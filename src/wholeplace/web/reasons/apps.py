"""Django's entry for reasons to look."""

from django.apps import AppConfig

__all__ = ["ReasonsConfig"]


class ReasonsConfig(AppConfig):
    """Reasons to look."""

    name = "wholeplace.web.reasons"
    label = "reasons"
    default_auto_field = "django.db.models.BigAutoField"
