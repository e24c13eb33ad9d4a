"""Django's entry for the review of doubtful matches."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_delete

__all__ = ["LinkageConfig"]


class LinkageConfig(AppConfig):
    """The review of doubtful matches."""

    name = "wholeplace.web.linkage"
    label = "linkage"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Let a review go with the first of its anchors: one record alone is no pair."""
        post_delete.connect(
            _forget, sender=self.get_model("MatchAnchor"), dispatch_uid="linkage.forget"
        )


def _forget(sender: Any, instance: Any, **_: Any) -> None:
    from wholeplace.web.linkage.models import MatchAnchor, MatchAnswer, MatchReview

    MatchReview.objects.filter(pk=instance.review).delete()
    MatchAnswer.objects.filter(review=instance.review).delete()
    MatchAnchor.objects.filter(review=instance.review).delete()
