"""Django's entry for intake."""

from django.apps import AppConfig

__all__ = ["IntakeConfig"]


class IntakeConfig(AppConfig):
    """Intake."""

    name = "wholeplace.web.intake"
    label = "intake"
