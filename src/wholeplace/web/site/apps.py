"""Django's entry for the site."""

from django.apps import AppConfig

__all__ = ["SiteConfig"]


class SiteConfig(AppConfig):
    """The shell around every page."""

    name = "wholeplace.web.site"
    label = "site"
