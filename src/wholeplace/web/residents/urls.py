"""Addresses of the pages on the resident's account."""

from django.urls import URLPattern, path

from wholeplace.web.residents import staff, views, withheld

__all__ = ["app_name", "urlpatterns"]

app_name = "residents"
urlpatterns: list[URLPattern] = [
    path("", views.account, name="account"),
    path("start/", views.start, name="start"),
    path("print/", views.printed, name="print"),
    path("file/", views.download, name="download"),
    path("shared/", views.shared, name="shared"),
    path("ask/", views.asking, name="ask"),
    path("ask/withdraw/", views.withdraw, name="withdraw"),
    path("codes/", staff.start_code, name="start-code"),
    path("codes/<str:person_id>/", staff.give, name="give-code"),
    path("letters/", staff.letter, name="letter"),
    path("requests/", staff.requests, name="requests"),
    path("requests/<int:request_id>/", staff.request_page, name="request"),
    path("left-out/", withheld.marks, name="marks"),
    path("left-out/new/<str:person_id>/", withheld.new_mark, name="new-mark"),
    path("left-out/<int:mark_id>/", withheld.mark_page, name="mark"),
]
