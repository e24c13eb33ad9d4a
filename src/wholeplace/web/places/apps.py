"""Django's entry for places."""

from django.apps import AppConfig

__all__ = ["PlacesConfig"]


class PlacesConfig(AppConfig):
    """Places."""

    name = "wholeplace.web.places"
    label = "places"
