"""Addresses of places' pages."""

from django.urls import path

from wholeplace.web.places import boundaries, comparing, profiles, responsible, views

__all__ = ["app_name", "urlpatterns"]

app_name = "places"

urlpatterns = [
    path("", views.place, name="place"),
    path("compare/", comparing.compare, name="compare"),
    path("boundaries/", boundaries.boundaries, name="boundaries"),
    path("boundaries/<slug:source>/<slug:target>/", boundaries.fit, name="fit"),
    path("profiles/", profiles.profiles, name="profiles"),
    path("profiles/<slug:areas>/<str:code>/", profiles.profile, name="profile"),
    path("who/", responsible.who, name="who"),
]
