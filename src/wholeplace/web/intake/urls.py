"""Addresses of the intake pages."""

from django.urls import path

from wholeplace.web.intake import views

__all__ = ["app_name", "urlpatterns"]

app_name = "intake"
urlpatterns = [
    path("", views.loads, name="loads"),
    path("<slug:dataset>/<str:mark>/", views.quarantine, name="quarantine"),
]
