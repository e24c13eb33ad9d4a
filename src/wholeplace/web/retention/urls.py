"""Addresses of the pages on retention and erasure."""

from django.urls import URLPattern

__all__ = ["app_name", "urlpatterns"]

app_name = "retention"
urlpatterns: list[URLPattern] = []
