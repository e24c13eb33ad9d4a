"""Addresses of the review of doubtful matches."""

from django.urls import path

from wholeplace.web.linkage import quality, views

__all__ = ["app_name", "urlpatterns"]

app_name = "linkage"
urlpatterns = [
    path("", views.queue, name="queue"),
    path("contradictions/", views.contradictions, name="contradictions"),
    path("quality/", quality.show_quality, name="quality"),
    path("quality/draw/", quality.draw, name="draw"),
    path("model/", quality.show_model, name="model"),
    path("pairs/<str:pair>/", views.show_pair, name="pair"),
    path("pairs/<str:pair>/answer/", views.answer, name="answer"),
    path("pairs/<str:pair>/undo/", views.undo, name="undo"),
]
