"""Django's entry for teams."""

from typing import Any

from django.apps import AppConfig

__all__ = ["TeamsConfig"]


class TeamsConfig(AppConfig):
    """Referrals, cases, plans, actions and meetings."""

    name = "wholeplace.web.teams"
    label = "teams"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Take somebody whose access ends out of every team, and end what they alone wait for."""
        from wholeplace.web.accounts.changes import access_ended
        from wholeplace.web.gateway.handovers import register_taker
        from wholeplace.web.teams.changes.handing import HandoverReferrals
        from wholeplace.web.teams.telling import register

        register()
        register_taker(HandoverReferrals())
        access_ended.connect(_end, dispatch_uid="teams.leave_all")


def _end(sender: Any, user: Any, at: Any, **_: Any) -> None:
    from wholeplace.web.teams.changes.leaving import leave_all_of
    from wholeplace.web.teams.meetings.room import leave_every_room

    leave_all_of(str(user.pk), at)
    leave_every_room(str(user.pk), at)
