"""Addresses of the agreements pages."""

from django.urls import path

from wholeplace.web.agreements import views

__all__ = ["app_name", "urlpatterns"]

app_name = "agreements"
urlpatterns = [
    path("", views.list_agreements, name="list"),
    path("matrix/", views.show_matrix, name="matrix"),
    path("<slug:agreement_id>/", views.show_agreement, name="show"),
]
