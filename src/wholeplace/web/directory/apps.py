"""Django's entry for the directory."""

from django.apps import AppConfig

__all__ = ["DirectoryConfig"]


class DirectoryConfig(AppConfig):
    """The directory."""

    name = "wholeplace.web.directory"
    label = "directory"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Offer the catalogue to every room and app that looks for services."""
        from wholeplace.directory import offer_catalogue
        from wholeplace.web.directory.shelf import open_catalogue

        offer_catalogue(open_catalogue)
