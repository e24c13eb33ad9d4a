"""Addresses of the pages on referrals, cases and plans. None holds a personal value."""

from django.urls import URLPattern, path

from wholeplace.web.teams.meetings.urls import meeting_urls
from wholeplace.web.teams.pages import (
    by_link,
    cases,
    day,
    identify,
    own,
    plans,
    referrals,
    team,
    writing,
)

__all__ = ["app_name", "urlpatterns"]

app_name = "teams"
urlpatterns: list[URLPattern] = [
    path("", day.day, name="day"),
    path("mail/", day.mail, name="mail"),
    path("referrals/", referrals.list_referrals, name="referrals"),
    path("referrals/new/<str:person_id>/", referrals.new, name="refer"),
    path("referrals/<slug:referral_id>/", referrals.show_referral, name="referral"),
    path("referrals/<slug:referral_id>/edit/", referrals.edit, name="edit-referral"),
    path("referrals/<slug:referral_id>/step/", referrals.step, name="referral-step"),
    path("referrals/<slug:referral_id>/who/<int:row>/", identify.identify, name="identify"),
    path("links/", by_link.links, name="links"),
    path("links/<int:link_id>/call-back/", by_link.call_back, name="call-back"),
    path("by-link/<str:secret>/", by_link.by_link, name="by-link"),
    path("my-plan/", own.own_plan, name="own-plan"),
    path("my-plan/ask/", own.ask_for_help, name="ask-for-help"),
    path("my-plan/<slug:case_id>/say/", own.say, name="say"),
    path("my-plan/no-longer/<slug:referral_id>/", own.no_longer, name="no-longer"),
    path("cases/", cases.list_cases, name="cases"),
    path("cases/<slug:case_id>/", cases.show_case, name="case"),
    path("cases/<slug:case_id>/step/", cases.step, name="case-step"),
    path("cases/<slug:case_id>/look/", cases.look, name="look"),
    path("cases/<slug:case_id>/team/", team.team, name="team"),
    path("cases/<slug:case_id>/team/change/", team.change_team, name="change-team"),
    path("cases/<slug:case_id>/people/", team.people, name="people"),
    path("cases/<slug:case_id>/people/change/", team.change_people, name="change-people"),
    path("cases/<slug:case_id>/join/", team.join, name="join"),
    path("cases/<slug:case_id>/undo/<int:joining_id>/", team.undo, name="undo"),
    path("cases/<slug:case_id>/note/", writing.note, name="note"),
    path("cases/<slug:case_id>/assessment/", writing.assess, name="assess"),
    path("cases/<slug:case_id>/plan/", plans.plan, name="plan"),
    path("cases/<slug:case_id>/plan/print/", plans.printed, name="plan-print"),
    path("cases/<slug:case_id>/plan/goal/", plans.goal, name="goal"),
    path("cases/<slug:case_id>/plan/<int:goal_id>/action/", plans.new_action, name="new-action"),
    path("cases/<slug:case_id>/plan/<int:goal_id>/outcome/", plans.outcome, name="outcome"),
    path("cases/<slug:case_id>/plan/<int:goal_id>/lasts/", plans.sustained, name="sustained"),
    path("cases/<slug:case_id>/words/<int:word_id>/", plans.answer, name="answer"),
    path("words/<slug:word>/", plans.family_word, name="family-word"),
    path("actions/<slug:action_id>/", plans.action, name="action"),
    path("actions/<slug:action_id>/step/", plans.action_step, name="action-step"),
    *meeting_urls,
]
