"""Addresses of the pages on the export airlock."""

from django.urls import URLPattern

__all__ = ["app_name", "urlpatterns"]

app_name = "exports"
urlpatterns: list[URLPattern] = []
