"""Addresses of the pages on retention and erasure."""

from django.urls import path

from wholeplace.web.retention import views

__all__ = ["app_name", "urlpatterns"]

app_name = "retention"
urlpatterns = [
    path("", views.overview, name="overview"),
    path("receipts/", views.receipts, name="receipts"),
    path("erasure/", views.requests_list, name="requests"),
    path("erasure/ask/", views.ask, name="ask"),
    path("erasure/let-back/", views.let_back, name="let-back"),
    path("erasure/<str:erasure_id>/", views.request_page, name="request"),
    path("erasure/<str:erasure_id>/decide/", views.decide, name="decide"),
]
