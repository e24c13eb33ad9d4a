"""Every address of the site, app by app."""

from django.urls import URLPattern, URLResolver, include, path

from wholeplace.web.site import views

__all__ = ["urlpatterns"]

_APPS = (
    ("", "accounts"),
    ("agreements/", "agreements"),
    ("audit/", "audit"),
    ("exports/", "exports"),
    ("flags/", "flags"),
    ("hubs/", "hubs"),
    ("data/", "intake"),
    ("", "partnership"),
    ("people/", "people"),
    ("places/", "places"),
    ("reasons/", "reasons"),
    ("my-record/", "residents"),
    ("retention/", "retention"),
    ("teams/", "teams"),
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.home, name="home"),
    path("tour/", views.tour, name="tour"),
    *(path(prefix, include(f"wholeplace.web.{app}.urls")) for prefix, app in _APPS),
]
