"""Django's entry for the chain."""

from django.apps import AppConfig

__all__ = ["ChainConfig"]


class ChainConfig(AppConfig):
    """The chain."""

    name = "wholeplace.web.chain"
    label = "chain"
    default_auto_field = "django.db.models.BigAutoField"
