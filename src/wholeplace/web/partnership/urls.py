"""Addresses of the partnership pages."""

from django.urls import path

from wholeplace.web.partnership import views

__all__ = ["app_name", "urlpatterns"]

app_name = "partnership"
urlpatterns = [path("needs/", views.show_needs, name="needs")]
