"""Every address of the site, app by app."""

from django.urls import URLPattern, URLResolver, include, path

from wholeplace.web.site import views

__all__ = ["urlpatterns"]

_APPS = (
    ("", "accounts"),
    ("agreements/", "agreements"),
    ("asks/", "asks"),
    ("commissioning/", "commissioning"),
    ("audit/", "audit"),
    ("", "directory"),
    ("exports/", "exports"),
    ("flags/", "flags"),
    ("hubs/", "hubs"),
    ("data/", "intake"),
    ("matches/", "linkage"),
    ("money/", "money"),
    ("neighbourhoods/", "neighbourhoods"),
    ("outcomes/", "outcomes"),
    ("", "partnership"),
    ("people/", "people"),
    ("places/", "places"),
    ("reasons/", "reasons"),
    ("my-record/", "residents"),
    ("retention/", "retention"),
    ("teams/", "teams"),
    ("culture/", "culture"),
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.home, name="home"),
    path("tour/", views.tour, name="tour"),
    *(path(prefix, include(f"wholeplace.web.{app}.urls")) for prefix, app in _APPS),
]
