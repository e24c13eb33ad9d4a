"""Django's entry for the resident's account."""

from typing import Any

from django.apps import AppConfig

__all__ = ["ResidentsConfig"]


class ResidentsConfig(AppConfig):
    """The resident's account."""

    name = "wholeplace.web.residents"
    label = "residents"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """End the codes of somebody whose access ends."""
        from wholeplace.web.accounts.changes import access_ended

        access_ended.connect(_end, dispatch_uid="residents.close_codes")


def _end(sender: Any, user: Any, at: Any, **_: Any) -> None:
    from wholeplace.web.residents.codes import close_codes_of

    close_codes_of(str(user.pk), at)
