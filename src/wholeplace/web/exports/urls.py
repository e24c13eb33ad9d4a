"""Addresses of the airlock's pages."""

from django.urls import path

from wholeplace.web.exports import views

__all__ = ["app_name", "urlpatterns"]

app_name = "exports"
urlpatterns = [
    path("", views.list_exports, name="list"),
    path("register/", views.register, name="register"),
    path("ask/<slug:report_id>/", views.ask, name="ask"),
    path("<slug:export_id>/", views.show, name="show"),
    path("<slug:export_id>/step/", views.step, name="step"),
    path("<slug:export_id>/file/", views.download, name="download"),
]
