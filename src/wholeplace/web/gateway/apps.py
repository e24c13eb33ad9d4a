"""Django's entry for the gateway."""

from django.apps import AppConfig

__all__ = ["GatewayConfig"]


class GatewayConfig(AppConfig):
    """The gateway."""

    name = "wholeplace.web.gateway"
    label = "gateway"
    default_auto_field = "django.db.models.BigAutoField"
