"""Django's entry for the export airlock."""

from typing import Any

from django.apps import AppConfig

__all__ = ["ExportsConfig"]


class ExportsConfig(AppConfig):
    """The export airlock."""

    name = "wholeplace.web.exports"
    label = "exports"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Take back the requests of somebody whose access ends."""
        from wholeplace.web.accounts.changes import access_ended

        access_ended.connect(_end, dispatch_uid="exports.withdraw_all")


def _end(sender: Any, user: Any, at: Any, **_: Any) -> None:
    from wholeplace.web.exports.requests import withdraw_all_of

    withdraw_all_of(str(user.pk), at)
