"""Django's entry for neighbourhoods."""

from django.apps import AppConfig

__all__ = ["NeighbourhoodsConfig"]


class NeighbourhoodsConfig(AppConfig):
    """Neighbourhoods."""

    name = "wholeplace.web.neighbourhoods"
    label = "neighbourhoods"
