"""Django's entry for the audit pages."""

from django.apps import AppConfig

__all__ = ["AuditConfig"]


class AuditConfig(AppConfig):
    """The audit pages."""

    name = "wholeplace.web.audit"
    label = "audit"
    default_auto_field = "django.db.models.BigAutoField"
