"""Django's entry for the resident's account."""

from django.apps import AppConfig

__all__ = ["ResidentsConfig"]


class ResidentsConfig(AppConfig):
    """The resident's account."""

    name = "wholeplace.web.residents"
    label = "residents"
    default_auto_field = "django.db.models.BigAutoField"
