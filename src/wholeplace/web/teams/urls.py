"""Addresses of the pages on referrals, cases and plans. None holds a personal value."""

from django.urls import URLPattern

__all__ = ["app_name", "urlpatterns"]

app_name = "teams"
urlpatterns: list[URLPattern] = []
