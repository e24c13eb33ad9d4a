"""Addresses of the pages on hubs. No address holds a personal value."""

from django.urls import path

from wholeplace.web.hubs.handing import views as handing
from wholeplace.web.hubs.planning import views as planning
from wholeplace.web.hubs.rota import views as rota

__all__ = ["app_name", "urlpatterns"]

app_name = "hubs"
urlpatterns = [
    path("", rota.today, name="today"),
    path("here/<slug:site_id>/", rota.mark, name="mark"),
    path("week/<slug:site_id>/", rota.week, name="week"),
    path("rota/", rota.mine, name="mine"),
    path("rota/add/", rota.add, name="add"),
    path("rota/calendar/", rota.calendar, name="calendar"),
    path("rota/swap/<int:change_id>/", rota.swap, name="swap"),
    path("rota/day/<int:change_id>/", rota.restore, name="restore-day"),
    path("rota/<slug:rota_id>/", rota.day, name="day"),
    path("rota/<slug:rota_id>/end/", rota.until, name="end"),
    path("hand-over/to/<int:user_id>/", handing.give, name="hand-over"),
    path("handed/", handing.handovers, name="handovers"),
    path("handed/<slug:handover_id>/", handing.handed, name="handed"),
    path("handed/<slug:handover_id>/take-on/", handing.take, name="take-on"),
    path("plan/", planning.choices, name="choices"),
    path("plan/new/", planning.new, name="new"),
    path("plan/compare/", planning.compare, name="compare"),
    path("plan/<slug:choice_id>/", planning.choice, name="choice"),
    path("plan/<slug:choice_id>/title/", planning.title, name="title"),
    path("plan/<slug:choice_id>/remove/", planning.remove, name="remove"),
    path("plan/<slug:choice_id>/restore/", planning.restore, name="restore"),
]
