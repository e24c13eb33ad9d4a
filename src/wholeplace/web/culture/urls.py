"""Addresses of the word map and of the pulse."""

from django.urls import path

from wholeplace.web.culture import views

__all__ = ["app_name", "urlpatterns"]

app_name = "culture"
urlpatterns = [
    path("words/", views.words, name="words"),
    path("pulse/", views.pulse, name="pulse"),
    path("pulse/answer/", views.answer, name="answer"),
    path("pulse/run/", views.run, name="run"),
]
