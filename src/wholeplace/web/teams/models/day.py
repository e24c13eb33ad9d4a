"""How somebody wants to be reminded, and when they last were."""

from typing import ClassVar

from django.db import models

__all__ = ["MailChoice", "MailSent"]


class MailChoice(models.Model):
    """How one user wants to be reminded by e-mail.

    Shape:
        often: `daily`, `weekly` or `never`.
        quiet_from, quiet_to: hours of the place's day between which nothing is sent.
    """

    user_id = models.CharField(max_length=60, primary_key=True)
    often = models.CharField(max_length=10)
    quiet_from = models.PositiveSmallIntegerField()
    quiet_to = models.PositiveSmallIntegerField()

    def __str__(self) -> str:
        return f"mail choice {self.pk}"


class MailSent(models.Model):
    """That one user was sent a digest on one day; a counts line alone, about nobody."""

    user_id = models.CharField(max_length=60)
    on = models.DateField()

    class Meta:
        """Once a user and day."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["user_id", "on"], name="teams_one_digest_a_day")
        ]

    def __str__(self) -> str:
        return f"mail sent {self.pk}"
