"""Addresses of the pages on referrals, cases and plans. None holds a personal value."""

from django.urls import URLPattern

from wholeplace.web.teams.meetings.urls import meeting_urls

__all__ = ["app_name", "urlpatterns"]

app_name = "teams"
urlpatterns: list[URLPattern] = [*meeting_urls]
