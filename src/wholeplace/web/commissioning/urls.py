"""Addresses of commissioning's pages."""

from django.urls import path

from wholeplace.web.commissioning import views

__all__ = ["app_name", "urlpatterns"]

app_name = "commissioning"
urlpatterns = [
    path("", views.list_contracts, name="list"),
    path("new/", views.write, name="write"),
    path("open-contracting.json", views.open_contracting, name="open-contracting"),
    path("grants.json", views.grants, name="grants"),
    path("<slug:contract_id>/", views.show, name="show"),
    path("<slug:contract_id>/change/", views.change, name="change"),
    path("<slug:contract_id>/step/", views.step, name="step"),
    path("<slug:contract_id>/milestone/", views.milestone, name="milestone"),
    path("<slug:contract_id>/outcome/", views.outcome, name="outcome"),
    path("<slug:contract_id>/payment/", views.payment, name="payment"),
]
