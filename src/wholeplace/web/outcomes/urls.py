"""Addresses of outcomes' pages."""

from django.urls import path

from wholeplace.web.outcomes import views
from wholeplace.web.outcomes.views import auditing, claims, families, returns

__all__ = ["app_name", "urlpatterns"]

app_name = "outcomes"
urlpatterns = [
    path("", families.list_families, name="families"),
    path("check/", families.check_all, name="check-all"),
    path("family/<slug:family_ref>/", families.show, name="family"),
    path("family/<slug:family_ref>/record/", families.change, name="change"),
    path("family/<slug:family_ref>/claim/", claims.claim, name="claim"),
    path("claim/<slug:claim_id>/", claims.show, name="show"),
    path("claim/<slug:claim_id>/step/", claims.step, name="step"),
    path("audit/", auditing.audit, name="audit"),
    path("returns/", returns.list_returns, name="returns"),
    path("returns/<slug:return_id>/", returns.show, name="return"),
    path("progress/", views.progress, name="progress"),
]
