"""Django's entry for agreements."""

from django.apps import AppConfig

__all__ = ["AgreementsConfig"]


class AgreementsConfig(AppConfig):
    """Agreements."""

    name = "wholeplace.web.agreements"
    label = "agreements"
