"""Addresses of the pages on reasons to look. No address holds a personal value."""

from django.urls import path

from wholeplace.web.reasons import answering, asking, glass, views

__all__ = ["app_name", "urlpatterns"]

app_name = "reasons"

urlpatterns = [
    path("", views.mine, name="mine"),
    path("given/<str:reason_id>/", views.reply, name="reply"),
    path("given/<str:reason_id>/close/", views.close, name="close"),
    path("told/<int:notice_id>/", views.read, name="read"),
    path("break-glass/", glass.by_facts, name="break-glass-by-facts"),
    path("break-glass/asked/<str:ask_id>/", glass.waiting, name="waiting"),
    path("break-glass/of/<str:person_id>/", glass.of_person, name="break-glass"),
    path("confirm/", glass.seconds, name="seconds"),
    path("confirm/<str:ask_id>/", glass.second, name="second"),
    path("review/", views.queue, name="queue"),
    path("review/<str:reason_id>/", views.review, name="review"),
    path("counts/", views.counts, name="counts"),
    path("requests/", asking.asked, name="asked"),
    path("requests/about/<str:person_id>/", asking.ask_partner, name="ask"),
    path("requests/inbox/", answering.inbox, name="inbox"),
    path("requests/inbox/<str:request_id>/", answering.answer, name="answer"),
    path("requests/inbox/<str:request_id>/take-on/", answering.take_on, name="take-on"),
    path("requests/log/", asking.log, name="log"),
    path("requests/sent/<str:request_id>/", asking.follow, name="follow"),
    path("requests/sent/<str:request_id>/withdraw/", asking.take_back, name="withdraw"),
    path("requests/sent/<str:request_id>/link/", asking.new_link, name="new-link"),
    path("requests/sent/<str:request_id>/call-back/", asking.call_back, name="call-back"),
    path("requests/record/<str:request_id>/", asking.record_page, name="record"),
    path("answer/<str:secret>/", answering.by_link, name="by-link"),
]
