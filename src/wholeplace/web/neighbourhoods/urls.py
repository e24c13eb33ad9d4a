"""Addresses of neighbourhoods' pages."""

from django.urls import path

from wholeplace.web.neighbourhoods import views

__all__ = ["app_name", "urlpatterns"]

app_name = "neighbourhoods"
urlpatterns = [
    path("", views.list_all, name="list"),
    path("fund/<slug:renewal_fund>/", views.fund, name="fund"),
    path("board/<slug:board_id>/", views.board, name="board"),
]
