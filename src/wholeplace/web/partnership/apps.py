"""Django's entry for partnership."""

from django.apps import AppConfig

__all__ = ["PartnershipConfig"]


class PartnershipConfig(AppConfig):
    """Partnership."""

    name = "wholeplace.web.partnership"
    label = "partnership"
