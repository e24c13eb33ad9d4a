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
        """End the codes of somebody whose access ends; tell other pages whose record is whose."""
        from wholeplace.web.accounts.changes import access_ended
        from wholeplace.web.gateway.own_record import register_finder

        register_finder(_own_person)
        access_ended.connect(_end, dispatch_uid="residents.close_codes")


def _end(sender: Any, user: Any, at: Any, **_: Any) -> None:
    from wholeplace.web.residents.codes import close_codes_of

    close_codes_of(str(user.pk), at)


def _own_person(user_id: str) -> str:
    from wholeplace.web.residents.binding import bound_person

    return bound_person(user_id).person_id
