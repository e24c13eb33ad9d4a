"""Django's entry for commissioning."""

from django.apps import AppConfig

__all__ = ["CommissioningConfig"]


class CommissioningConfig(AppConfig):
    """Commissioning."""

    name = "wholeplace.web.commissioning"
    label = "commissioning"
    default_auto_field = "django.db.models.BigAutoField"
