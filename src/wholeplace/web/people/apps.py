"""Django's entry for people."""

from django.apps import AppConfig

__all__ = ["PeopleConfig"]


class PeopleConfig(AppConfig):
    """People."""

    name = "wholeplace.web.people"
    label = "people_pages"
