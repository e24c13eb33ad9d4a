"""Addresses of the pages on reasons to look."""

from django.urls import URLPattern

__all__ = ["app_name", "urlpatterns"]

app_name = "reasons"
urlpatterns: list[URLPattern] = []
