"""Addresses of the pages on subject flags."""

from django.urls import URLPattern, path

from wholeplace.web.flags import alerts, ending, stating, views

__all__ = ["app_name", "urlpatterns"]

app_name = "flags"
_PERSON = "person/<str:person_id>/"
urlpatterns: list[URLPattern] = [
    path("", views.home, name="home"),
    path("asked-for/", alerts.asked_for, name="asked-for"),
    path(_PERSON, views.person, name="person"),
    path(f"{_PERSON}consent/", stating.consent, name="consent"),
    path(f"{_PERSON}objection/", stating.objection, name="objection"),
    path(f"{_PERSON}restriction/", stating.restriction, name="restriction"),
    path(f"{_PERSON}seal/", stating.seal, name="seal"),
    path(f"{_PERSON}opt-out-check/", stating.opt_out_check, name="opt-out-check"),
    path(f"{_PERSON}<slug:ref>/", ending.end, name="end"),
    path(f"{_PERSON}<slug:ref>/receipt/", views.receipt, name="receipt"),
]
