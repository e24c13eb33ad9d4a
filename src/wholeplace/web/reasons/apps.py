"""Django's entry for reasons to look."""

from typing import Any

from django.apps import AppConfig

__all__ = ["ReasonsConfig"]


class ReasonsConfig(AppConfig):
    """Reasons to look."""

    name = "wholeplace.web.reasons"
    label = "reasons"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Take back what somebody asked whose access ends."""
        from wholeplace.web.accounts.changes import access_ended

        access_ended.connect(_end, dispatch_uid="reasons.end_asks")


def _end(sender: Any, user: Any, at: Any, **_: Any) -> None:
    from wholeplace.web.reasons.leaving import end_asks_of

    end_asks_of(str(user.pk), at)
