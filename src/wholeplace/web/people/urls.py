"""Addresses of people's pages. No address holds a personal value."""

from django.urls import path

from wholeplace.web.people import caseload, search, views

__all__ = ["app_name", "urlpatterns"]

app_name = "people"

urlpatterns = [
    path("", search.search, name="search"),
    path("mine/", caseload.caseload, name="caseload"),
    path("<str:person_id>/", views.person, name="person"),
    path("<str:person_id>/reason/", views.reason, name="reason"),
]
