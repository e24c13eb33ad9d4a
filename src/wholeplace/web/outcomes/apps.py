"""Django's entry for outcomes."""

from django.apps import AppConfig

__all__ = ["OutcomesConfig"]


class OutcomesConfig(AppConfig):
    """Outcomes."""

    name = "wholeplace.web.outcomes"
    label = "outcomes"
    default_auto_field = "django.db.models.BigAutoField"
