"""What a demonstration begins with: each app's own examples, so that no page opens empty."""

from importlib import import_module
from typing import TYPE_CHECKING

from django.apps import apps
from django.utils.module_loading import module_has_submodule

from wholeplace.foundation.errors import UnsafeActionError

if TYPE_CHECKING:
    from wholeplace.web.gateway.wiring import OpenPlace

__all__ = ["make_examples"]


def make_examples(place: "OpenPlace") -> tuple[str, ...]:
    """Let every app that has a `demonstration.make_examples(place)` make its examples.

    Each app's examples are made through the same functions as the real thing, and once only:
    asked again, an app changes nothing.

    Returns:
        The apps that have examples.

    Raises:
        UnsafeActionError: if the place's people are real.
    """
    if not place.place.place.invented:
        raise UnsafeActionError(
            "No examples were made.",
            "This place's people are real: place.yaml does not say that they are invented.",
            "Work with what people enter.",
        )
    made = []
    try:
        for app in apps.get_app_configs():
            is_page_app = app.name.startswith("wholeplace.web.")
            is_ours = is_page_app and app.label not in ("site", "gateway")
            if is_ours and app.module and module_has_submodule(app.module, "demonstration"):
                import_module(f"{app.name}.demonstration").make_examples(place)
                made.append(app.label)
    finally:
        # The engine's threads do not survive the fork by which the server starts its workers.
        place.snapshot_reader.close()
    return tuple(made)
