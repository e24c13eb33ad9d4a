"""Django's entry for the look."""

from django.apps import AppConfig

__all__ = ["LookConfig"]


class LookConfig(AppConfig):
    """What every page is drawn with."""

    name = "wholeplace.web.look"
    label = "look"
