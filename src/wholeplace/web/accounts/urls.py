"""Addresses of accounts."""

from django.urls import path

from wholeplace.web.accounts import administration, confirming, views

__all__ = ["app_name", "urlpatterns"]

app_name = "accounts"

urlpatterns = [
    path("sign-in/", views.sign_in, name="sign-in"),
    path("sign-out/", views.sign_out_view, name="sign-out"),
    path("persona/", views.persona, name="persona"),
    path("invitation/<str:secret>/", views.accept, name="accept"),
    path("account/", views.account, name="account"),
    path("account/confirm/<str:confirmation>/", confirming.confirm, name="confirm"),
    path("account/role/", views.role, name="role"),
    path("account/password/", views.change_password, name="password"),
    path("accounts/people/", administration.list_people, name="people"),
    path(
        "accounts/people/invite/<slug:organisation>/", administration.invite_person, name="invite"
    ),
    path("accounts/people/<int:user_id>/", administration.person, name="person"),
    path("accounts/people/<int:user_id>/leave/", administration.person_leaves, name="leave"),
]
