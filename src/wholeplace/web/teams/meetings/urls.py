"""Addresses of the pages on meetings, under those of teams. None holds a personal value."""

from django.urls import URLPattern, path

from wholeplace.web.teams.meetings import overlap_page, pages, room_pages

__all__ = ["meeting_urls"]

meeting_urls: list[URLPattern] = [
    path("overlap/", overlap_page.overlap, name="overlap"),
    path("meetings/", pages.list_meetings, name="meetings"),
    path("meetings/new-series/", pages.new_series, name="meeting-new-series"),
    path("meetings/series/<slug:series_id>/", pages.series, name="meeting-series"),
    path("meetings/series/<slug:series_id>/step/", pages.series_step, name="meeting-series-step"),
    path("meetings/<slug:meeting_id>/", pages.show_meeting, name="meeting"),
    path("meetings/<slug:meeting_id>/step/", pages.meeting_step, name="meeting-step"),
    path("meetings/<slug:meeting_id>/invitation/", pages.invitation, name="meeting-invitation"),
    path("meetings/<slug:meeting_id>/pack/", room_pages.pack, name="meeting-pack"),
    path("meetings/<slug:meeting_id>/room/", room_pages.room_view, name="meeting-room"),
    path("meetings/<slug:meeting_id>/door/", room_pages.door, name="meeting-door"),
    path("meetings/<slug:meeting_id>/minutes/", room_pages.show_minutes, name="meeting-minutes"),
    path("meetings/<slug:meeting_id>/agree/", room_pages.agree, name="meeting-agree"),
    path("meetings/<slug:meeting_id>/items/<int:item_id>/", room_pages.item, name="meeting-item"),
    path(
        "meetings/<slug:meeting_id>/items/<int:item_id>/step/",
        room_pages.item_step,
        name="meeting-item-step",
    ),
]
