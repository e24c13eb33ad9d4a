"""Addresses of accounts."""

from django.urls import path

from wholeplace.web.accounts import (
    account,
    administration,
    arrivals,
    confirming,
    helping,
    review,
    steps,
    views,
)

__all__ = ["app_name", "urlpatterns"]

app_name = "accounts"

_SIGNING_IN = [
    path("sign-in/", views.sign_in, name="sign-in"),
    path("sign-in/code/", views.sign_in_code, name="sign-in-code"),
    path("sign-in/with/<slug:provider>/", arrivals.with_provider, name="with-provider"),
    path("sign-in/with/<slug:provider>/back/", arrivals.back_from_provider, name="back-from-provider"),
    path("sign-in/with/<slug:provider>/sign-out/", arrivals.provider_signs_out, name="provider-signs-out"),
    path("sign-out/", views.sign_out_view, name="sign-out"),
    path("persona/", views.persona, name="persona"),
    path("invitation/<str:secret>/", views.accept, name="accept"),
    path("new-password/<str:secret>/", views.reset, name="reset"),
]  # fmt: skip

_OWN_ACCOUNT = [
    path("account/", account.account, name="account"),
    path("account/confirm/<str:confirmation>/", confirming.confirm, name="confirm"),
    path("account/second-step/", steps.second_step, name="second-step"),
    path("account/second-step/codes/", steps.new_codes, name="new-codes"),
    path("account/second-step/replace/", steps.replace_second_step, name="replace-second-step"),
    path("account/role/", account.role, name="role"),
    path("account/password/", account.change_password, name="password"),
    path("account/places/end/", account.end_others, name="end-others"),
    path("account/places/<int:place>/end/", account.end_place, name="end-place"),
    path("account/providers/<slug:provider>/", arrivals.link_provider, name="link-provider"),
]

_PEOPLE = [
    path("accounts/people/", administration.list_people, name="people"),
    path("accounts/people/review/", review.review_people, name="review"),
    path("accounts/people/record/", review.record_of_changes, name="record"),
    path("accounts/people/invite/<slug:organisation>/", administration.invite_person, name="invite"),
    path("accounts/people/<int:user_id>/", administration.person, name="person"),
    path("accounts/people/<int:user_id>/leave/", administration.person_leaves, name="leave"),
    path("accounts/people/<int:user_id>/suspend/", administration.person_pauses, name="suspend"),
    path("accounts/people/<int:user_id>/resume/", administration.person_resumes, name="resume"),
    path("accounts/people/<int:user_id>/move/<slug:organisation>/", administration.person_moves, name="move"),
    path("accounts/people/<int:user_id>/password/", helping.new_password_link, name="reset-link"),
    path("accounts/people/<int:user_id>/second-step/", helping.second_step_reset, name="reset-second-step"),
]  # fmt: skip

urlpatterns = [*_SIGNING_IN, *_OWN_ACCOUNT, *_PEOPLE]
