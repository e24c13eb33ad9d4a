"""Addresses of the agreements pages."""

from django.urls import path

from wholeplace.web.agreements import dpia, formats, gateways, views

__all__ = ["app_name", "urlpatterns"]

app_name = "agreements"
urlpatterns = [
    path("", views.list_agreements, name="list"),
    path("matrix/", views.show_matrix, name="matrix"),
    path("law/", gateways.show_gateways, name="gateways"),
    path("dpias/", dpia.list_dpias, name="dpias"),
    path("dpias/<slug:dpia_ref>/", dpia.show_dpia, name="dpia"),
    path("<slug:agreement_id>/", views.show_agreement, name="show"),
    path("<slug:agreement_id>/dpia/", dpia.show_dpia_of, name="dpia-of"),
    path("<slug:agreement_id>/odrl/", formats.download_odrl, name="odrl"),
    path("<slug:agreement_id>/text/", formats.download_text, name="text"),
    path("<slug:agreement_id>/annex-b/", formats.show_annex_b, name="annex-b"),
]
