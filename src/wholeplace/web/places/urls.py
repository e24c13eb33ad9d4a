"""Addresses of places' pages."""

from django.urls import path

from wholeplace.web.places import views

__all__ = ["app_name", "urlpatterns"]

app_name = "places"

urlpatterns = [path("", views.place, name="place")]
