"""Django's entry for hubs."""

from typing import Any

from django.apps import AppConfig

__all__ = ["HubsConfig"]


class HubsConfig(AppConfig):
    """Hubs: choosing, rota and presence, warm handover."""

    name = "wholeplace.web.hubs"
    label = "hubs"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Say what a handover's notice means; end the shifts of somebody whose access ends."""
        from wholeplace.web.accounts.changes import access_ended
        from wholeplace.web.gateway.notices import NoticeWords, register_words

        register_words(
            "handover",
            NoticeWords("A colleague at a hub hands somebody over to you", "See it", "hubs:handed"),
        )
        register_words("swap-asked", NoticeWords("A colleague asks you to take a shift at a hub"))
        register_words("swap-decided", NoticeWords("A colleague answered about a shift at a hub"))
        access_ended.connect(_end, dispatch_uid="hubs.end_shifts")


def _end(sender: Any, user: Any, at: Any, **_: Any) -> None:
    from wholeplace.web.hubs.rota.changes import end_series_of

    end_series_of(str(user.pk), at)
