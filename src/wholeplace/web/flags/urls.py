"""Addresses of the pages on subject flags."""

from django.urls import URLPattern

__all__ = ["app_name", "urlpatterns"]

app_name = "flags"
urlpatterns: list[URLPattern] = []
