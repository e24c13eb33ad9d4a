"""Django's entry for the gateway."""

from typing import Any

from django.apps import AppConfig

__all__ = ["GatewayConfig"]


class GatewayConfig(AppConfig):
    """The gateway."""

    name = "wholeplace.web.gateway"
    label = "gateway"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Close the reasons of whoever may no longer sign in."""
        from wholeplace.web.accounts.changes import access_ended

        access_ended.connect(_close_reasons, dispatch_uid="gateway.close_reasons")


def _close_reasons(sender: Any, user: Any, at: Any, **_: Any) -> None:
    from wholeplace.web.gateway.reasons import close_reasons_of

    close_reasons_of(str(user.pk), at)
