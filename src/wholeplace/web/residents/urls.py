"""Addresses of the pages on the resident's account."""

from django.urls import URLPattern

__all__ = ["app_name", "urlpatterns"]

app_name = "residents"
urlpatterns: list[URLPattern] = []
