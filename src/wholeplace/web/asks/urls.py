"""Addresses of asks' pages."""

from django.urls import path

from wholeplace.web.asks import views

__all__ = ["app_name", "urlpatterns"]

app_name = "asks"
urlpatterns = [
    path("", views.list_asks, name="list"),
    path("new/", views.write, name="write"),
    path("register/", views.register, name="register"),
    path("register/<slug:public_ask>/", views.published, name="published"),
    path("<slug:place_ask>/", views.show, name="show"),
    path("<slug:place_ask>/change/", views.change, name="change"),
    path("<slug:place_ask>/step/", views.step, name="step"),
]
