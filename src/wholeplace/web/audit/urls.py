"""Addresses of the audit pages."""

from django.urls import path

from wholeplace.web.audit import views

__all__ = ["app_name", "urlpatterns"]

app_name = "audit"

urlpatterns = [
    path("", views.trail, name="trail"),
    path("verify/", views.verify, name="verify"),
    path("person/<str:person_id>/", views.person, name="person"),
]
