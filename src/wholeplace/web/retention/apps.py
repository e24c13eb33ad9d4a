"""Django's entry for retention and erasure."""

from django.apps import AppConfig

__all__ = ["RetentionConfig"]


class RetentionConfig(AppConfig):
    """Retention and erasure."""

    name = "wholeplace.web.retention"
    label = "retention"
    default_auto_field = "django.db.models.BigAutoField"
