"""Addresses of the audit pages."""

from django.urls import path

from wholeplace.web.audit import evidence, use, views

__all__ = ["app_name", "urlpatterns"]

app_name = "audit"

urlpatterns = [
    path("", views.trail, name="trail"),
    path("evidence/", evidence.evidence, name="evidence"),
    path("evidence/head/", evidence.download, name="head"),
    path("evidence/countersign/", evidence.countersign, name="countersign"),
    path("use/", use.clause_use, name="use"),
    path("verify/", evidence.verify, name="verify"),
    path("person/<str:person_id>/", views.person, name="person"),
]
