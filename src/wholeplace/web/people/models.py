"""When somebody searched, for the limit against trawling. Never what for."""

from typing import ClassVar

from django.db import models

__all__ = ["Search"]


class Search(models.Model):
    """One search by one user; rows older than a day are swept away."""

    user_id = models.CharField(max_length=60)
    at = models.DateTimeField()

    class Meta:
        """Found by user and time."""

        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["user_id", "at"], name="people_search_user_at")
        ]

    def __str__(self) -> str:
        return f"search {self.pk}"
