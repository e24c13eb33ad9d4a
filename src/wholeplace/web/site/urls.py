"""Every address of the site, app by app."""

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

__all__ = ["urlpatterns"]

_APPS = (
    ("", "accounts"),
    ("agreements/", "agreements"),
    ("audit/", "audit"),
    ("data/", "intake"),
    ("", "partnership"),
    ("people/", "people"),
    ("places/", "places"),
)

urlpatterns: list[URLPattern | URLResolver] = [
    path(prefix, include(f"wholeplace.web.{app}.urls"))
    for prefix, app in _APPS
    if find_spec(f"wholeplace.web.{app}") and find_spec(f"wholeplace.web.{app}.urls")
]
